import { beforeAll, describe, expect, it } from 'vitest';
import { digitJudge } from '../../bindings/src/digit_judge.js';
import {
  ganPresets,
  loadEngine,
  pointClouds,
  pointGanPreset,
  type Engine,
} from '../../bindings/src/index.js';
import { digitFiles, digitsAreThere } from './support/digits.js';
import { heaps } from './support/gans.js';
import { idx } from './support/idx.js';

let engine: Engine;

beforeAll(async () => {
  engine = await loadEngine({ threads: 1 });
});

describe('presets', () => {
  it.each(Object.keys(pointClouds))('points: two rounds on the %s', (name) => {
    const cloud = Object.entries(pointClouds).find(([key]) => key === name)?.[1];
    const { centres, spread } = cloud ?? heaps;
    const points = engine.gaussianMixture({ centres, spread, count: 300 });
    const { generator, discriminator, training } = pointGanPreset;
    using gan = engine.gan(points, generator, discriminator, training);
    gan.step();
    expect(Object.values(gan.step()).every(Number.isFinite)).toBe(true);
  });

  it.each(Object.entries(ganPresets))('%s: two rounds on images', (_, preset) => {
    const size = 28 * 28;
    const pixels = new Uint8Array(140 * size).map((__, i) => (i * 31) % 256);
    using images = engine.dataset(
      idx([140, 28, 28], pixels),
      idx(
        [140],
        new Uint8Array(140).map((__, i) => i % 10),
      ),
    );
    const { generator, discriminator, training } = preset;
    using gan = engine.gan(images, generator, discriminator, training);
    gan.step();
    expect(Object.values(gan.step()).every(Number.isFinite)).toBe(true);
    const conditional = 'conditional' in training;
    const sample = gan.generate(gan.fixedNoise(1), conditional ? [3] : []);
    expect(sample).toHaveLength(size);
    expect(sample.every(Number.isFinite)).toBe(true);
    expect(gan.info().generator.layers.at(-1)?.outputShape).toEqual([28, 28, 1]);
  });
});

describe.skipIf(!digitsAreThere)('on real digits', () => {
  it('the default makes digits within five epochs', { timeout: 300_000 }, async () => {
    const { train, test } = await engine.loadData(digitFiles);
    const judge = await engine.createJudge(digitJudge, test);
    const { generator, discriminator, training } = ganPresets['gan-default'];
    using gan = engine.gan(train, generator, discriminator, training);
    const score = () => {
      const samples = gan.generate(gan.fixedNoise(1000));
      return judge.judge(samples.map((value) => (value + 1) / 2));
    };
    expect(score().inceptionScore).toBeLessThan(2.5);
    for (let round = 0; round < 1200; round += 1) gan.step();
    const { inceptionScore, confidence, shares } = score();
    // 7.6 and 0.91 were reached; every digit comes.
    expect(inceptionScore).toBeGreaterThan(5);
    expect(confidence).toBeGreaterThan(0.7);
    expect(Math.min(...shares)).toBeGreaterThan(0.005);
    train.dispose();
    test.dispose();
  });
});
