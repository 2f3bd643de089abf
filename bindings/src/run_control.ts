/// <reference lib="esnext.disposable" preserve="true" />
import type { Remote } from 'comlink';
import type { LoadProgress } from './data_source.js';
import type { EngineOptions } from './engine.js';
import { KernelgartenError } from './errors.js';
import { absoluteUrl } from './platform.js';
import type { Reply, SessionKind, WorkerApi, WorkerEvent } from './protocol.js';
import { SnapshotStream } from './snapshot_stream.js';
import type { RunState, Snapshot, Split, StepMetrics, StepPlace } from './types.js';
import type { EngineInfo } from './variant.js';
import { WorkerConnection } from './worker_connection.js';

export interface TrainerOptions extends EngineOptions {
  /** Where the worker script is, when no bundler or Node finds `worker.js` beside this module. */
  workerUrl?: string | URL | undefined;
}

/**
 * A worker that trains, whatever it learns and from what: a {@link NetworkTrainer} is one, and a
 * {@link GanTrainer}.
 *
 * Calls take effect in the order they are made, and see the network as the last finished step left
 * it. A call that makes no sense in the present state rejects with `invalid-argument` and changes
 * nothing; every call may also reject with `worker-lost` and `disposed`.
 */
export abstract class RunControl<Result, Step extends StepPlace = StepMetrics> {
  readonly #kind: SessionKind;
  readonly #engineOptions: EngineOptions;
  readonly #workerUrl: string | undefined;
  readonly #stream = new SnapshotStream<Result, Step>();
  readonly #lostListeners = new Set<(error: KernelgartenError) => void>();
  #connection: WorkerConnection | undefined;
  #engine: EngineInfo | undefined;
  #disposed: KernelgartenError | undefined;
  #lost: KernelgartenError | undefined;
  #restarting: Promise<void> | undefined;
  #state: RunState = 'idle';

  /** @internal */
  protected constructor(
    kind: SessionKind,
    { variant, threads, wasmUrl, workerUrl }: TrainerOptions,
  ) {
    this.#kind = kind;
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

  /**
   * Starts a run and resolves; {@link metrics} tells how it goes and when it is `finished` or
   * `failed`. After each epoch the test split is evaluated. Rejects while a run is going on.
   *
   * @param options.epochs epochs to complete from now, default 1; one in progress counts as the first
   */
  async run(options: { epochs?: number } = {}): Promise<void> {
    const { epochs = 1 } = options;
    return this.call((remote) => remote.run(epochs));
  }

  /**
   * Interrupts a run. When the promise resolves nothing is being computed and no step follows; one that
   * was in progress shows nowhere and is finished when training goes on. Does nothing when nothing
   * runs.
   */
  async pause(): Promise<void> {
    return this.call((remote) => remote.pause());
  }

  /** Goes on with a paused run; rejects when there is none or all its epochs are done. */
  async resume(): Promise<void> {
    return this.call((remote) => remote.resume());
  }

  /** Ends a run as {@link pause} does, but for good: back to idle. The weights are kept. */
  async stop(): Promise<void> {
    return this.call((remote) => remote.stop());
  }

  /**
   * Trains to the end of the epoch, evaluates the test split, then pauses (or finishes, when that was
   * the last epoch of a run). Rejects while a run is going on, and with `aborted` when another call
   * cuts it short.
   */
  async stepEpoch(): Promise<void> {
    return this.call((remote) => remote.stepEpoch());
  }

  /**
   * Snapshots of the training, from now on: first the newest there is, then news as they come, at most
   * one a frame. A slow reader gets fewer, but each step and evaluation in one of them. Ends when the
   * trainer is disposed; throws `worker-lost` when the worker dies.
   */
  metrics(): AsyncIterableIterator<Snapshot<Result, Step>> {
    return this.#stream.open();
  }

  /** Runs a whole split through the network; a run waits meanwhile. */
  abstract evaluate(split?: Split): Promise<Result>;

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
    this.#engine = await connection.call((remote) =>
      remote.initialize(this.#kind, this.#engineOptions),
    );
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
      await this.reload(connection);
      await this.rebuild(connection);
      this.#state = 'idle';
      this.#lost = undefined;
    } catch (thrown) {
      this.#connection?.close(lost);
      throw thrown;
    }
  }

  /** The snapshot that a message brings, if it is of this kind of run. */
  protected abstract snapshotIn(message: WorkerEvent): Snapshot<Result, Step> | undefined;

  /** Takes to a new worker what the lost one had loaded. */
  protected abstract reload(connection: WorkerConnection): Promise<void>;

  /** Builds in a new worker what the lost one had built. */
  protected abstract rebuild(connection: WorkerConnection): Promise<void>;

  /** How far a load is; absent where everything is loaded at once. */
  protected onProgress?(progress: LoadProgress): void;

  /** Calls the worker; throws when there is none. */
  protected call<Value>(
    invoke: (remote: Remote<WorkerApi>) => Promise<Reply<Value>>,
  ): Promise<Value> {
    return this.#live().call(invoke);
  }

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
        this.onProgress?.(message.progress);
        break;
      default: {
        const snapshot = this.snapshotIn(message);
        if (snapshot === undefined) break;
        this.#stream.push(snapshot);
        connection.call((remote) => remote.acknowledge()).catch(ignore);
      }
    }
  }

  #lose(error: KernelgartenError): void {
    this.#lost = error;
    this.#stream.fail(error);
    for (const listener of [...this.#lostListeners]) listener(error);
  }
}

/** A trainer whose worker runs. */
export async function opened<Control extends { open(): Promise<unknown>; dispose(): void }>(
  trainer: Control,
): Promise<Control> {
  try {
    await trainer.open();
    return trainer;
  } catch (thrown) {
    trainer.dispose();
    throw thrown;
  }
}

/** For calls whose failure another call reports. */
export function ignore(): void {
  // Nothing is left to do.
}
