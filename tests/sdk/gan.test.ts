import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngine, type Engine, type Gan } from '../../bindings/src/index.js';
import type { GanTrainingSpec, LayerSpec } from '../../bindings/src/spec.js';
import { thrownBy } from './support/errors.js';
import {
  conditionalGan,
  heaps,
  imageDiscriminator,
  imageGenerator,
  pointGan,
  pointGenerator,
  pointTraining,
} from './support/gans.js';
import { easyImages, side } from './support/idx.js';

let engine: Engine;

beforeAll(async () => {
  engine = await loadEngine({ threads: 1 });
});

const allFinite = (values: Float32Array): boolean => values.every(Number.isFinite);

/** Every number of both networks. */
const weightsOf = (gan: Gan) => ({
  generator: [0, 2].map((layer) => gan.weights('generator', layer)),
  discriminator: [0, 2].map((layer) => gan.weights('discriminator', layer)),
});

describe('info', () => {
  it('describes both networks', () => {
    using gan = pointGan(engine);
    const { generator, discriminator, memoryBytes, batchesPerEpoch } = gan.info();
    expect(generator).toMatchObject({ inputShape: [2], parameterCount: 3 * 16 + 17 * 2 });
    expect(discriminator).toMatchObject({ inputShape: [2], parameterCount: 3 * 16 + 17 });
    expect(generator.layers.map(({ name }) => name)).toEqual([
      'dense_1',
      'leaky_relu_1',
      'dense_2',
    ]);
    expect(generator.layers.at(-1)?.outputShape).toEqual([2]);
    expect(batchesPerEpoch).toBe(8);
    // Parameters, gradients and two moments of each at least.
    const parameters = generator.parameterCount + discriminator.parameterCount;
    expect(memoryBytes).toBeGreaterThan(16 * parameters);
    expect(gan.statistics('discriminator').map(({ name }) => name)).toEqual(
      discriminator.layers.map(({ name }) => name),
    );
    expect(gan.weights('generator', 0).map(({ shape }) => shape)).toEqual([[2, 16], [16]]);
  });

  it('an epoch takes the discriminator through the real examples once', () => {
    using twice = pointGan(engine, { discriminatorSteps: 2, generatorSteps: 3 });
    expect(twice.info().batchesPerEpoch).toBe(4);
    using rest = pointGan(engine, { batchSize: 100 });
    expect(rest.info().batchesPerEpoch).toBe(3);
    const places = Array.from({ length: 4 }, () => rest.step()).map(({ epoch, batch }) => [
      epoch,
      batch,
    ]);
    expect(places).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 1],
    ]);
  });
});

describe('a round', () => {
  it('of both players tells about both', () => {
    using gan = pointGan(engine);
    const step = gan.step();
    expect(step).toMatchObject({ step: 1, epoch: 1, batch: 1 });
    expect(Object.values(step).every(Number.isFinite)).toBe(true);
    for (const verdict of [step.realVerdict, step.fakeVerdict]) {
      expect(verdict).toBeGreaterThan(0);
      expect(verdict).toBeLessThan(1);
    }
  });

  it('of one player moves that one, and says nothing of the other', () => {
    using gan = pointGan(engine);
    const fresh = weightsOf(gan);
    const judged = gan.step('discriminator');
    expect(judged.step).toBe(1);
    expect([judged.generatorLoss, judged.generatorGradientNorm]).toEqual([NaN, NaN]);
    expect(judged.discriminatorLoss + judged.discriminatorGradientNorm).toBeGreaterThan(0);
    expect(judged.realVerdict + judged.fakeVerdict).toBeGreaterThan(0);
    const between = weightsOf(gan);
    expect(between.generator).toEqual(fresh.generator);
    expect(between.discriminator).not.toEqual(fresh.discriminator);

    const learned = gan.step('generator');
    expect(learned.step).toBe(2);
    expect([
      learned.discriminatorLoss,
      learned.discriminatorGradientNorm,
      learned.realVerdict,
      learned.fakeVerdict,
    ]).toEqual([NaN, NaN, NaN, NaN]);
    expect(learned.generatorLoss).toBeGreaterThan(0);
    const after = weightsOf(gan);
    expect(after.generator).not.toEqual(between.generator);
    expect(after.discriminator).toEqual(between.discriminator);
  });

  it('against a discriminator that knows nothing costs as much as guessing', () => {
    const blank: LayerSpec = { type: 'dense', units: 1, weightInit: { kind: 'zeros' } };
    const points = engine.gaussianMixture(heaps);
    using gan = engine.gan(points, pointGenerator, { input: [2], layers: [blank] }, pointTraining);
    expect([...gan.discriminate(points.subarray(0, 6))]).toEqual([0.5, 0.5, 0.5]);
    expect([...gan.exampleGradients(points.subarray(0, 2))].map(Math.abs)).toEqual([0, 0]);
    const step = gan.step('discriminator');
    expect(step.discriminatorLoss).toBeCloseTo(2 * Math.log(2), 6);
    expect([step.realVerdict, step.fakeVerdict]).toEqual([0.5, 0.5]);
  });

  it('comes in parts that add up to it', () => {
    using whole = pointGan(engine);
    using parts = pointGan(engine);
    for (let round = 0; round < 3; round += 1) {
      let metrics;
      while (metrics === undefined) metrics = parts.advanceStep();
      expect(metrics).toEqual(whole.step());
    }
    expect(weightsOf(parts)).toEqual(weightsOf(whole));
  });

  it('moves the points to where the real ones are', () => {
    using gan = pointGan(engine, { averaging: 0.99 });
    const distance = () => {
      const samples = gan.generate(gan.fixedNoise(500));
      const pairs = Array.from({ length: 500 }, (_, i) => [samples[2 * i], samples[2 * i + 1]]);
      return pairs.reduce((sum, [x = NaN, y = NaN]) => sum + Math.hypot(Math.abs(x) - 1, y), 0);
    };
    const before = distance();
    for (let round = 0; round < 1500; round += 1) gan.step();
    expect(distance()).toBeLessThan(0.5 * before);
  });
});

describe('questions', () => {
  it('are answered with as many numbers as were asked for, in their range', () => {
    const { images, labels } = easyImages(80);
    using gan = engine.gan(
      engine.dataset(images, labels),
      imageGenerator(),
      imageDiscriminator(),
      pointTraining,
    );
    for (let round = 0; round < 3; round += 1) gan.step();
    const noise = gan.fixedNoise(5);
    expect(noise).toHaveLength(5 * 4);
    expect(gan.fixedNoise(3)).toEqual(noise.subarray(0, 12));
    const samples = gan.generate(noise);
    expect(samples).toHaveLength(5 * side * side);
    expect(samples.every((value) => value >= -1 && value <= 1)).toBe(true);
    // Each sample is made of its own noise alone.
    expect(gan.generate(noise.subarray(4, 8))).toEqual(samples.subarray(side ** 2, 2 * side ** 2));
    const verdicts = gan.discriminate(samples);
    expect(verdicts).toHaveLength(5);
    expect(verdicts.every((verdict) => verdict > 0 && verdict < 1)).toBe(true);
    const gradients = gan.exampleGradients(samples);
    expect(gradients).toHaveLength(samples.length);
    expect(allFinite(gradients) && gradients.some((value) => value !== 0)).toBe(true);
    expect(gan.generate(new Float32Array())).toHaveLength(0);
    expect(gan.discriminate(new Float32Array())).toHaveLength(0);
  });

  it('noise is standard normal', () => {
    using gan = pointGan(engine);
    const noise = gan.fixedNoise(10_000);
    const mean = noise.reduce((sum, value) => sum + value) / noise.length;
    const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length;
    // Three standard errors: 1 / sqrt(20,000) and sqrt(2 / 20,000).
    expect(Math.abs(mean)).toBeLessThan(0.022);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
  });

  it('the gradient of an example is that of the generator’s loss on it', () => {
    using gan = pointGan(engine);
    for (let round = 0; round < 20; round += 1) gan.step();
    const example = Float32Array.of(0.4, -0.3);
    const [dx = NaN, dy = NaN] = gan.exampleGradients(example);
    const h = 1e-3;
    const loss = (x: number, y: number) => {
      const [verdict = NaN] = gan.discriminate(Float32Array.of(x, y));
      return -Math.log(verdict);
    };
    expect((loss(0.4 + h, -0.3) - loss(0.4 - h, -0.3)) / (2 * h)).toBeCloseTo(dx, 2);
    expect((loss(0.4, -0.3 + h) - loss(0.4, -0.3 - h)) / (2 * h)).toBeCloseTo(dy, 2);
    expect(Math.hypot(dx, dy)).toBeGreaterThan(0.05);
  });

  it('a conditional GAN needs a label for each example, and heeds it', () => {
    using gan = conditionalGan(engine);
    for (let round = 0; round < 5; round += 1) gan.step();
    const noise = gan.fixedNoise(2);
    expect(noise).toHaveLength(2 * 4);
    const fours = gan.generate(noise, [4, 4]);
    expect(gan.generate(noise, Int32Array.of(4, 4))).toEqual(fours);
    expect(gan.generate(noise, [4, 5]).subarray(0, 64)).toEqual(fours.subarray(0, 64));
    expect(gan.generate(noise, [4, 5]).subarray(64)).not.toEqual(fours.subarray(64));
    expect(gan.discriminate(fours, [4, 4])).not.toEqual(gan.discriminate(fours, [5, 5]));
    expect(gan.exampleGradients(fours, [4, 4])).toHaveLength(fours.length);
    for (const labels of [[], [4], [1, 2, 3]]) {
      const error = thrownBy(() => gan.generate(noise, labels));
      expect(error).toMatchObject({ code: 'invalid-argument', where: 'noise' });
      expect(error.message).toContain(`expected 2 labels, got ${labels.length}`);
      expect(thrownBy(() => gan.discriminate(fours, labels)).where).toBe('examples');
      expect(thrownBy(() => gan.exampleGradients(fours, labels)).where).toBe('examples');
    }
    expect(thrownBy(() => gan.generate(noise, [0, 10])).message).toMatch(/from 0 to 9, got 10/);
    expect(thrownBy(() => gan.generate(noise, [-1, 0])).message).toMatch(/from 0 to 9, got -1/);
  });

  it('that do not fit are refused', () => {
    using gan = pointGan(engine);
    for (const [call, where] of [
      [() => gan.generate(new Float32Array(3)), 'noise'],
      [() => gan.generate(new Float32Array(2), [0]), 'noise'],
      [() => gan.discriminate(new Float32Array(3)), 'examples'],
      [() => gan.exampleGradients(new Float32Array(1)), 'examples'],
      [() => gan.fixedNoise(-1), 'noise'],
      [() => gan.fixedNoise(70_000), 'noise'],
      [() => gan.weights('generator', 3), 'network'],
    ] as const) {
      expect(thrownBy(call)).toMatchObject({ code: 'invalid-argument', where });
    }
  });
});

describe('seeds, checkpoints and rates', () => {
  const sampled = (gan: Gan) => gan.generate(gan.fixedNoise(10));

  it('the same seed gives the same samples, another one others', () => {
    const after = (training: GanTrainingSpec) => {
      using gan = pointGan(engine, training);
      for (let round = 0; round < 10; round += 1) gan.step();
      return sampled(gan);
    };
    expect(after({})).toEqual(after({}));
    expect(after({ seed: 9 })).not.toEqual(after({}));
  });

  it('goes on from a checkpoint with the same bits', () => {
    for (const training of [{}, { averaging: 0.9 }, { simultaneous: true }]) {
      using gan = pointGan(engine, training);
      for (let round = 0; round < 5; round += 1) gan.step();
      gan.step('discriminator');
      gan.setLearningRate('generator', 0.002);
      const checkpoint = gan.checkpoint();
      const rest = Array.from({ length: 6 }, () => gan.step());
      using other = pointGan(engine, training);
      other.restore(checkpoint);
      expect(other.learningRate('generator')).toBeCloseTo(0.002, 9);
      expect(Array.from({ length: 6 }, () => other.step())).toEqual(rest);
      expect(rest[0]?.step).toBe(7);
      expect(sampled(other)).toEqual(sampled(gan));
      gan.restore(checkpoint);
      expect(gan.checkpoint()).toEqual(checkpoint);
    }
  });

  it('a checkpoint of other networks, or a damaged one, changes nothing', () => {
    using gan = pointGan(engine);
    using other = conditionalGan(engine);
    gan.step();
    const before = sampled(gan);
    expect(
      thrownBy(() => {
        gan.restore(other.checkpoint());
      }).code,
    ).toBe('invalid-argument');
    expect(
      thrownBy(() => {
        gan.restore(gan.checkpoint().subarray(0, 100));
      }).code,
    ).toBe('invalid-data');
    expect(sampled(gan)).toEqual(before);
    expect(gan.step().step).toBe(2);
  });

  it('each player has a learning rate of its own', () => {
    using gan = pointGan(engine);
    gan.setLearningRate('generator', 0);
    gan.setLearningRate('discriminator', 0.25);
    expect([gan.learningRate('generator'), gan.learningRate('discriminator')]).toEqual([0, 0.25]);
    const fresh = weightsOf(gan);
    gan.step();
    expect(weightsOf(gan).generator).toEqual(fresh.generator);
    expect(weightsOf(gan).discriminator).not.toEqual(fresh.discriminator);
    for (const rate of [-1, NaN, Infinity, 101]) {
      const error = thrownBy(() => {
        gan.setLearningRate('discriminator', rate);
      });
      expect(error).toMatchObject({ code: 'invalid-argument', where: 'optimizer' });
    }
    expect(gan.learningRate('discriminator')).toBe(0.25);
  });
});
