/// <reference lib="esnext.disposable" preserve="true" />
import {
  portableSource,
  type DataSource,
  type LoadDataOptions,
  type PortableSource,
} from './data_source.js';
import { throwIfAborted } from './download.js';
import type { EngineOptions } from './engine.js';
import { KernelgartenError } from './errors.js';
import { absoluteUrl } from './platform.js';
import type { WorkerEvent } from './protocol.js';
import { SnapshotStream } from './snapshot_stream.js';
import type { NetworkSpec, TrainingSpec } from './spec.js';
import type {
  DataInfo,
  Evaluation,
  LayerInspection,
  LayerStatistics,
  NetworkInfo,
  RunState,
  Sample,
  Snapshot,
  Split,
  StepMetrics,
  Tensor,
} from './types.js';
import type { EngineInfo } from './variant.js';
import { WorkerConnection } from './worker_connection.js';

export interface TrainerOptions extends EngineOptions {
  /** Where the worker script is, when no bundler or Node finds `worker.js` beside this module. */
  workerUrl?: string | URL | undefined;
}

/**
 * Starts a worker with the engine in it. The worker lives until `dispose()`; in Node it keeps the
 * process alive so long.
 *
 * @throws KernelgartenError as {@link loadEngine} does, and `worker-lost` when the worker script
 *   cannot be fetched
 */
export async function createTrainer(options: TrainerOptions = {}): Promise<Trainer> {
  const trainer = new Trainer(options);
  try {
    await trainer.open();
    return trainer;
  } catch (thrown) {
    trainer.dispose();
    throw thrown;
  }
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
 *
 * Calls take effect in the order they are made, and see the network as the last finished step left
 * it. A call that makes no sense in the present state rejects with `invalid-argument` and changes
 * nothing; every call may also reject with `worker-lost` and `disposed`.
 */
export class Trainer {
  readonly #engineOptions: EngineOptions;
  readonly #workerUrl: string | undefined;
  readonly #stream = new SnapshotStream();
  readonly #lostListeners = new Set<(error: KernelgartenError) => void>();
  #connection: WorkerConnection | undefined;
  #engine: EngineInfo | undefined;
  #disposed: KernelgartenError | undefined;
  #lost: KernelgartenError | undefined;
  #restarting: Promise<void> | undefined;
  #state: RunState = 'idle';
  #data: DataInfo | undefined;
  #network: NetworkInfo | undefined;
  #source: PortableSource | undefined;
  #specs: { network: NetworkSpec; training: TrainingSpec } | undefined;
  /** the load under way */
  #loading: LoadDataOptions | undefined;

  /** @internal use {@link createTrainer} */
  constructor({ variant, threads, wasmUrl, workerUrl }: TrainerOptions) {
    this.#engineOptions = { variant, threads, wasmUrl: wasmUrl && absoluteUrl(wasmUrl) };
    this.#workerUrl = workerUrl && absoluteUrl(workerUrl);
  }

  /** What the run does now; `lost` when the worker died. */
  get state(): RunState | 'lost' {
    return this.#lost === undefined ? this.#state : 'lost';
  }

  /** Which engine the worker runs, on how many threads, and why. */
  get engine(): EngineInfo {
    if (this.#engine === undefined) throw new KernelgartenError('internal', 'no engine');
    return this.#engine;
  }

  /** The network built last; undefined before, and again when other data are loaded. */
  get network(): NetworkInfo | undefined {
    return this.#network;
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
    const connection = this.#live();
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
      connection.call((remote) => remote.abortLoading()).catch(ignore);
    };
    signal?.addEventListener('abort', abort);
    this.#loading = options;
    try {
      const data = await connection.call((remote) => remote.loadData(portable));
      this.#source = portable;
      this.#data = data;
      this.#network = undefined;
      this.#specs = undefined;
      return data;
    } finally {
      this.#loading = undefined;
      signal?.removeEventListener('abort', abort);
    }
  }

  /**
   * Makes a network with fresh weights for the data loaded; stops a run. A refused spec changes
   * nothing.
   *
   * @throws KernelgartenError `invalid-argument`; `where` names the layer whose shapes do not fit
   */
  async build(network: NetworkSpec, training: TrainingSpec = {}): Promise<NetworkInfo> {
    const info = await this.#live().call((remote) => remote.build(network, training));
    this.#specs = { network: structuredClone(network), training: structuredClone(training) };
    this.#network = info;
    return info;
  }

  /**
   * Starts a run and resolves; {@link metrics} tells how it goes and when it is `finished` or
   * `failed`. After each epoch the test split is evaluated. Rejects while a run is going on.
   *
   * @param options.epochs epochs to complete from now, default 1; one in progress counts as the first
   */
  async run(options: { epochs?: number } = {}): Promise<void> {
    const { epochs = 1 } = options;
    return this.#live().call((remote) => remote.run(epochs));
  }

  /**
   * Interrupts a run. When the promise resolves nothing is being computed and no step follows; one that
   * was in progress shows nowhere and is finished when training goes on. Does nothing when nothing
   * runs.
   */
  async pause(): Promise<void> {
    return this.#live().call((remote) => remote.pause());
  }

  /** Goes on with a paused run; rejects when there is none or all its epochs are done. */
  async resume(): Promise<void> {
    return this.#live().call((remote) => remote.resume());
  }

  /** Ends a run as {@link pause} does, but for good: back to idle. The weights are kept. */
  async stop(): Promise<void> {
    return this.#live().call((remote) => remote.stop());
  }

  /**
   * Exactly one step, the one in progress if there is one; rejects while a run is going on. The state
   * stays `paused`, or else is `idle`. An epoch that it completes is evaluated when training goes on.
   *
   * @throws KernelgartenError `non-finite`
   */
  async stepBatch(): Promise<StepMetrics> {
    return this.#live().call((remote) => remote.stepBatch());
  }

  /**
   * Trains to the end of the epoch, evaluates the test split, then pauses (or finishes, when that was
   * the last epoch of a run). Rejects while a run is going on, and with `aborted` when another call
   * cuts it short.
   */
  async stepEpoch(): Promise<void> {
    return this.#live().call((remote) => remote.stepEpoch());
  }

  /** Changes the learning rate from the next step on; a refused rate changes nothing. */
  async setLearningRate(rate: number): Promise<void> {
    return this.#live().call((remote) => remote.setLearningRate(rate));
  }

  /**
   * Snapshots of the training, from now on: first the newest there is, then news as they come, at most
   * one a frame. A slow reader gets fewer, but each step and evaluation in one of them. Ends when the
   * trainer is disposed; throws `worker-lost` when the worker dies.
   */
  metrics(): AsyncIterableIterator<Snapshot> {
    return this.#stream.open();
  }

  /** Runs a whole split through the network; a run waits meanwhile. */
  async evaluate(split: Split = 'test'): Promise<Evaluation> {
    return this.#live().call((remote) => remote.evaluate(split));
  }

  /** One image of the data set. */
  async sample(split: Split, index: number): Promise<Sample> {
    return this.#live().call((remote) => remote.sample(split, index));
  }

  /** The first images of a split, of one class if `label` is given; `limit` is 100 by default. */
  async samples(split: Split, options: { label?: number; limit?: number } = {}): Promise<Sample[]> {
    const { label, limit = defaultLimit } = options;
    return this.#live().call((remote) => remote.samples(split, label, limit));
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
    return this.#live().call((remote) => remote.mistakes(actual, predicted, limit));
  }

  /** Class probabilities of an image given as bytes from 0 to 255; while training too. */
  async predict(pixels: Uint8Array): Promise<Float32Array> {
    return this.#live().call((remote) => remote.predict(pixels));
  }

  /**
   * Class probabilities after each row of an image, as if it ended there: rows x classes. Rejects
   * unless the network reads rows one after another.
   */
  async predictSteps(pixels: Uint8Array): Promise<Float32Array> {
    return this.#live().call((remote) => remote.predictSteps(pixels));
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
    return this.#live().call((remote) => remote.inspect(pixels, label, layers));
  }

  /** Parameters of a layer, in the order of {@link NetworkInfo}. */
  async weights(layer: number): Promise<Tensor[]> {
    return this.#live().call((remote) => remote.weights(layer));
  }

  /** Gradients of the last step for the parameters of a layer. */
  async gradients(layer: number): Promise<Tensor[]> {
    return this.#live().call((remote) => remote.gradients(layer));
  }

  /** Mean, spread and gradient length of each layer's parameters. */
  async statistics(): Promise<LayerStatistics[]> {
    return this.#live().call((remote) => remote.statistics());
  }

  /** Calls `listener` when the worker dies; returns how to stop listening. */
  onLost(listener: (error: KernelgartenError) => void): () => void {
    this.#lostListeners.add(listener);
    return () => {
      this.#lostListeners.delete(listener);
    };
  }

  /**
   * After `lost`: a new worker with the same data and a fresh network of the same specs. When it
   * rejects, as for want of a connection, the state stays `lost` and it can be called again.
   */
  restart(): Promise<void> {
    this.#restarting ??= this.#restart().finally(() => {
      this.#restarting = undefined;
    });
    return this.#restarting;
  }

  /** Ends the worker and frees all it held. Pending and later calls reject with `disposed`. */
  dispose(): void {
    if (this.#disposed !== undefined) return;
    this.#disposed = new KernelgartenError(
      'disposed',
      '[Trainer] it was disposed; make a new one with createTrainer()',
    );
    this.#connection?.close(this.#disposed);
    this.#lostListeners.clear();
    this.#stream.end();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal starts a worker with the engine in it */
  async open(): Promise<WorkerConnection> {
    const connection = new WorkerConnection(this.#workerUrl, {
      onEvent: (event) => {
        this.#handle(connection, event);
      },
      onLost: (error) => {
        this.#lose(error);
      },
    });
    this.#connection = connection;
    this.#engine = await connection.call((remote) => remote.initialize(this.#engineOptions));
    return connection;
  }

  async #restart(): Promise<void> {
    if (this.#disposed !== undefined) throw this.#disposed;
    const lost = this.#lost;
    if (lost === undefined) {
      throw new KernelgartenError(
        'invalid-argument',
        '[restart] the worker is not lost; use build() for fresh weights',
      );
    }
    try {
      const connection = await this.open();
      const source = this.#source;
      if (source) this.#data = await connection.call((remote) => remote.loadData(source));
      const specs = this.#specs;
      if (specs) {
        const { network, training } = specs;
        this.#network = await connection.call((remote) => remote.build(network, training));
      }
      this.#state = 'idle';
      this.#lost = undefined;
    } catch (thrown) {
      this.#connection?.close(lost);
      throw thrown;
    }
  }

  /** The worker, for a call; throws when there is none. */
  #live(): WorkerConnection {
    const reason = this.#disposed ?? this.#lost;
    if (reason !== undefined) throw reason;
    if (this.#connection === undefined) throw new KernelgartenError('internal', 'no worker');
    return this.#connection;
  }

  #handle(connection: WorkerConnection, message: WorkerEvent): void {
    switch (message.event) {
      case 'state':
        this.#state = message.state;
        break;
      case 'progress':
        this.#loading?.onProgress?.(message.progress);
        break;
      case 'snapshot':
        this.#stream.push(message.snapshot);
        connection.call((remote) => remote.acknowledge()).catch(ignore);
        break;
    }
  }

  #lose(error: KernelgartenError): void {
    this.#lost = error;
    this.#stream.fail(error);
    for (const listener of [...this.#lostListeners]) listener(error);
  }
}

const defaultLimit = 100;

/** For calls whose failure another call reports. */
function ignore(): void {
  // Nothing is left to do.
}
