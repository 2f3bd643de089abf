import type { GaussianMixtureOptions } from './engine.js';
import type { GanSpecs } from './gan_trainer.js';
import type { GanTrainingSpec, Initializer, LayerSpec, OptimizerSpec } from './spec.js';

/** Two networks with the training that suits them. */
export interface GanPreset extends Required<GanSpecs> {
  /** passes over the real examples */
  epochs: number;
}

/** Radford et al., "Unsupervised representation learning with DCGANs", ICLR 2016. */
const smallNormal: Initializer = { kind: 'normal', scale: 0.02 };

const slope = 0.2;

const batchNorm: readonly LayerSpec[] = [{ type: 'batch_norm' }];

function adam(learningRate: number, beta1 = 0.5, beta2 = 0.999): OptimizerSpec {
  return { type: 'adam', learningRate, beta1, beta2 };
}

/** So many units, as all dense layers here but the last have them. */
function hidden(units: number, normalise: readonly LayerSpec[] = []): LayerSpec[] {
  return [{ type: 'dense', units }, ...normalise, { type: 'leaky_relu', slope }];
}

interface Widths {
  /** channels at 7 x 7 and at 14 x 14 pixels */
  small: number;
  middle: number;
}

/** From flat noise to an image of 28 x 28, in two steps that double its size. */
function convolutionalGenerator(
  inputs: number,
  { small, middle }: Widths,
  normalise = batchNorm,
): GanSpecs['generator'] {
  const weightInit = smallNormal;
  return {
    input: [inputs],
    layers: [
      { type: 'dense', units: 7 * 7 * small, weightInit },
      { type: 'reshape', shape: [7, 7, small] },
      ...normalise,
      { type: 'relu' },
      { type: 'conv_transpose2d', filters: middle, kernel: 4, stride: 2, weightInit },
      ...normalise,
      { type: 'relu' },
      { type: 'conv_transpose2d', filters: 1, kernel: 4, stride: 2, weightInit },
      { type: 'tanh' },
    ],
    seed: 1,
  };
}

/**
 * In two steps that halve the size of the image, then to a layer of 128 units.
 *
 * @param outputs one, or one for each class
 */
function quickDiscriminator(outputs: number, { small, middle }: Widths): GanSpecs['discriminator'] {
  return {
    input: [28, 28, 1],
    layers: [
      { type: 'conv2d', filters: middle, kernel: 4, stride: 2 },
      { type: 'leaky_relu', slope },
      { type: 'conv2d', filters: small, kernel: 4, stride: 2 },
      { type: 'leaky_relu', slope },
      { type: 'flatten' },
      ...hidden(128),
      { type: 'dense', units: outputs, weightInit: { kind: 'glorot_uniform' } },
    ],
    seed: 2,
  };
}

/** A small network with a few numbers of noise, few examples a step and no momentum learns fastest. */
const quick = { noise: 12, widths: { small: 32, middle: 16 } };

const quickTraining: GanTrainingSpec = {
  batchSize: 32,
  loss: 'non_saturating',
  realLabel: 0.9,
  averaging: 0.995,
  simultaneous: true,
  generator: adam(2e-3, 0, 0.99),
  discriminator: adam(1e-3, 0, 0.99),
  seed: 1,
};

const textbook = { noise: 64, widths: { small: 64, middle: 32 } };

const classes = 10;

/** GANs that learn to make handwritten digits. */
export const ganPresets = {
  /** small convolutional networks, made to learn quickly: digits within seconds */
  'gan-default': {
    generator: convolutionalGenerator(quick.noise, quick.widths),
    discriminator: quickDiscriminator(1, quick.widths),
    training: quickTraining,
    epochs: 10,
  },
  /** the same, told which digit to make */
  'gan-conditional': {
    generator: convolutionalGenerator(quick.noise + classes, quick.widths),
    discriminator: quickDiscriminator(classes, quick.widths),
    training: { ...quickTraining, conditional: true, averaging: 0.998 },
    epochs: 10,
  },
  /** as the textbooks have it: twice as wide, batch normalisation in both networks, steps in turns */
  'gan-dcgan': {
    generator: convolutionalGenerator(textbook.noise, textbook.widths),
    discriminator: {
      input: [28, 28, 1],
      layers: [
        { type: 'conv2d', filters: 32, kernel: 4, stride: 2, weightInit: smallNormal },
        { type: 'leaky_relu', slope },
        { type: 'conv2d', filters: 64, kernel: 4, stride: 2, weightInit: smallNormal },
        ...batchNorm,
        { type: 'leaky_relu', slope },
        { type: 'flatten' },
        { type: 'dense', units: 1, weightInit: smallNormal },
      ],
      seed: 2,
    },
    training: {
      batchSize: 128,
      loss: 'non_saturating',
      realLabel: 0.9,
      generator: adam(5e-4),
      discriminator: adam(5e-4),
      seed: 1,
    },
    epochs: 20,
  },
  /** the default without batch normalisation: an experiment that is meant to go wrong */
  'gan-no-norm': {
    generator: convolutionalGenerator(quick.noise, quick.widths, []),
    discriminator: quickDiscriminator(1, quick.widths),
    training: quickTraining,
    epochs: 10,
  },
  /** dense layers only: digits appear more slowly, and stay noisy */
  'gan-mlp': {
    generator: {
      input: [16],
      layers: [
        ...hidden(256, batchNorm),
        ...hidden(512, batchNorm),
        { type: 'dense', units: 28 * 28, weightInit: { kind: 'glorot_uniform' } },
        { type: 'reshape', shape: [28, 28, 1] },
        { type: 'tanh' },
      ],
      seed: 1,
    },
    discriminator: {
      input: [28, 28, 1],
      layers: [
        { type: 'flatten' },
        ...hidden(512),
        ...hidden(256),
        { type: 'dense', units: 1, weightInit: { kind: 'glorot_uniform' } },
      ],
      seed: 2,
    },
    training: {
      ...quickTraining,
      generator: adam(1e-3, 0, 0.99),
      discriminator: adam(3e-4, 0, 0.99),
    },
    epochs: 20,
  },
} as const satisfies Record<string, GanPreset>;

export type GanPresetName = keyof typeof ganPresets;

/** A GAN in the plane, small enough to be followed by eye. */
export const pointGanPreset: GanPreset = {
  generator: {
    input: [2],
    layers: [
      ...hidden(64),
      ...hidden(64),
      { type: 'dense', units: 2, weightInit: { kind: 'glorot_uniform' } },
    ],
    seed: 1,
  },
  discriminator: {
    input: [2],
    layers: [
      ...hidden(64),
      ...hidden(64),
      { type: 'dense', units: 1, weightInit: { kind: 'glorot_uniform' } },
    ],
    seed: 2,
  },
  training: {
    batchSize: 128,
    loss: 'non_saturating',
    averaging: 0.99,
    simultaneous: true,
    generator: adam(3e-4, 0, 0.99),
    discriminator: adam(3e-4, 0, 0.99),
    seed: 1,
  },
  epochs: 150,
};

/** Where the real points of a point GAN can lie; `count` is left to whoever loads them. */
export const pointClouds = {
  /** eight heaps on a circle */
  ring: { centres: circle(8, 1), spread: 0.05 },
  /** 25 heaps in rows and columns: hard to cover */
  grid: { centres: lattice(5, 0.5), spread: 0.05 },
  /** two heaps */
  pair: { centres: Float32Array.of(-0.8, 0, 0.8, 0), spread: 0.15 },
} as const satisfies Record<string, Omit<GaussianMixtureOptions, 'count'>>;

export type PointCloudName = keyof typeof pointClouds;

function circle(count: number, radius: number): Float32Array {
  return Float32Array.from({ length: 2 * count }, (_, i) => {
    const angle = (2 * Math.PI * Math.floor(i / 2)) / count;
    return radius * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
}

function lattice(side: number, distance: number): Float32Array {
  return Float32Array.from({ length: 2 * side * side }, (_, i) => {
    const cell = Math.floor(i / 2);
    const place = i % 2 === 0 ? cell % side : Math.floor(cell / side);
    return distance * (place - (side - 1) / 2);
  });
}
