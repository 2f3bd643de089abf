import type { Engine, Gan } from '../../../bindings/src/index.js';
import type { GanTrainingSpec, NetworkSpec } from '../../../bindings/src/spec.js';
import { classes, easyImages, side } from './idx.js';

/** Two heaps, far apart. */
export const heaps = { centres: Float32Array.of(-1, 0, 1, 0), spread: 0.1, count: 256, seed: 5 };

/** From two numbers of noise to a point. */
export const pointGenerator: NetworkSpec = {
  input: [2],
  layers: [{ type: 'dense', units: 16 }, { type: 'leaky_relu' }, { type: 'dense', units: 2 }],
  seed: 3,
};

export const pointDiscriminator: NetworkSpec = {
  input: [2],
  layers: [{ type: 'dense', units: 16 }, { type: 'leaky_relu' }, { type: 'dense', units: 1 }],
  seed: 4,
};

export const pointTraining: GanTrainingSpec = {
  batchSize: 32,
  generator: { type: 'adam', learningRate: 0.005 },
  discriminator: { type: 'adam', learningRate: 0.005 },
  seed: 2,
};

/** A GAN of the two heaps: 8 rounds an epoch. */
export function pointGan(engine: Engine, training: GanTrainingSpec = {}): Gan {
  return engine.gan(engine.gaussianMixture(heaps), pointGenerator, pointDiscriminator, {
    ...pointTraining,
    ...training,
  });
}

const noise = 4;

/** From noise, and a class if there are any, to an easy image. */
export function imageGenerator(asked = 0): NetworkSpec {
  return {
    input: [noise + asked],
    layers: [
      { type: 'dense', units: 32 },
      { type: 'leaky_relu' },
      { type: 'dense', units: side * side },
      { type: 'tanh' },
      { type: 'reshape', shape: [side, side, 1] },
    ],
    seed: 3,
  };
}

export function imageDiscriminator(outputs = 1): NetworkSpec {
  return {
    input: [side, side, 1],
    layers: [
      { type: 'flatten' },
      { type: 'dense', units: 32 },
      { type: 'leaky_relu' },
      { type: 'dense', units: outputs },
    ],
    seed: 4,
  };
}

/** A GAN of 80 easy images that is told which class to make. */
export function conditionalGan(engine: Engine): Gan {
  const { images, labels } = easyImages(80);
  return engine.gan(
    engine.dataset(images, labels),
    imageGenerator(classes),
    imageDiscriminator(classes),
    { ...pointTraining, batchSize: 16, conditional: true },
  );
}
