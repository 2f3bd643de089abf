import type { Engine } from './engine.js';
import type { LoadProgress } from './data_source.js';
import { KernelgartenError } from './errors.js';
import { Mailbox } from './mailbox.js';
import { makeScheduler } from './scheduler.js';
import { TrainingLoop, type Trainable } from './training_loop.js';
import type { RunState, Snapshot, Split, StepMetrics, StepPlace } from './types.js';

export interface SessionEvents<Result, Step extends StepPlace = StepMetrics> {
  /** Called as soon as the state of the run changes. */
  onState(state: RunState): void;
  onSnapshot(snapshot: Snapshot<Result, Step>): void;
  onProgress(progress: LoadProgress): void;
}

interface Run<Result, Model, Step extends StepPlace> {
  model: Model;
  loop: TrainingLoop<Result, Step>;
}

/**
 * What the worker does, without the worker: one model and one loop that trains it. What it learns
 * from is the subclass's. {@link RunControl} documents each call as seen from outside.
 */
export abstract class RunSession<
  Result,
  Model extends Trainable<Result, Step> & { dispose(): void },
  Step extends StepPlace = StepMetrics,
> {
  protected readonly engine: Engine;
  protected readonly events: SessionEvents<Result, Step>;
  readonly #mailbox: Mailbox<Snapshot<Result, Step>>;
  #run: Run<Result, Model, Step> | undefined;

  constructor(engine: Engine, events: SessionEvents<Result, Step>) {
    this.engine = engine;
    this.events = events;
    this.#mailbox = new Mailbox((snapshot) => {
      events.onSnapshot(snapshot);
    });
  }

  run(epochs: number): void {
    this.requireLoop('run').run(epochs);
  }

  pause(): void {
    this.requireLoop('pause').pause();
  }

  resume(): void {
    this.requireLoop('resume').resume();
  }

  stop(): void {
    this.requireLoop('stop').stop();
  }

  async stepEpoch(): Promise<void> {
    return this.requireLoop('stepEpoch').stepEpoch();
  }

  rewind(): number {
    return this.requireLoop('rewind').rewind()?.step ?? 0;
  }

  async evaluate(split: Split): Promise<Result> {
    return this.requireLoop('evaluate').evaluate(split);
  }

  /** The page has taken the last snapshot. */
  acknowledge(): void {
    this.#mailbox.acknowledge();
    this.#run?.loop.flush();
  }

  /** Frees everything in the engine; the session is of no use afterwards. */
  dispose(): void {
    this.dropModel('[dispose] the session was disposed');
  }

  /**
   * @param examples that an epoch goes through
   * @param mostEvaluation share of the time of training by which evaluations may delay it
   */
  protected train(
    model: Model,
    batchesPerEpoch: number,
    examples: number,
    mostEvaluation = Infinity,
  ): void {
    this.dropModel('[build] another network took the place of this one');
    const loop = new TrainingLoop<Result, Step>(model, {
      batchesPerEpoch,
      mostEvaluation,
      examplesPerStep: examples / batchesPerEpoch,
      scheduler: makeScheduler(),
      mailbox: this.#mailbox,
      onState: (state) => {
        this.events.onState(state);
      },
      now: () => performance.now(),
    });
    this.#run = { model, loop };
  }

  protected dropModel(reason: string): void {
    this.#run?.loop.dispose(new KernelgartenError('aborted', reason));
    this.#run?.model.dispose();
    this.#run = undefined;
  }

  protected requireModel(call: string): Model {
    return this.#requireRun(call).model;
  }

  protected requireLoop(call: string): TrainingLoop<Result, Step> {
    return this.#requireRun(call).loop;
  }

  #requireRun(call: string): Run<Result, Model, Step> {
    if (this.#run !== undefined) return this.#run;
    throw new KernelgartenError(
      'invalid-argument',
      `[${call}] there is no network yet; call build() first`,
    );
  }
}
