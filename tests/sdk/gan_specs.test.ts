import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngine, type Engine } from '../../bindings/src/index.js';
import type { GanTrainingSpec, LayerSpec, NetworkSpec } from '../../bindings/src/spec.js';
import { thrownBy } from './support/errors.js';
import {
  heaps,
  imageDiscriminator,
  imageGenerator,
  pointDiscriminator,
  pointGenerator,
  pointTraining,
} from './support/gans.js';
import { easyImages } from './support/idx.js';

let engine: Engine;

beforeAll(async () => {
  engine = await loadEngine({ threads: 1 });
});

/** What is other than in a GAN of points that works. */
interface Change {
  real?: Float32Array;
  generator?: Partial<NetworkSpec>;
  discriminator?: Partial<NetworkSpec> & Record<string, unknown>;
  training?: GanTrainingSpec & Record<string, unknown>;
}

describe('specs', () => {
  const points = () => engine.gaussianMixture(heaps);
  const make = (change: Change) => () =>
    engine.gan(
      change.real ?? points(),
      { ...pointGenerator, ...change.generator },
      { ...pointDiscriminator, ...change.discriminator },
      { ...pointTraining, ...change.training },
    );
  const normalised: LayerSpec[] = [
    { type: 'dense', units: 4 },
    { type: 'batch_norm' },
    { type: 'dense', units: 1 },
  ];
  const normalisedGenerator: LayerSpec[] = [...normalised.slice(0, 2), { type: 'dense', units: 2 }];

  it.each<[string, Change, RegExp]>([
    ['training', { training: { batchSize: 257 } }, /from 1 to 256/],
    ['training', { training: { batchSize: 0 } }, /from 1 to 256, .* got 0/],
    ['training', { training: { realLabel: 0.5 } }, /above 0.5 and at most 1, got 0.5/],
    ['training', { training: { loss: 'hinge', realLabel: 0.9 } }, /hinge loss knows no label/],
    ['training', { training: { averaging: 1 } }, /from 0 to below 1, got 1/],
    ['training', { training: { generatorSteps: 0 } }, /1 to 100 steps in a round, got 0/],
    ['training', { training: { conditional: true } }, /needs examples with labels/],
    ['training', { training: { simultaneous: true, loss: 'hinge' } }, /minimax or non_saturating/],
    ['training', { training: { simultaneous: true, discriminatorSteps: 2 } }, /got 2 and 1/],
    ['training', { training: { batchSise: 3 } }, /unknown field 'batchSise'; .*batchSize, loss/],
    ['generator.layer 1 dense', { generator: { layers: [{ type: 'dense', units: -1 }] } }, /-1/],
    ['discriminator.network', { discriminator: { sead: 1 } }, /unknown field 'sead'/],
    [
      'discriminator.batch_norm_1',
      { discriminator: { layers: normalised }, training: { simultaneous: true } },
      /does not mix examples/,
    ],
    [
      'generator.batch_norm_1',
      { generator: { layers: normalisedGenerator }, training: { batchSize: 1 } },
      /normalise over a single example/,
    ],
    [
      'generator.batch_norm_1',
      { generator: { layers: normalisedGenerator }, training: { batchSize: 85 } },
      /batches of 85 out of 256 leave one of 1/,
    ],
    ['generator.dense_1', { generator: { layers: [{ type: 'dense', units: 3 }] } }, /2, got 3/],
    ['generator', { generator: { input: [2, 1] } }, /a flat input of noise, got 2 x 1/],
    [
      'discriminator.dense_1',
      { discriminator: { layers: [{ type: 'dense', units: 2 }] } },
      /expected 1 output, got 2/,
    ],
    ['discriminator', { discriminator: { input: [3] } }, /inputs like the real examples, 2, got 3/],
    ['points', { real: Float32Array.of(1, 2, 3) }, /x and y of at least one point, got 3/],
    ['points', { real: new Float32Array() }, /at least one point, got 0/],
  ])('that make no sense are refused, naming %s: %j', (where, change, message) => {
    const error = thrownBy(make(change));
    expect(error).toMatchObject({ code: 'invalid-argument', where });
    expect(error.message).toMatch(message);
  });

  it('coordinates that are no numbers are bad data', () => {
    const error = thrownBy(make({ real: Float32Array.of(0, 1, NaN, 0) }));
    expect(error).toMatchObject({ code: 'invalid-data', where: 'points' });
  });

  it('a conditional GAN needs an output for each class, and room for noise', () => {
    const { images, labels } = easyImages(40);
    const digits = engine.dataset(images, labels);
    const build = (inputs: number, outputs: number) => () =>
      engine.gan(digits, { ...imageGenerator(), input: [inputs] }, imageDiscriminator(outputs), {
        conditional: true,
        batchSize: 8,
      });
    expect(thrownBy(build(14, 1))).toMatchObject({ where: 'discriminator.dense_2' });
    expect(thrownBy(build(10, 10)).message).toMatch(/noise and 10 classes, got 10/);
    using gan = build(11, 10)();
    expect(gan.fixedNoise(3)).toHaveLength(3);
  });
});

describe('a mixture of Gaussians', () => {
  it('has as many points as asked for, around its centres, and the same for the same seed', () => {
    const points = engine.gaussianMixture({ ...heaps, count: 4000 });
    expect(points).toHaveLength(8000);
    expect(engine.gaussianMixture({ ...heaps, count: 4000 })).toEqual(points);
    expect(engine.gaussianMixture({ ...heaps, count: 4000, seed: 6 })).not.toEqual(points);
    let right = 0;
    let squares = 0;
    for (let i = 0; i < 4000; i += 1) {
      const [x = NaN, y = NaN] = points.subarray(2 * i, 2 * i + 2);
      if (x > 0) right += 1;
      squares += (Math.abs(x) - 1) ** 2 + y ** 2;
    }
    // Four standard errors of each.
    expect(Math.abs(right / 4000 - 0.5)).toBeLessThan(0.032);
    expect(Math.abs(Math.sqrt(squares / 8000) / 0.1 - 1)).toBeLessThan(0.032);
    expect([
      ...engine.gaussianMixture({ centres: Float32Array.of(3, 4), spread: 0, count: 2 }),
    ]).toEqual([3, 4, 3, 4]);
  });

  it.each([
    [{ centres: new Float32Array() }, /at least one centre, got 0/],
    [{ centres: Float32Array.of(1, 2, 3) }, /at least one centre, got 3/],
    [{ spread: -1 }, /0 or a positive number, got -1/],
    [{ spread: NaN }, /0 or a positive number, got nan/],
    [{ count: 0 }, /points, got 0/],
    [{ count: -1 }, /points, got -1/],
  ])('refuses %j', (change, message) => {
    const error = thrownBy(() => engine.gaussianMixture({ ...heaps, ...change }));
    expect(error).toMatchObject({ code: 'invalid-argument', where: 'points' });
    expect(error.message).toMatch(message);
  });
});
