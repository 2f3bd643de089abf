/** Measures the engine in the thread of a worker, where it runs in the playground too. */
import { expose } from 'comlink';
import {
  loadEngine,
  presets,
  type Classifier,
  type Engine,
  type EngineInfo,
  type EngineOptions,
  type NetworkSpec,
} from 'kernelgarten';
import type { BenchWorker, Work } from './measurements.ts';

const batchSize = 128;

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

function measure(work: Work, milliseconds: number): number {
  if (loaded === undefined) throw new Error('Call load() first.');
  const { engine, cnn, mlp, batch } = loaded;
  switch (work.kind) {
    case 'peak':
      return engine.peakGflops(milliseconds);
    case 'gemm':
      return engine.gemmGflops(work.size, work.size, work.size, milliseconds);
    case 'cnn.train':
      return batchSize * rate(() => cnn.step(), milliseconds);
    case 'cnn.infer':
      return batchSize * rate(() => cnn.predict(batch), milliseconds);
    case 'mlp.train':
      return batchSize * rate(() => mlp.step(), milliseconds);
  }
}

/** How often in a second `action` runs. */
function rate(action: () => void, milliseconds: number): number {
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  while (elapsed < milliseconds) {
    action();
    count += 1;
    elapsed = performance.now() - start;
  }
  return (1000 * count) / elapsed;
}

expose({ load, measure } satisfies BenchWorker);
