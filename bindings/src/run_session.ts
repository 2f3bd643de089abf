import type { Engine } from './engine.js';
import type { LoadProgress } from './data_source.js';
import { KernelgartenError } from './errors.js';
import { Mailbox } from './mailbox.js';
import type { RawTrainedNetwork } from './raw.js';
import { makeScheduler } from './scheduler.js';
import type { TrainedNetwork } from './trained_network.js';
import { TrainingLoop, type Trainable } from './training_loop.js';
import type {
  LayerInspection,
  LayerStatistics,
  NetworkInfo,
  RunState,
  Snapshot,
  Split,
  StepMetrics,
  Tensor,
} from './types.js';

export interface SessionEvents<Result> {
  /** Called as soon as the state of the run changes. */
  onState(state: RunState): void;
  onSnapshot(snapshot: Snapshot<Result>): void;
  onProgress(progress: LoadProgress): void;
}

/** A network in this thread that a loop can train. */
type Network<Result> = TrainedNetwork<RawTrainedNetwork> & Trainable<Result>;

/** Those of the layers whose index is in `wanted`; all of them without it. */
export function pickLayers(
  layers: LayerInspection[],
  wanted: readonly number[] | undefined,
): LayerInspection[] {
  return wanted ? layers.filter(({ index }) => wanted.includes(index)) : layers;
}

interface Model<Result, Trained> {
  network: Trained;
  loop: TrainingLoop<Result>;
}

/**
 * What the worker does, without the worker: one network and one loop that trains it. What it learns
 * from is the subclass's. {@link RunControl} documents each call as seen from outside.
 */
export abstract class RunSession<Result, Trained extends Network<Result>> {
  protected readonly engine: Engine;
  protected readonly events: SessionEvents<Result>;
  readonly #mailbox: Mailbox<Snapshot<Result>>;
  #model: Model<Result, Trained> | undefined;

  constructor(engine: Engine, events: SessionEvents<Result>) {
    this.engine = engine;
    this.events = events;
    this.#mailbox = new Mailbox((snapshot) => {
      events.onSnapshot(snapshot);
    });
  }

  run(epochs: number): void {
    this.#requireModel('run').loop.run(epochs);
  }

  pause(): void {
    this.#requireModel('pause').loop.pause();
  }

  resume(): void {
    this.#requireModel('resume').loop.resume();
  }

  stop(): void {
    this.#requireModel('stop').loop.stop();
  }

  stepBatch(): StepMetrics {
    return this.#requireModel('stepBatch').loop.stepBatch();
  }

  async stepEpoch(): Promise<void> {
    return this.#requireModel('stepEpoch').loop.stepEpoch();
  }

  setLearningRate(rate: number): void {
    this.#requireModel('setLearningRate').loop.setLearningRate(rate);
  }

  async evaluate(split: Split): Promise<Result> {
    return this.#requireModel('evaluate').loop.evaluate(split);
  }

  /** The page has taken the last snapshot. */
  acknowledge(): void {
    this.#mailbox.acknowledge();
    this.#model?.loop.flush();
  }

  weights(layer: number): Tensor[] {
    return this.requireNetwork('weights').weights(layer);
  }

  gradients(layer: number): Tensor[] {
    return this.requireNetwork('gradients').gradients(layer);
  }

  statistics(): LayerStatistics[] {
    return this.requireNetwork('statistics').statistics();
  }

  /** Frees everything in the engine; the session is of no use afterwards. */
  dispose(): void {
    this.dropNetwork('[dispose] the session was disposed');
  }

  /** @param examples that an epoch goes through */
  protected train(network: Trained, examples: number): NetworkInfo {
    const info = network.info();
    this.dropNetwork('[build] another network took the place of this one');
    const loop = new TrainingLoop(network, {
      batchesPerEpoch: info.batchesPerEpoch,
      examplesPerStep: examples / info.batchesPerEpoch,
      scheduler: makeScheduler(),
      mailbox: this.#mailbox,
      onState: (state) => {
        this.events.onState(state);
      },
      now: () => performance.now(),
    });
    this.#model = { network, loop };
    return info;
  }

  protected dropNetwork(reason: string): void {
    this.#model?.loop.dispose(new KernelgartenError('aborted', reason));
    this.#model?.network.dispose();
    this.#model = undefined;
  }

  protected requireNetwork(call: string): Trained {
    return this.#requireModel(call).network;
  }

  #requireModel(call: string): Model<Result, Trained> {
    if (this.#model !== undefined) return this.#model;
    throw new KernelgartenError(
      'invalid-argument',
      `[${call}] there is no network yet; call build() first`,
    );
  }
}
