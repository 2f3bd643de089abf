/** Measures the engine in the thread of a worker, where it runs in the playground too. */
import { expose } from 'comlink';
import {
  loadEngine,
  presets,
  type Classifier,
  type DataSource,
  type Engine,
  type EngineInfo,
  type EngineOptions,
  type NetworkSpec,
} from 'kernelgarten';
import type { BenchWorker, ConvShape, Work } from './measurements.ts';

const batchSize = 128;

/** Of a measurement inside the engine. */
const sliceMilliseconds = 25;

/** Memory is all there after the first. */
const memorySteps = 20;

/** Leaves 9,600 of 10,000 images to train on, a multiple of the batch: all batches are full. */
const heldOut = 0.04;

/** One hidden layer, as every library's first example has it. */
const mlpNetwork: NetworkSpec = {
  input: [28, 28, 1],
  layers: [
    { type: 'flatten' },
    { type: 'dense', units: 128 },
    { type: 'relu' },
    { type: 'dense', units: 10 },
  ],
  seed: 1,
};

interface Loaded {
  engine: Engine;
  cnn: Classifier;
  mlp: Classifier;
  batch: Uint8Array;
}

let loaded: Loaded | undefined;

async function load(
  files: { images: string; labels: string },
  options: EngineOptions,
): Promise<EngineInfo> {
  const engine = await loadEngine(options);
  const { train, test } = await engine.loadData({ ...files, testFraction: heldOut });
  const { network, training } = presets['cnn-article'];
  const cnn = engine.classifier(train, test, network, { ...training, batchSize });
  const mlp = engine.classifier(train, test, mlpNetwork, { ...training, batchSize });
  const pixels = train.height * train.width * train.channels;
  const batch = new Uint8Array(batchSize * pixels);
  for (let index = 0; index < batchSize; index += 1) {
    batch.set(train.image(index), index * pixels);
  }
  if (cnn.info().batchesPerEpoch * batchSize !== train.count) {
    throw new Error('The last batch of an epoch is not full; images/s would be wrong.');
  }
  loaded = { engine, cnn, mlp, batch };
  const { variant, threads, reasons } = engine;
  return { variant, threads, reasons };
}

function requireLoaded(): Loaded {
  if (loaded === undefined) throw new Error('Call load() first.');
  return loaded;
}

function measure(work: Work, milliseconds: number): number {
  const { engine, cnn, mlp, batch } = requireLoaded();
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
    case 'adam':
      return inSlices((slice) => engine.adamRate(work.parameters, slice), milliseconds);
    case 'cnn.train':
      return batchSize * rate(() => cnn.step(), milliseconds);
    case 'cnn.infer':
      return batchSize * rate(() => cnn.predict(batch), milliseconds);
    case 'mlp.train':
      return batchSize * rate(() => mlp.step(), milliseconds);
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
