// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- whoever compiles this needs it
/// <reference path="./ambient.d.ts" />
import { Classifier } from './classifier.js';
import {
  loadFile,
  loadFiles,
  portableSource,
  type DataSource,
  type LoadDataOptions,
} from './data_source.js';
import { Dataset, type DatasetSplits } from './dataset.js';
import { readEnvironment } from './environment.js';
import { KernelgartenError } from './errors.js';
import { Forecaster } from './forecaster.js';
import { Gan } from './gan.js';
import { instantiate, isFolder } from './instantiate.js';
import { Judge, type JudgeSource } from './judge.js';
import { LanguageModel } from './language_model.js';
import { absoluteUrl } from './platform.js';
import {
  guard,
  present,
  type ConvPass,
  type ConvShape,
  type LayerSchema,
  type RawModule,
} from './raw.js';
import type { GanTrainingSpec, NetworkSpec, TrainingSpec } from './spec.js';
import { Text } from './text.js';
import { ThreadsFailed } from './thread_workers.js';
import {
  chooseVariant,
  withoutThreads,
  type EngineInfo,
  type EngineReason,
  type EngineVariant,
} from './variant.js';

export interface EngineOptions {
  /** The build to run; default the fastest that runs here. */
  variant?: EngineVariant | undefined;
  /**
   * Threads to compute on, from 1 to 8; default one for each core. One where threads cannot be had:
   * the engine's `reasons` say why.
   */
  threads?: number | undefined;
  /**
   * Where the `.wasm` files are, when they are not beside the script as the package has them: a folder
   * (ending with `/`) that holds all of them under their names, or one file, which is taken for that
   * of `variant`, or else of `simd128`.
   */
  wasmUrl?: string | URL | undefined;
}

export interface NoisyWaveOptions {
  /** values */
  count: number;
  /** standard deviation of the noise; default 0.1 */
  noise?: number;
  /** of the noise; default 1 */
  seed?: number;
}

export interface GaussianMixtureOptions {
  /** x and y of each centre */
  centres: Float32Array;
  /** standard deviation around a centre, along each axis */
  spread: number;
  /** points */
  count: number;
  /** default 1 */
  seed?: number;
}

/**
 * Loads the engine into this thread: in Node, or inside a worker of your own. A page that trains
 * wants {@link createTrainer}, which keeps the page responsive.
 *
 * @throws KernelgartenError `unsupported` without WebAssembly SIMD, or without what the `variant`
 *   asked for needs; `invalid-argument` for an unknown variant or number of threads; `network` when
 *   the `.wasm` file cannot be fetched
 */
export async function loadEngine(options: EngineOptions = {}): Promise<Engine> {
  const { threads, wasmUrl } = options;
  const variant = options.variant ?? (isOneFile(wasmUrl) ? 'simd128' : undefined);
  const chosen = chooseVariant({ variant, threads }, await readEnvironment());
  try {
    return new Engine(await instantiate(chosen, wasmUrl), chosen);
  } catch (thrown) {
    if (!(thrown instanceof ThreadsFailed)) throw thrown;
    if (variant !== undefined) throw refused(variant, thrown);
    const fallback = withoutThreads(chosen);
    return new Engine(await instantiate(fallback, wasmUrl), fallback);
  }
}

function isOneFile(wasmUrl: string | URL | undefined): boolean {
  return wasmUrl !== undefined && wasmUrl !== '' && !isFolder(absoluteUrl(wasmUrl));
}

function refused(variant: EngineVariant, cause: ThreadsFailed): KernelgartenError {
  return new KernelgartenError(
    'unsupported',
    `[variant] '${variant}' needs workers for its threads, and one could not start: ${cause.message}. ` +
      'Allow them (Content-Security-Policy: worker-src), or leave variant out: then one thread is used.',
    { cause },
  );
}

/** The engine in this thread. Everything it makes lives in its memory. */
export class Engine implements EngineInfo {
  readonly #module: RawModule;
  readonly variant: EngineVariant;
  readonly threads: number;
  readonly reasons: readonly EngineReason[];

  /** @internal */
  constructor(module: RawModule, { variant, reasons }: EngineInfo) {
    this.#module = module;
    this.variant = variant;
    this.threads = module.thread_count();
    this.reasons = reasons;
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

  /**
   * A text to learn from.
   *
   * @throws KernelgartenError `invalid-data` when it is empty, has half of a surrogate pair, or more
   *   than 20,000 different characters
   */
  text(text: string): Text {
    return new Text(this.#module, text);
  }

  /**
   * A network with fresh weights that learns to foresee a text; the last `validationShare` of it is
   * kept for testing. {@link characterPreset} gives one.
   *
   * @throws KernelgartenError `invalid-argument` when network and text do not fit, or a number is out
   *   of range
   */
  languageModel(
    text: Text,
    network: NetworkSpec,
    training: TrainingSpec = {},
    validationShare = 0.1,
  ): LanguageModel {
    return new LanguageModel(this.#module, text, validationShare, network, training);
  }

  /**
   * A wave to be foreseen through noise: two sines of 25 and about 55.9 steps, within -1 and 1, plus
   * normal noise of standard deviation `noise`. The same seed gives the same numbers everywhere.
   *
   * @throws KernelgartenError `invalid-argument` for a number out of range
   */
  noisyWave({ count, noise = 0.1, seed = 1 }: NoisyWaveOptions): Float32Array {
    return guard(this.#module, () => this.#module.noisy_wave(count, noise, seed));
  }

  /**
   * A network with fresh weights that learns to foresee a series; the last `validationShare` of it is
   * kept for testing. {@link forecastPreset} gives one.
   *
   * @throws KernelgartenError `invalid-argument` when network and series do not fit, or a number is
   *   out of range; `invalid-data` when a value is not finite
   */
  forecaster(
    series: Float32Array,
    network: NetworkSpec,
    training: TrainingSpec = {},
    validationShare = 0.2,
  ): Forecaster {
    return new Forecaster(this.#module, series, validationShare, network, training);
  }

  /**
   * Points in the plane, x and y of each: every one belongs to one of the centres, with equal chances,
   * and lies around it with standard deviation `spread`. The same seed gives the same everywhere.
   *
   * @throws KernelgartenError `invalid-argument` for a number out of range
   */
  gaussianMixture({ centres, spread, count, seed = 1 }: GaussianMixtureOptions): Float32Array {
    return guard(this.#module, () => this.#module.gaussian_mixture(centres, spread, count, seed));
  }

  /**
   * Two networks with fresh weights that are trained against each other: one learns to make examples
   * like the real ones, images (from -1 to 1) or points in the plane. {@link ganPresets} has some.
   *
   * @throws KernelgartenError `invalid-argument` when networks and examples do not fit, or a number is
   *   out of range; `invalid-data` when a coordinate is not finite
   */
  gan(
    real: Dataset | Float32Array,
    generator: NetworkSpec,
    discriminator: NetworkSpec,
    training: GanTrainingSpec = {},
  ): Gan {
    return new Gan(this.#module, real, generator, discriminator, training);
  }

  /**
   * Fetches a trained classifier, to score generated images by; `kernelgarten/judge` has one of digits.
   *
   * @param reference the real images that they are compared with, measured now and not needed later
   * @throws KernelgartenError `network` or `aborted` while fetching; `invalid-data` when the weights
   *   are damaged; `invalid-argument` when network, weights and images do not fit
   */
  async createJudge(
    { network, weights }: JudgeSource,
    reference: Dataset,
    options: LoadDataOptions = {},
  ): Promise<Judge> {
    return new Judge(this.#module, reference, network, await loadFile('weights', weights, options));
  }

  /** Multiply-add peak of one thread in GFLOP/s, measured for that many milliseconds. */
  peakGflops(milliseconds = 200): number {
    return guard(this.#module, () => this.#module.measure_peak_gflops(milliseconds));
  }

  /** Speed of an m x k by k x n matrix product on one thread in GFLOP/s. */
  gemmGflops(m: number, n: number, k: number, milliseconds = 200): number {
    return this.gemmGflopsOf(m, n, k, 'none', milliseconds);
  }

  /** @internal the same with one factor stored as its transpose */
  gemmGflopsOf(
    m: number,
    n: number,
    k: number,
    transposed: 'a' | 'b' | 'none',
    milliseconds: number,
  ): number {
    return guard(this.#module, () => this.#module.gemm_gflops(m, n, k, transposed, milliseconds));
  }

  /** @internal names of the methods that compute such a convolution, first the engine's choice */
  convMethods(shape: ConvShape): string[] {
    return guard(this.#module, () => this.#module.conv_methods(shape));
  }

  /** @internal GFLOP/s, counted as direct sums, of one of them on one thread */
  convGflops(shape: ConvShape, method: string, pass: ConvPass, milliseconds: number): number {
    return guard(this.#module, () => this.#module.conv_gflops(shape, method, pass, milliseconds));
  }

  /** @internal the same of a transposed convolution, `forward` or `backward` */
  convTransposeGflops(shape: ConvShape, pass: ConvPass, milliseconds: number): number {
    return guard(this.#module, () => this.#module.conv_transpose_gflops(shape, pass, milliseconds));
  }

  /** @internal parameters a second that a step of Adam moves, on one thread */
  adamRate(parameters: number, milliseconds: number): number {
    return guard(this.#module, () => this.#module.adam_rate(parameters, milliseconds));
  }

  /** @internal bytes of WebAssembly memory, which only grows */
  get memoryBytes(): number {
    return this.#module.memory_bytes();
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
