import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../web/training/manifest.ts';
import {
  charactersCourse,
  cnnCourse,
  rowsCourse,
  waveCourse,
} from '../../../web/training/courses.ts';
import {
  defaultSettings,
  hasForgetGates,
  isRecurrent,
  learningRates,
  limitsFor,
  parseSettings,
  presetSettings,
  specs,
} from '../../../web/training/settings.ts';
import { neighbour, readNumber } from '../../../web/training/validate.ts';

describe('readNumber', () => {
  const room = { mostInBatch: 8000, longestSequence: 28 };
  const rate = limitsFor('learningRate', room);
  const batch = limitsFor('batchSize', room);

  it.each([
    ['0.001', 0.001],
    [' 1e-3 ', 0.001],
    ['０．００１', 0.001],
    ['3', 3],
  ])('reads %j', (typed, value) => {
    expect(readNumber(typed, rate)).toEqual({ value });
  });

  it.each([
    ['', 'not-a-number'],
    ['fast', 'not-a-number'],
    ['NaN', 'not-a-number'],
    ['1,000', 'not-a-number'],
    ['-0.1', 'out-of-range'],
    ['0', 'out-of-range'],
    ['1e9', 'out-of-range'],
    ['Infinity', 'out-of-range'],
  ])('refuses %j as a learning rate: %s', (typed, kind) => {
    expect(readNumber(typed, rate)).toMatchObject({ problem: { kind, got: typed } });
  });

  it.each([
    ['0', 'out-of-range'],
    ['8001', 'out-of-range'],
    ['12.5', 'not-whole'],
  ])('refuses %j as a batch size: %s', (typed, kind) => {
    expect(readNumber(typed, batch)).toMatchObject({ problem: { kind } });
  });
});

describe('neighbour', () => {
  it('steps through the list, also from between two entries, and stays at the ends', () => {
    expect(neighbour(learningRates, 1e-3, 1)).toBe(3e-3);
    expect(neighbour(learningRates, 1e-3, -1)).toBe(3e-4);
    expect(neighbour(learningRates, 0.002, -1)).toBe(1e-3);
    expect(neighbour(learningRates, 10, 1)).toBe(10);
    expect(neighbour(learningRates, 1e-5, -1)).toBe(1e-5);
  });
});

describe('specs', () => {
  it('passes seed and batch size on', () => {
    const { network, training } = specs(
      { ...defaultSettings(cnnCourse), seed: 7, batchSize: 32 },
      10,
    );
    expect(network.seed).toBe(7);
    expect(training).toMatchObject({ seed: 7, batchSize: 32 });
  });

  it('writes momentum and Nesterov as gradient descent with memory', () => {
    const base = { ...defaultSettings(cnnCourse), learningRate: 0.1, momentum: 0.8 };
    expect(specs({ ...base, optimizer: 'nesterov' }, 10).training.optimizer).toEqual({
      type: 'sgd',
      learningRate: 0.1,
      clipNorm: 0,
      momentum: 0.8,
      nesterov: true,
    });
    expect(specs({ ...base, optimizer: 'sgd' }, 10).training.optimizer).toEqual({
      type: 'sgd',
      learningRate: 0.1,
      clipNorm: 0,
    });
  });

  it('has the article’s recipe: Adam 1e-3, batch 128, 20 epochs', () => {
    expect(presetSettings('cnn-article')).toMatchObject({
      optimizer: 'adam',
      learningRate: 1e-3,
      batchSize: 128,
      epochs: 20,
    });
  });
});

describe('the course of rows', () => {
  it('begins with an LSTM and hands on its forget bias and the clipping of gradients', () => {
    const settings = { ...defaultSettings(rowsCourse), forgetBias: -2, clipNorm: 0.5 };
    const { network, training } = specs(settings, 10);
    expect(network.layers[0]).toMatchObject({ type: 'lstm', units: 128, forgetBias: -2 });
    expect(training.optimizer).toMatchObject({ type: 'adam', clipNorm: 0.5 });
  });

  it('keeps to the cells it offers', () => {
    expect(parseSettings(rowsCourse, { preset: 'cnn-default' })?.preset).toBe('rnn-rows');
    expect(parseSettings(cnnCourse, { preset: 'rnn-rows' })?.preset).toBe('cnn-default');
    expect(hasForgetGates('rnn-rows-simple')).toBe(false);
    expect(isRecurrent('rnn-rows-simple')).toBe(true);
    expect(isRecurrent('cnn-default')).toBe(false);
  });
});

describe('the course of characters', () => {
  it('has an output for each character, and sequences as long as is set', () => {
    const settings = { ...defaultSettings(charactersCourse), steps: 20 };
    const { network } = specs(settings, 57);
    expect(network.input).toEqual([20]);
    expect(network.layers[0]).toMatchObject({ type: 'embedding', vocabulary: 57 });
    expect(network.layers.at(-1)).toMatchObject({ type: 'dense', units: 57 });
  });

  it('offers three cells, of which one has forget gates', () => {
    expect(charactersCourse.presets.map(hasForgetGates)).toEqual([true, false, false]);
    expect(charactersCourse.presets.every(isRecurrent)).toBe(true);
  });

  it('keeps the length of sequences that was chosen, a lesson of digits its own', () => {
    expect(parseSettings(charactersCourse, { steps: 20 })?.steps).toBe(20);
    expect(parseSettings(charactersCourse, { steps: 0 })?.steps).toBe(32);
    expect(parseSettings(rowsCourse, { steps: 20 })?.steps).toBe(28);
  });
});

describe('the course of a wave', () => {
  it('reads numbers one by one, as many as is set', () => {
    const { network, training } = specs({ ...defaultSettings(waveCourse), steps: 30 }, 1);
    expect(network.input).toEqual([30, 1]);
    expect(training.loss).toBe('mean_squared_error');
  });
});

describe('parseSettings', () => {
  it('takes back what it wrote', () => {
    const settings = { ...defaultSettings(cnnCourse), seed: 42, optimizer: 'rmsprop' as const };
    expect(parseSettings(cnnCourse, JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });

  it('replaces single bad values and refuses what is no object', () => {
    expect(
      parseSettings(cnnCourse, { seed: -1, batchSize: 'many', epochs: 3.5, preset: 'gone' }),
    ).toEqual(defaultSettings(cnnCourse));
    expect(parseSettings(cnnCourse, null)).toBeUndefined();
    expect(parseSettings(cnnCourse, 'x')).toBeUndefined();
  });
});

describe('parseManifest', () => {
  const base = new URL('https://example.org/page/data/manifest.json');
  const digits = { images: 'i.gz', labels: 'l.gz', count: 10 };

  it('makes addresses beside the manifest', () => {
    const manifest = parseManifest({ digits }, base);
    expect(manifest.digits.images).toEqual(new URL('https://example.org/page/data/i.gz'));
    expect(manifest.mnist).toBeUndefined();
  });

  it('says which entry is missing', () => {
    expect(() => parseManifest({ digits: { images: 'i.gz' } }, base)).toThrow(/"labels"/);
    expect(() => parseManifest({ digits, mnist: {} }, base)).toThrow(/"trainImages"/);
    expect(() => parseManifest('<html>', base)).toThrow(/"images"/);
  });
});
