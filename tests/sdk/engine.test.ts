import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadEngine, type Engine } from '../../bindings/src/index.js';
import type { LayerSpec, NetworkSpec, TrainingSpec } from '../../bindings/src/spec.js';
import { easyClassifier } from './support/classifiers.js';
import { rejectionOf, thrownBy } from './support/errors.js';
import { easyImages, idx, side } from './support/idx.js';
import { smallNetwork } from './support/specs.js';

let engine: Engine;

beforeAll(async () => {
  engine = await loadEngine({ threads: 1 });
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('loading', () => {
  it('says what is missing without SIMD', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    const error = await rejectionOf(loadEngine({ threads: 1 }));
    expect(error).toMatchObject({ name: 'KernelgartenError', code: 'unsupported' });
    expect(error.message).toMatch(/WebAssembly with SIMD.*Node 20/);
  });

  it('says what is missing without WebAssembly', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    try {
      expect((await rejectionOf(loadEngine({ threads: 1 }))).code).toBe('unsupported');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('names an engine file that is not there', async () => {
    const error = await rejectionOf(loadEngine({ threads: 1, wasmUrl: '/nowhere/engine.wasm' }));
    expect(error.code).toBe('network');
    expect(error.message).toMatch(/nowhere\/engine\.wasm/);
  });

  it('names an engine file that is something else', async () => {
    const error = await rejectionOf(loadEngine({ threads: 1, wasmUrl: new URL(import.meta.url) }));
    expect(error.code).toBe('network');
    expect(error.message).toMatch(/not the engine's WebAssembly file/);
  });

  it('gives engines of their own', async () => {
    const other = await loadEngine({ threads: 1 });
    const { images, labels } = easyImages(20);
    const foreign = other.dataset(images, labels);
    expect(thrownBy(() => engine.classifier(foreign, foreign, smallNetwork)).code).toBe(
      'invalid-argument',
    );
  });
});

describe('data', () => {
  const { images, labels } = easyImages(50);

  it('are what the files say', () => {
    using data = engine.dataset(images, labels);
    expect(data).toMatchObject({ count: 50, height: side, width: side, channels: 1, classes: 10 });
    const sample = data.sample(23);
    expect(sample).toMatchObject({ index: 23, label: 3, height: side, width: side });
    expect(sample.pixels).toEqual(images.slice(16 + 23 * 64, 16 + 24 * 64));
  });

  it('split by seed', () => {
    const pick = (seed: number) => {
      using data = engine.dataset(images, labels);
      using part = data.splitOff(0.3, seed);
      expect([data.count, part.count]).toEqual([35, 15]);
      return Array.from({ length: 15 }, (_, index) => part.image(index).join());
    };
    expect(pick(5)).toEqual(pick(5));
    expect(pick(5)).not.toEqual(pick(6));
  });

  it.each([0, 1, -0.5, Number.NaN])('refuse to split off %s', (fraction) => {
    using data = engine.dataset(images, labels);
    expect(thrownBy(() => data.splitOff(fraction)).code).toBe('invalid-argument');
  });

  const wrongMagic = images.slice();
  wrongMagic[2] = 13;
  const bad: [string, Uint8Array, Uint8Array, RegExp][] = [
    ['an empty images file', new Uint8Array(), labels, /\[images\].*empty/],
    ['an empty labels file', images, new Uint8Array(), /\[labels\].*empty/],
    ['a wrong magic number', wrongMagic, labels, /magic number 2051.*got 3331/],
    ['labels for images', labels, labels, /\[images\].*magic number/],
    ['a truncated images file', images.slice(0, 1000), labels, /\[images\].*50.*3200.*truncated/],
    ['a truncated header', images.slice(0, 9), labels, /\[images\].*header/],
    ['fewer labels than images', images, easyImages(40).labels, /50 images and 40 labels/],
    ['a label over 9', images, idx([50], new Uint8Array(50).fill(12, 4)), /0 to 9, got 12.* 4/],
  ];
  it.each(bad)('refuse %s', (_, badImages, badLabels, message) => {
    const error = thrownBy(() => engine.dataset(badImages, badLabels));
    expect(error.code).toBe('invalid-data');
    expect(error.message).toMatch(message);
  });
});

describe('training', () => {
  it('learns', () => {
    using classifier = easyClassifier(engine);
    const first = classifier.step();
    expect(first).toMatchObject({ step: 1, epoch: 1, batch: 1 });
    expect(first.loss).toBeGreaterThan(1.5);
    for (let count = 0; count < 100; count += 1) classifier.step();
    const { accuracy, count, confusion, step } = classifier.evaluate('test');
    expect(accuracy).toBeGreaterThan(0.95);
    expect([count, step, confusion.reduce((sum, cell) => sum + cell)]).toEqual([40, 101, 40]);
    expect(classifier.predictions('test')).toHaveLength(40);
    expect(classifier.predictions('train')).toHaveLength(0);
  });

  it('repeats ten steps to the bit, and differs for another seed', () => {
    const tenLosses = (seed: number) => {
      using classifier = easyClassifier(engine, { ...smallNetwork, seed });
      const losses = Array.from({ length: 10 }, () => classifier.step().loss);
      return { losses, weights: classifier.weights(0).map(({ values }) => [...values]) };
    };
    const once = tenLosses(7);
    expect(tenLosses(7)).toEqual(once);
    expect(tenLosses(8)).not.toEqual(once);
  });

  it('tells shapes, parameters and epochs', () => {
    using classifier = easyClassifier(engine);
    const { layers, parameterCount, batchesPerEpoch, memoryBytes } = classifier.info();
    expect(layers.map(({ name, outputShape }) => [name, outputShape])).toEqual([
      ['conv2d_1', [8, 8, 4]],
      ['relu_1', [8, 8, 4]],
      ['max_pool2d_1', [4, 4, 4]],
      ['flatten_1', [64]],
      ['dense_1', [10]],
    ]);
    expect(layers[0]?.parameters).toEqual([
      { name: 'weight', shape: [3, 3, 1, 4] },
      { name: 'bias', shape: [4] },
    ]);
    expect(parameterCount).toBe(3 * 3 * 4 + 4 + 64 * 10 + 10);
    expect(batchesPerEpoch).toBe(160 / 16);
    expect(memoryBytes).toBeGreaterThan(parameterCount * 4);
  });

  it('predicts, inspects and hands out weights and gradients as copies', () => {
    using classifier = easyClassifier(engine);
    classifier.step();
    const image = easyImages(1).images.slice(16);
    const probabilities = classifier.predict(image);
    expect(probabilities.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
    expect(classifier.predict(easyImages(3).images.slice(16))).toHaveLength(30);
    const plain = classifier.inspect(image);
    expect(plain.map(({ activation }) => activation.shape)).toEqual([
      [8, 8, 4],
      [8, 8, 4],
      [4, 4, 4],
      [64],
      [10],
    ]);
    expect(plain[0]?.gradient).toBeUndefined();
    expect(classifier.inspect(image, 0)[0]?.gradient?.shape).toEqual([8, 8, 4]);
    const [weight] = classifier.weights(0);
    const before = weight?.values.slice();
    expect(classifier.gradients(0).map(({ shape }) => shape)).toEqual([[3, 3, 1, 4], [4]]);
    classifier.step();
    expect(weight?.values).toEqual(before);
    expect(classifier.weights(0)[0]?.values).not.toEqual(before);
    expect(classifier.statistics().map(({ name }) => name)).toContain('conv2d_1');
  });

  it('reads rows one after another, and shows what it remembers', () => {
    using classifier = easyClassifier(engine, {
      input: [side, side],
      layers: [
        { type: 'lstm', units: 5 },
        { type: 'dense', units: 10 },
      ],
    });
    classifier.step();
    const image = easyImages(1).images.slice(16);
    const steps = classifier.predictSteps(image);
    expect(steps).toHaveLength(side * 10);
    classifier.predict(image).forEach((chance, digit) => {
      expect(steps[(side - 1) * 10 + digit]).toBeCloseTo(chance, 5);
    });
    const [lstm, dense] = classifier.inspect(image, 0);
    expect(Object.keys(lstm?.traces ?? {}).sort()).toEqual([
      'candidate',
      'forget_gate',
      'hidden',
      'hidden_gradient',
      'input_gate',
      'memory',
      'output_gate',
    ]);
    expect(lstm?.traces['hidden']?.shape).toEqual([side, 5]);
    expect(lstm?.traces['hidden']?.values.slice(-5)).toEqual(lstm?.activation.values);
    expect(lstm?.traces['hidden_gradient']?.values.slice(-5)).toEqual(lstm?.gradient?.values);
    expect(dense?.traces).toEqual({});
    using whole = easyClassifier(engine);
    expect(thrownBy(() => whole.predictSteps(image)).message).toMatch(/step by step/);
  });

  it('stops at numbers that are no numbers, names the layer and keeps the weights', () => {
    using classifier = easyClassifier(
      engine,
      { input: [side, side, 1], layers: [{ type: 'flatten' }, { type: 'dense', units: 10 }] },
      { batchSize: 16, loss: 'mean_squared_error', optimizer: { type: 'sgd', learningRate: 100 } },
    );
    const flat = () => classifier.weights(1).flatMap(({ values }) => [...values]);
    let before = flat();
    const error = thrownBy(() => {
      for (let count = 0; count < 200; count += 1) {
        before = flat();
        classifier.step();
      }
    });
    expect(error.code).toBe('non-finite');
    expect(error.where).not.toBe('');
    expect(flat()).toEqual(before);
    expect(before.every(Number.isFinite)).toBe(true);
  });
});

describe('bad specs', () => {
  const conv: LayerSpec = { type: 'conv2d', filters: 4 };
  const dense: LayerSpec = { type: 'dense', units: 10 };
  const network = (...layers: LayerSpec[]): NetworkSpec => ({ input: [side, side, 1], layers });
  const networks: [string, NetworkSpec, RegExp, RegExp][] = [
    [
      'a convolution after flatten',
      network({ type: 'flatten' }, conv),
      /conv2d_1/,
      /expected.*got/,
    ],
    ['a reshape that loses values', network({ type: 'reshape', shape: [3, 3] }), /reshape_1/, /64/],
    [
      'other outputs than classes',
      network({ type: 'flatten' }, { type: 'dense', units: 7 }),
      /./,
      /10.*7|7.*10/,
    ],
    [
      'no kernel',
      network({ type: 'conv2d', filters: 4, kernel: 0 }),
      /conv2d_1/,
      /kernel must be at least 1, got 0/,
    ],
    [
      'an output padding as large as the stride',
      network({ type: 'conv_transpose2d', filters: 4, outputPadding: 2 }),
      /conv_transpose2d_1/,
      /from 0 to 1.*got 2/,
    ],
    ['no units', network({ type: 'flatten' }, { type: 'dense', units: 0 }), /dense_1/, /units/],
    [
      'a rate of one',
      network({ type: 'dropout', rate: 1 }, { type: 'flatten' }, dense),
      /dropout_1/,
      /rate/,
    ],
    [
      'another input than the images',
      { input: [9, 9, 1], layers: [{ type: 'flatten' }, dense] },
      /./,
      /9/,
    ],
  ];
  it.each(networks)('%s is refused, naming where', (_, spec, where, message) => {
    const error = thrownBy(() => easyClassifier(engine, spec));
    expect(error.code).toBe('invalid-argument');
    expect(error.where).toMatch(where);
    expect(error.message).toMatch(message);
  });

  const trainings: [string, TrainingSpec, RegExp][] = [
    ['batch 0', { batchSize: 0 }, /batch/i],
    ['a negative batch', { batchSize: -1 }, /batch/i],
    ['half a batch', { batchSize: 1.5 }, /batch/i],
    ['a batch larger than the data', { batchSize: 161 }, /160.*161|161.*160/],
    [
      'a learning rate that is NaN',
      { optimizer: { type: 'sgd', learningRate: Number.NaN } },
      /rate/i,
    ],
    ['a negative learning rate', { optimizer: { type: 'adam', learningRate: -0.1 } }, /-0\.1/],
    [
      'an absurd learning rate',
      { optimizer: { type: 'adam', learningRate: 1e9 } },
      /got 1(e\+?0?9|0{9})/,
    ],
    [
      'an infinite learning rate',
      { optimizer: { type: 'rmsprop', learningRate: Infinity } },
      /inf/i,
    ],
  ];
  it.each(trainings)('%s is refused', (_, training, message) => {
    const error = thrownBy(() => easyClassifier(engine, smallNetwork, training));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(message);
  });

  it.each([Number.NaN, -1, 1e9, Infinity])('a learning rate of %s is refused later too', (rate) => {
    using classifier = easyClassifier(engine);
    const error = thrownBy(() => {
      classifier.learningRate = rate;
    });
    expect(error.code).toBe('invalid-argument');
    expect(classifier.learningRate).toBe(0.01);
    expect(classifier.step().step).toBe(1);
  });
});

it('measures speed', () => {
  expect(engine.peakGflops(5)).toBeGreaterThan(0);
  expect(engine.gemmGflops(32, 32, 32, 5)).toBeGreaterThan(0);
  expect(engine.gemmGflopsOf(8, 10, 7, 'a', 5)).toBeGreaterThan(0);
  expect(engine.adamRate(1000, 5)).toBeGreaterThan(0);
  expect(engine.memoryBytes % 65_536).toBe(0);
});

describe('convolutions are measured', () => {
  const shape = { batch: 2, size: 6, kernel: 3, stride: 1, inChannels: 3, outChannels: 4 };

  it('by each method that computes them, the chosen one first', () => {
    const methods = engine.convMethods(shape);
    expect([...methods].sort()).toEqual(['direct', 'im2col', 'winograd2', 'winograd4']);
    for (const method of methods) {
      for (const pass of ['forward', 'backward', 'weight_gradient'] as const) {
        expect(engine.convGflops(shape, method, pass, 1)).toBeGreaterThan(0);
      }
    }
    expect(engine.convMethods({ ...shape, kernel: 5 }).sort()).toEqual(['direct', 'im2col']);
  });

  it('and others are refused', () => {
    const wide = { ...shape, kernel: 5 };
    const error = thrownBy(() => engine.convGflops(wide, 'winograd2', 'forward', 1));
    expect(error).toMatchObject({ code: 'invalid-argument' });
    expect(thrownBy(() => engine.convMethods({ ...shape, batch: 0 })).code).toBe(
      'invalid-argument',
    );
  });
});
