import { pointGanPreset } from 'kernelgarten';
import { describe, expect, it } from 'vitest';
import {
  cnnCourse,
  ganCourse,
  ganPresetOf,
  isGan,
  pointsCourse,
} from '../../../web/training/courses.ts';
import {
  defaultSettings,
  ganSpecs,
  hasForgetGates,
  isRecurrent,
  limitsFor,
  parseSettings,
  presetSettings,
  specs,
  type RunSettings,
} from '../../../web/training/settings.ts';

const gan = defaultSettings(ganCourse);
const names = [...ganCourse.presets, ...pointsCourse.presets].filter(isGan);

describe('ganSpecs', () => {
  it('knows all networks of the two courses', () => {
    expect(names).toHaveLength(6);
    expect(ganPresetOf('gan-points')).toBe(pointGanPreset);
  });

  it.each(names)('%s: what its settings say is what the preset has', (name) => {
    const settings = { ...gan, ...presetSettings(name) };
    const { generator, discriminator, training, epochs } = ganPresetOf(name);
    expect(settings.epochs).toBe(epochs);
    expect(ganSpecs(settings)).toEqual({
      generator,
      discriminator,
      training: {
        realLabel: 1,
        simultaneous: false,
        discriminatorSteps: 1,
        generatorSteps: 1,
        ...training,
      },
    });
  });

  const trainingOf = (change: Partial<RunSettings>) => ganSpecs({ ...gan, ...change }).training;

  it('passes on what was chosen', () => {
    expect(
      trainingOf({
        batchSize: 7,
        adversarialLoss: 'least_squares',
        realLabel: 0.8,
        discriminatorSteps: 3,
        generatorSteps: 2,
        learningRate: 0.5,
        discriminatorRate: 0.25,
        seed: 9,
      }),
    ).toMatchObject({
      batchSize: 7,
      loss: 'least_squares',
      realLabel: 0.8,
      discriminatorSteps: 3,
      generatorSteps: 2,
      generator: { type: 'adam', learningRate: 0.5, beta1: 0 },
      discriminator: { type: 'adam', learningRate: 0.25, beta1: 0 },
      seed: 9,
    });
  });

  it('has both learn from one pass only where the engine can', () => {
    expect(trainingOf({}).simultaneous).toBe(true);
    expect(trainingOf({ adversarialLoss: 'minimax' }).simultaneous).toBe(true);
    for (const change of [
      { adversarialLoss: 'least_squares' },
      { adversarialLoss: 'hinge' },
      { discriminatorSteps: 2 },
      { generatorSteps: 2 },
      { ...presetSettings('gan-dcgan') },
    ] as const) {
      expect(trainingOf(change).simultaneous, JSON.stringify(change)).toBe(false);
    }
  });

  it('leaves the label at 1 with the hinge loss, which knows none', () => {
    expect(trainingOf({ adversarialLoss: 'hinge', realLabel: 0.7 }).realLabel).toBe(1);
    expect(trainingOf({ adversarialLoss: 'minimax', realLabel: 0.7 }).realLabel).toBe(0.7);
  });

  it('seeds the two networks differently, at the largest seed too', () => {
    const seedsOf = (seed: number) => {
      const { generator, discriminator, training } = ganSpecs({ ...gan, seed });
      return [generator.seed, discriminator.seed, training.seed];
    };
    expect(seedsOf(1)).toEqual([1, 2, 1]);
    expect(seedsOf(0)).toEqual([0, 1, 0]);
    expect(seedsOf(2 ** 32 - 1)).toEqual([2 ** 32 - 1, 0, 2 ** 32 - 1]);
  });

  it('is not for single networks, nor the other way round', () => {
    expect(() => ganSpecs(defaultSettings(cnnCourse))).toThrow(/cnn-default is a single network/);
    expect(() => specs(gan, 10)).toThrow(/gan-default is two networks/);
    expect(isGan('cnn-default')).toBe(false);
    expect([isRecurrent('gan-default'), hasForgetGates('gan-points')]).toEqual([false, false]);
  });
});

describe('parseSettings of the courses of GANs', () => {
  it.each([ganCourse, pointsCourse])('$storageKey: takes back what it wrote', (course) => {
    const settings: RunSettings = {
      ...defaultSettings(course),
      seed: 42,
      adversarialLoss: 'hinge',
      realLabel: 0.75,
      discriminatorSteps: 4,
      generatorSteps: 2,
      discriminatorRate: 0.125,
      learningRate: 0.25,
      batchSize: 1,
    };
    expect(parseSettings(course, JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });

  it('replaces what cannot be', () => {
    const bad = {
      preset: 'gan-points',
      data: 'ring',
      adversarialLoss: 'wasserstein',
      realLabel: 0.5,
      discriminatorSteps: 0,
      generatorSteps: 1.5,
      discriminatorRate: -1,
      learningRate: 'fast',
      batchSize: 0,
    };
    expect(parseSettings(ganCourse, bad)).toEqual(gan);
    expect(parseSettings(pointsCourse, { ...bad, data: 'digits', preset: 'gan-default' })).toEqual(
      defaultSettings(pointsCourse),
    );
    expect(parseSettings(pointsCourse, bad)?.data).toBe('ring');
  });

  it('begin with settings within their limits', () => {
    for (const name of names) {
      const settings = { ...gan, ...presetSettings(name) };
      for (const key of [
        'batchSize',
        'learningRate',
        'discriminatorRate',
        'realLabel',
        'discriminatorSteps',
        'generatorSteps',
      ] as const) {
        const { min, max } = limitsFor(key, { mostInBatch: 8000, longestSequence: 1 });
        expect(settings[key], `${name} ${key}`).toBeGreaterThanOrEqual(min);
        expect(settings[key], `${name} ${key}`).toBeLessThanOrEqual(max);
      }
    }
  });
});
