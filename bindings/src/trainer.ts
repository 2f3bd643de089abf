import {
  portableSource,
  type DataSource,
  type LoadDataOptions,
  type LoadProgress,
  type PortableSource,
} from './data_source.js';
import { throwIfAborted } from './download.js';
import { KernelgartenError } from './errors.js';
import { NetworkTrainer } from './network_trainer.js';
import type { WorkerEvent } from './protocol.js';
import { ignore, opened, type TrainerOptions } from './run_control.js';
import type { DataInfo, Evaluation, LayerInspection, Sample, Snapshot, Split } from './types.js';
import type { WorkerConnection } from './worker_connection.js';

/**
 * Starts a worker with the engine in it. The worker lives until `dispose()`; in Node it keeps the
 * process alive so long.
 *
 * @throws KernelgartenError as {@link loadEngine} does, and `worker-lost` when the worker script
 *   cannot be fetched
 */
export function createTrainer(options: TrainerOptions = {}): Promise<Trainer> {
  return opened(new Trainer(options));
}

/**
 * Trains a network in a worker and tells how it goes. Load data, build a network, then run:
 *
 * ```ts
 * const trainer = await createTrainer();
 * await trainer.loadData(embeddedDigits);
 * await trainer.build(presets['cnn-default'].network, presets['cnn-default'].training);
 * await trainer.run({ epochs: 2 });
 * for await (const { state, steps } of trainer.metrics()) {
 *   console.log(state, steps.at(-1)?.loss);
 *   if (state !== 'running') break;
 * }
 * trainer.dispose();
 * ```
 */
export class Trainer extends NetworkTrainer<Evaluation> {
  #data: DataInfo | undefined;
  #source: PortableSource | undefined;
  /** the load under way */
  #loading: LoadDataOptions | undefined;

  /** @internal use {@link createTrainer} */
  constructor(options: TrainerOptions) {
    super('digits', options);
  }

  /** The data loaded last. */
  get data(): DataInfo | undefined {
    return this.#data;
  }

  /**
   * Fetches a data set, all or nothing: on any error, the data, the network and a run stay as they
   * were. A run goes on meanwhile and is stopped when the new data are complete; the network then has
   * to be built anew. While one call is under way another rejects.
   *
   * @throws KernelgartenError `network`, `invalid-data`, `aborted`
   */
  async loadData(source: DataSource, options: LoadDataOptions = {}): Promise<DataInfo> {
    if (this.#loading !== undefined) {
      throw new KernelgartenError(
        'invalid-argument',
        '[loadData] data are being loaded already; wait for them, or abort that through its signal',
      );
    }
    const { signal } = options;
    throwIfAborted(signal);
    const portable = portableSource(source);
    const abort = () => {
      this.call((remote) => remote.abortLoading()).catch(ignore);
    };
    signal?.addEventListener('abort', abort);
    this.#loading = options;
    try {
      const data = await this.call((remote) => remote.loadData(portable));
      this.#source = portable;
      this.#data = data;
      this.forgetNetwork();
      return data;
    } finally {
      this.#loading = undefined;
      signal?.removeEventListener('abort', abort);
    }
  }

  async evaluate(split: Split = 'test'): Promise<Evaluation> {
    return this.call((remote) => remote.evaluateDigits(split));
  }

  /** One image of the data set. */
  async sample(split: Split, index: number): Promise<Sample> {
    return this.call((remote) => remote.sample(split, index));
  }

  /** The first images of a split, of one class if `label` is given; `limit` is 100 by default. */
  async samples(split: Split, options: { label?: number; limit?: number } = {}): Promise<Sample[]> {
    const { label, limit = defaultLimit } = options;
    return this.call((remote) => remote.samples(split, label, limit));
  }

  /**
   * Test images of class `actual` that the last test evaluation took for `predicted`; none before the
   * first evaluation. `limit` is 100 by default.
   */
  async mistakes(options: {
    actual: number;
    predicted: number;
    limit?: number;
  }): Promise<(Sample & { predicted: number })[]> {
    const { actual, predicted, limit = defaultLimit } = options;
    return this.call((remote) => remote.mistakes(actual, predicted, limit));
  }

  /** Class probabilities of an image given as bytes from 0 to 255; while training too. */
  async predict(pixels: Uint8Array): Promise<Float32Array> {
    return this.call((remote) => remote.predict(pixels));
  }

  /**
   * Class probabilities after each row of an image, as if it ended there: rows x classes. Rejects
   * unless the network reads rows one after another.
   */
  async predictSteps(pixels: Uint8Array): Promise<Float32Array> {
    return this.call((remote) => remote.predictSteps(pixels));
  }

  /**
   * What the layers put out for an image, with gradients when its label is given; `layers` picks some
   * by index.
   */
  async inspect(
    pixels: Uint8Array,
    options: { label?: number; layers?: number[] } = {},
  ): Promise<LayerInspection[]> {
    const { label, layers } = options;
    return this.call((remote) => remote.inspectDigits(pixels, label, layers));
  }

  protected snapshotIn(message: WorkerEvent): Snapshot | undefined {
    return message.event === 'digitSnapshot' ? message.snapshot : undefined;
  }

  protected async reload(connection: WorkerConnection): Promise<void> {
    const source = this.#source;
    if (source) this.#data = await connection.call((remote) => remote.loadData(source));
  }

  protected override onProgress(progress: LoadProgress): void {
    this.#loading?.onProgress?.(progress);
  }
}

const defaultLimit = 100;
