/** Measures the engine in the thread of a worker, where it runs in the playground too. */
import { expose } from 'comlink';
import {
  characterPreset,
  ganPresets,
  loadEngine,
  presets,
  type Classifier,
  type Dataset,
  type LanguageModel,
  type DataSource,
  type Engine,
  type EngineInfo,
  type EngineOptions,
  type Gan,
  type GanPreset,
  type NetworkSpec,
} from 'kernelgarten';
import type { BenchWorker, ConvShape, DigitWork, GanWork, Work } from './measurements.ts';

const batchSize = 128;

/** Of a measurement inside the engine. */
const sliceMilliseconds = 25;

/** Memory is all there after the first. */
const memorySteps = 20;

/** Leaves 9,600 of 10,000 images to train on, a multiple of the batch: all batches are full. */
const heldOut = 0.04;

const networks: Record<DigitWork, NetworkSpec> = {
  'cnn.train': presets['cnn-article'].network,
  /** One hidden layer, as every library's first example has it. */
  'mlp.train': {
    input: [28, 28, 1],
    layers: [
      { type: 'flatten' },
      { type: 'dense', units: 128 },
      { type: 'relu' },
      { type: 'dense', units: 10 },
    ],
    seed: 1,
  },
  'lstm.train': presets['rnn-rows'].network,
  'gru.train': {
    input: [28, 28],
    layers: [
      { type: 'gru', units: 128 },
      { type: 'dense', units: 10 },
    ],
    seed: 1,
  },
};

interface Loaded {
  engine: Engine;
  /** Built when it is first measured. */
  classifier: (work: DigitWork) => Classifier;
  languageModel: () => LanguageModel;
  gan: (work: GanWork) => Gan;
  batch: Uint8Array;
}

let loaded: Loaded | undefined;

async function load(
  files: { images: string; labels: string },
  options: EngineOptions,
): Promise<EngineInfo> {
  const engine = await loadEngine(options);
  const { train, test } = await engine.loadData({ ...files, testFraction: heldOut });
  const { training } = presets['cnn-article'];
  const built = new Map<DigitWork, Classifier>();
  const classifier = (work: DigitWork): Classifier => {
    let found = built.get(work);
    if (found === undefined) {
      found = engine.classifier(train, test, networks[work], { ...training, batchSize });
      built.set(work, found);
    }
    return found;
  };
  let model: LanguageModel | undefined;
  const languageModel = (): LanguageModel => (model ??= makeLanguageModel(engine));
  const builtGans = new Map<GanWork, Gan>();
  const gan = (work: GanWork): Gan => {
    const found = builtGans.get(work) ?? makeGan(engine, train, work);
    builtGans.set(work, found);
    return found;
  };
  const pixels = train.height * train.width * train.channels;
  const batch = new Uint8Array(batchSize * pixels);
  for (let index = 0; index < batchSize; index += 1) {
    batch.set(train.image(index), index * pixels);
  }
  if (train.count % batchSize !== 0) {
    throw new Error('The last batch of an epoch is not full; images/s would be wrong.');
  }
  loaded = { engine, classifier, languageModel, gan, batch };
  const { variant, threads, reasons } = engine;
  return { variant, threads, reasons };
}

const gans: Record<GanWork, GanPreset> = {
  'gan.train': ganPresets['gan-dcgan'],
  'gan-default.train': ganPresets['gan-default'],
};

function makeGan(engine: Engine, real: Dataset, work: GanWork): Gan {
  const { generator, discriminator, training } = gans[work];
  if (real.count % ganBatch(work) !== 0) throw new Error('The last batch is not full.');
  return engine.gan(real, generator, discriminator, training);
}

const ganBatch = (work: GanWork): number => gans[work].training.batchSize ?? 64;

/**
 * The SDK's language model on a text of as many different characters as the usual one of its kind has;
 * which they are makes no difference to the work.
 */
function makeLanguageModel(engine: Engine): LanguageModel {
  const { length, different } = benchText;
  const codes = Array.from({ length }, (_, i) => 48 + ((i * i + 7 * i) % different));
  const alphabet = Array.from({ length: different }, (_, i) => 48 + i);
  const text = engine.text(
    String.fromCharCode(...alphabet) + codes.map((c) => String.fromCharCode(c)).join(''),
  );
  const { network, training } = characterPreset(different);
  return engine.languageModel(text, network, training);
}

const benchText = { length: 100_000, different: 65 };

/** What the preset reads in a step: 64 characters in 64 places. */
const charactersPerStep = 64 * 64;

function requireLoaded(): Loaded {
  if (loaded === undefined) throw new Error('Call load() first.');
  return loaded;
}

function measure(work: Work, milliseconds: number): number {
  const { engine, classifier, languageModel, gan, batch } = requireLoaded();
  switch (work.kind) {
    case 'peak':
      return inSlices((slice) => engine.peakGflops(slice), milliseconds);
    case 'gemm': {
      const { m, n, k, transposed } = work;
      return inSlices((slice) => engine.gemmGflopsOf(m, n, k, transposed, slice), milliseconds);
    }
    case 'conv': {
      const { shape, method, pass } = work;
      return inSlices((slice) => engine.convGflops(shape, method, pass, slice), milliseconds);
    }
    case 'convT': {
      const { shape, pass } = work;
      return inSlices((slice) => engine.convTransposeGflops(shape, pass, slice), milliseconds);
    }
    case 'gan.train':
    case 'gan-default.train':
      return ganBatch(work.kind) * rate(() => gan(work.kind).step(), milliseconds);
    case 'adam':
      return inSlices((slice) => engine.adamRate(work.parameters, slice), milliseconds);
    case 'cnn.infer':
      return batchSize * rate(() => classifier('cnn.train').predict(batch), milliseconds);
    case 'charrnn.train':
      return charactersPerStep * rate(() => languageModel().step(), milliseconds);
    default:
      return batchSize * rate(() => classifier(work.kind).step(), milliseconds);
  }
}

/**
 * The mean of short measurements inside the engine. V8 begins each function with slow code and
 * replaces it only from one call to the next, so one long call would measure the slow code.
 */
function inSlices(measureSlice: (milliseconds: number) => number, milliseconds: number): number {
  let sum = 0;
  const slices = repeat(() => {
    sum += measureSlice(Math.min(sliceMilliseconds, milliseconds));
  }, milliseconds);
  return sum / slices.count;
}

/** How often in a second `action` runs. */
function rate(action: () => void, milliseconds: number): number {
  const { count, elapsed } = repeat(action, milliseconds);
  return (1000 * count) / elapsed;
}

/** Runs `action` until the time is over, at least once. */
function repeat(action: () => void, milliseconds: number): { count: number; elapsed: number } {
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  do {
    action();
    count += 1;
    elapsed = performance.now() - start;
  } while (elapsed < milliseconds);
  return { count, elapsed };
}

function convMethods(shape: ConvShape): string[] {
  return requireLoaded().engine.convMethods(shape);
}

async function memory(source: DataSource, options: EngineOptions): Promise<number> {
  const engine = await loadEngine(options);
  const { train, test } = await engine.loadData(source);
  const { network, training } = presets['cnn-article'];
  const cnn = engine.classifier(train, test, network, { ...training, batchSize });
  for (let step = 0; step < memorySteps; step += 1) cnn.step();
  return engine.memoryBytes;
}

expose({ load, measure, convMethods, memory } satisfies BenchWorker);
