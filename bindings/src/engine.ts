// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- whoever compiles this needs it
/// <reference path="./ambient.d.ts" />
import { simd } from 'wasm-feature-detect';
import { Classifier } from './classifier.js';
import { loadFiles, portableSource, type DataSource, type LoadDataOptions } from './data_source.js';
import { Dataset, type DatasetSplits } from './dataset.js';
import { download } from './download.js';
import { KernelgartenError } from './errors.js';
import { absoluteUrl } from './platform.js';
import { guard, present, type LayerSchema, type RawModule } from './raw.js';
import type { NetworkSpec, TrainingSpec } from './spec.js';
import createModule from './wasm/kernelgarten-simd128.mjs';

export interface EngineOptions {
  /** Where the `.wasm` file is, when it is not beside the script as the package has it. */
  wasmUrl?: string | URL | undefined;
}

/**
 * Loads the engine into this thread: in Node, or inside a worker of your own. A page that trains
 * wants {@link createTrainer}, which keeps the page responsive.
 *
 * @throws KernelgartenError `unsupported` without WebAssembly SIMD, `network` when the `.wasm` file
 *   cannot be fetched
 */
export async function loadEngine(options: EngineOptions = {}): Promise<Engine> {
  if (!(await hasSimd())) {
    throw new KernelgartenError(
      'unsupported',
      'Kernelgarten needs WebAssembly with SIMD, which this environment lacks. Use Chrome or Edge 91, ' +
        'Firefox 89, Safari 16.4, Node 20, or anything newer.',
    );
  }
  const url = options.wasmUrl ?? new URL('./wasm/kernelgarten-simd128.wasm', import.meta.url);
  return new Engine(await instantiate(await compile(absoluteUrl(url))));
}

async function hasSimd(): Promise<boolean> {
  try {
    return await simd();
  } catch {
    return false; // no WebAssembly at all
  }
}

async function compile(url: string): Promise<WebAssembly.Module> {
  const bytes = await download(url);
  try {
    return await WebAssembly.compile(bytes.slice());
  } catch (cause) {
    throw new KernelgartenError(
      'network',
      `${url} is not the engine's WebAssembly file (${String(cause)}). Check wasmUrl, and that the ` +
        'server sends the file as it is.',
      { cause },
    );
  }
}

/** What Emscripten's module asks of whoever loads it. */
interface ModuleOptions {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
}

function instantiate(compiled: WebAssembly.Module): Promise<RawModule> {
  return new Promise((resolve, reject) => {
    const options: ModuleOptions = {
      instantiateWasm(imports, done) {
        WebAssembly.instantiate(compiled, imports).then((instance) => {
          done(instance, compiled);
        }, reject);
        return {};
      },
    };
    createModule(options).then(resolve, reject);
  });
}

/** The engine in this thread. Everything it makes lives in its memory. */
export class Engine {
  readonly #module: RawModule;

  /** @internal */
  constructor(module: RawModule) {
    this.#module = module;
  }

  /**
   * Labelled images from two unpacked IDX files.
   *
   * @throws KernelgartenError `invalid-data` when they are not IDX files of bytes that fit together
   */
  dataset(images: Uint8Array, labels: Uint8Array): Dataset {
    const module = this.#module;
    return new Dataset(
      module,
      guard(module, () => present(module.Dataset.from_idx(images, labels))),
    );
  }

  /**
   * Fetches and unpacks a data set, all or nothing, as {@link Trainer.loadData} does in its worker.
   *
   * @throws KernelgartenError `network`, `invalid-data`, `aborted`, or `invalid-argument` for a share
   *   to hold out that leaves nothing
   */
  async loadData(source: DataSource, options: LoadDataOptions = {}): Promise<DatasetSplits> {
    const portable = portableSource(source);
    const { images, labels, test: held } = await loadFiles(portable, options);
    const train = this.dataset(images, labels);
    try {
      const test = held
        ? this.dataset(held.images, held.labels)
        : train.splitOff(portable.testFraction, portable.seed);
      refuseOddPair(train, test);
      return { train, test };
    } catch (thrown) {
      train.dispose();
      throw thrown;
    }
  }

  /**
   * A network with fresh weights, its optimizer, and the data it learns from.
   *
   * @throws KernelgartenError `invalid-argument` when shapes do not fit (`where` names the layer) or
   *   a number is out of range
   */
  classifier(
    train: Dataset,
    test: Dataset,
    network: NetworkSpec,
    training: TrainingSpec = {},
  ): Classifier {
    return new Classifier(this.#module, train, test, network, training);
  }

  /** Multiply-add peak of one thread in GFLOP/s, measured for that many milliseconds. */
  peakGflops(milliseconds = 200): number {
    return guard(this.#module, () => this.#module.measure_peak_gflops(milliseconds));
  }

  /** Speed of an m x k by k x n matrix product on one thread in GFLOP/s. */
  gemmGflops(m: number, n: number, k: number, milliseconds = 200): number {
    return guard(this.#module, () => this.#module.gemm_gflops(m, n, k, milliseconds));
  }

  /** @internal every kind of layer the engine knows, with the fields of its spec */
  layerSchema(): LayerSchema[] {
    return guard(this.#module, () => this.#module.layer_schema());
  }
}

/** Test images of another size, which no network takes beside the training images. */
function refuseOddPair(train: Dataset, test: Dataset): void {
  const size = ({ height, width, channels }: Dataset) => `${height} x ${width} x ${channels}`;
  if (size(train) === size(test)) return;
  const message = `[test.images] the training images are ${size(train)}, the test images ${size(test)}`;
  test.dispose();
  throw new KernelgartenError('invalid-data', message);
}
