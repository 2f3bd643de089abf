import { defer, type Deferred } from './deferred.js';
import { KernelgartenError, toKernelgartenError } from './errors.js';
import { EvaluationBudget } from './evaluation_budget.js';
import { EvaluationQueue, type Evaluable } from './evaluation_queue.js';
import type { Mailbox } from './mailbox.js';
import { RateMeter } from './rate_meter.js';
import { RewindPoints } from './rewind_points.js';
import type { Scheduler } from './scheduler.js';
import { maxBacklog } from './snapshot.js';
import type { RunState, Snapshot, Split, StepMetrics, StepPlace } from './types.js';

/** What the loop drives; {@link Classifier} is one. */
export interface Trainable<Result, Step extends StepPlace = StepMetrics> extends Evaluable<Result> {
  learningRate: number;
  /** a part of a step; metrics with the last one */
  advanceStep(): Step | undefined;
  checkpoint(): Uint8Array;
  restore(checkpoint: Uint8Array): void;
}

export interface LoopOptions<Result, Step extends StepPlace = StepMetrics> {
  batchesPerEpoch: number;
  /** share of the time of training by which evaluations may delay it; at an epoch's end others are left out */
  mostEvaluation: number;
  /** images, characters or values in one step on average, for the rate shown */
  examplesPerStep: number;
  scheduler: Scheduler;
  /** milliseconds from any fixed moment */
  now(): number;
  mailbox: Mailbox<Snapshot<Result, Step>>;
  onState(state: RunState): void;
}

/**
 * A slice of work ends before this, unless a single part of a step takes longer. It ends when another
 * part as long as the longest would overrun, so it lasts more than half of this: one snapshot a slice
 * is less than one a frame.
 */
const sliceMilliseconds = 40;

/**
 * Trains in slices, so that whoever shares the thread gets a word in between: pause, stop and
 * questions about the network arrive between two slices and take effect at once, in the middle of a
 * step too: it shows nowhere until it is finished, when training goes on. Evaluations come first,
 * because the weights must not move under them; then steps, while the state is `running`.
 */
export class TrainingLoop<Result, Step extends StepPlace = StepMetrics> {
  readonly #model: Trainable<Result, Step>;
  readonly #options: LoopOptions<Result, Step>;
  #state: RunState = 'idle';
  #failure: KernelgartenError | undefined;
  #scheduled = false;
  #disposed = false;

  /** epoch after which the run is finished */
  #lastEpoch = 0;
  /** a `stepEpoch` on its way, with the epoch it ends after */
  #epochStep: { epoch: number; done: Deferred<undefined> } | undefined;
  /** an epoch has ended and its test evaluation has not */
  #evaluationDue = false;
  readonly #queue: EvaluationQueue<Result>;
  readonly #evaluationBudget: EvaluationBudget;

  #newest: Step | undefined;
  /** spent on the step in progress */
  #stepMilliseconds = 0;
  readonly #stepRate = new RateMeter();

  readonly #rewindPoints = new RewindPoints<Step>();

  #steps: Step[] = [];
  #evaluations: Result[] = [];
  #dirty = false;

  constructor(model: Trainable<Result, Step>, options: LoopOptions<Result, Step>) {
    this.#model = model;
    this.#options = options;
    this.#evaluationBudget = new EvaluationBudget(options.mostEvaluation);
    this.#queue = new EvaluationQueue(model, this.#evaluationBudget, () => options.now());
    this.#setState('idle');
  }

  get state(): RunState {
    return this.#state;
  }

  /** Trains until `epochs` more epochs are complete; one in progress is finished and counts. */
  run(epochs: number): void {
    this.#refuseWhileRunning('run');
    if (!Number.isInteger(epochs) || epochs < 1) {
      throw new KernelgartenError(
        'invalid-argument',
        `[run] epochs must be a whole number of at least 1, got ${epochs}`,
      );
    }
    this.#lastEpoch = this.#completedEpochs + epochs;
    this.#start();
  }

  /** Stands still until `resume`; nothing happens when nothing runs. */
  pause(): void {
    if (this.#state !== 'running') return;
    this.#cutEpochStep('pause() was called before the epoch ended');
    this.#standStill('paused');
  }

  resume(): void {
    if (this.#state !== 'paused') {
      throw new KernelgartenError(
        'invalid-argument',
        `[resume] only a paused run can go on, and this one is ${this.#state}; call run() instead`,
      );
    }
    if (this.#completedEpochs >= this.#lastEpoch && !this.#evaluationDue) {
      throw new KernelgartenError(
        'invalid-argument',
        `[resume] the run has no epoch left; call run({ epochs }) to train further`,
      );
    }
    this.#start();
  }

  /** Back to idle; the weights stay, the plan and its failure are forgotten. */
  stop(): void {
    if (this.#state === 'idle') return;
    this.#cutEpochStep('stop() was called before the epoch ended');
    this.#lastEpoch = 0;
    this.#evaluationDue = false;
    this.#standStill('idle');
  }

  /** One step, now; or the rest of the one in progress. */
  stepBatch(): Step {
    this.#refuseWhileRunning('stepBatch');
    this.#queue.interrupt();
    try {
      let metrics;
      while (metrics === undefined) metrics = this.#advanceStep();
      this.#setState(this.#state === 'paused' ? 'paused' : 'idle');
      return metrics;
    } catch (thrown) {
      throw this.#fail(thrown);
    }
  }

  /** To the end of the epoch in progress (or of the next, between two), its evaluation included. */
  stepEpoch(): Promise<undefined> {
    this.#refuseWhileRunning('stepEpoch');
    const done = defer<undefined>();
    this.#epochStep = { epoch: this.#completedEpochs + 1, done };
    this.#start();
    return done.promise;
  }

  /**
   * Back to how the model was some seconds of training ago, and further back when called again. A run
   * stands still there.
   *
   * @returns the last step before, undefined where that are fresh weights
   */
  rewind(): Step | undefined {
    const point = this.#rewindPoints.take();
    if (point === undefined) {
      throw new KernelgartenError(
        'invalid-argument',
        '[rewind] there is nothing to go back to: no step was taken yet',
      );
    }
    this.#cutEpochStep('rewind() was called before the epoch ended');
    this.#model.restore(point.checkpoint);
    this.#newest = point.step;
    this.#evaluationDue = false;
    this.#stepMilliseconds = 0;
    this.#standStill(this.#completedEpochs < this.#lastEpoch ? 'paused' : 'idle');
    return point.step;
  }

  /** Evaluates a split before any further step. */
  evaluate(split: Split): Promise<Result> {
    const result = this.#queue.ask(split);
    this.#schedule();
    return result;
  }

  setLearningRate(rate: number): void {
    this.#model.learningRate = rate;
    this.#send();
  }

  /** The mailbox is free again. A run waits for the end of its slice, so as not to post twice a frame. */
  flush(): void {
    if (this.#state !== 'running') this.#post();
  }

  /** Ends everything; promises not yet kept are rejected. The model is the caller's to dispose. */
  dispose(reason: KernelgartenError): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#epochStep?.done.reject(reason);
    this.#queue.dispose(reason);
    this.#options.scheduler.close();
  }

  get #completedEpochs(): number {
    const { epoch, batch } = this.#newest ?? { epoch: 0, batch: this.#options.batchesPerEpoch };
    return batch === this.#options.batchesPerEpoch ? epoch : epoch - 1;
  }

  #refuseWhileRunning(call: string): void {
    if (this.#state !== 'running') return;
    throw new KernelgartenError(
      'invalid-argument',
      `[${call}] a run is going on; call pause() or stop() first`,
    );
  }

  #start(): void {
    this.#failure = undefined;
    this.#setState('running');
    this.#schedule();
  }

  #standStill(state: RunState): void {
    this.#queue.interrupt();
    this.#setState(state);
  }

  #cutEpochStep(reason: string): void {
    this.#epochStep?.done.reject(new KernelgartenError('aborted', `[stepEpoch] ${reason}`));
    this.#epochStep = undefined;
  }

  #fail(thrown: unknown): KernelgartenError {
    this.#stepMilliseconds = 0;
    const error = toKernelgartenError(thrown);
    this.#failure = error;
    this.#epochStep?.done.reject(error);
    this.#epochStep = undefined;
    this.#standStill('failed');
    return error;
  }

  #setState(state: RunState): void {
    this.#state = state;
    if (state !== 'failed') this.#failure = undefined;
    this.#options.onState(state);
    this.#send();
  }

  #schedule(): void {
    if (this.#scheduled || this.#disposed) return;
    this.#scheduled = true;
    this.#options.scheduler.schedule(() => {
      this.#scheduled = false;
      this.#slice();
    });
  }

  #slice(): void {
    const clock = this.#options;
    const start = clock.now();
    let more = true;
    let longest = 0;
    while (more && !this.#disposed && clock.now() - start + longest <= sliceMilliseconds) {
      const before = clock.now();
      more = this.#work();
      longest = Math.max(longest, clock.now() - before);
    }
    if (this.#disposed) return;
    this.#post();
    if (more) this.#schedule();
  }

  /** The next piece of work; false when there is none. */
  #work(): boolean {
    try {
      if (this.#queue.busy) this.#advanceEvaluation();
      else if (!this.#queue.begin(this.#wantsEvaluation(), this.#stepsWait)) {
        if (this.#state !== 'running') return false;
        this.#advanceStep();
      }
    } catch (thrown) {
      this.#fail(thrown);
    }
    return true;
  }

  #advanceStep(): Step | undefined {
    if (this.#newest === undefined && this.#stepMilliseconds === 0) this.#offerRewindPoint(0);
    const before = this.#options.now();
    const metrics = this.#model.advanceStep();
    this.#stepMilliseconds += this.#options.now() - before;
    if (metrics === undefined) return undefined;
    this.#newest = metrics;
    this.#stepRate.add(1, this.#stepMilliseconds);
    this.#offerRewindPoint(this.#stepMilliseconds);
    this.#evaluationBudget.train(this.#stepMilliseconds);
    this.#stepMilliseconds = 0;
    this.#steps.push(metrics);
    if (this.#steps.length >= 2 * maxBacklog) this.#steps = this.#steps.slice(-maxBacklog);
    if (metrics.batch === this.#options.batchesPerEpoch) this.#evaluationDue = true;
    this.#dirty = true;
    return metrics;
  }

  /** Whether a run stands still after the epoch that has ended. */
  get #endsRun(): boolean {
    return this.#epochStep !== undefined || this.#completedEpochs >= this.#lastEpoch;
  }

  /** Whether steps of a run come after what is done now. */
  get #stepsWait(): boolean {
    return this.#state === 'running' && !this.#endsRun;
  }

  /** After an epoch of a run, unless the next ones would be delayed too long. */
  #wantsEvaluation(): boolean {
    if (!this.#evaluationDue || this.#state !== 'running') return false;
    this.#evaluationDue = this.#endsRun || this.#evaluationBudget.allowsOne;
    return this.#evaluationDue;
  }

  #offerRewindPoint(spent: number): void {
    this.#rewindPoints.offer(spent, this.#newest, () => this.#model.checkpoint());
  }

  #advanceEvaluation(): void {
    const done = this.#queue.advance(this.#stepsWait);
    if (done === undefined) return;
    this.#evaluations.push(done.evaluation);
    this.#dirty = true;
    if (done.ofRun) this.#endEpoch();
    else this.#send();
  }

  #endEpoch(): void {
    this.#evaluationDue = false;
    const completed = this.#completedEpochs;
    if (this.#epochStep !== undefined) {
      if (completed < this.#epochStep.epoch) return;
      const planFulfilled = this.#lastEpoch > 0 && completed >= this.#lastEpoch;
      this.#setState(planFulfilled ? 'finished' : 'paused');
      this.#epochStep.done.resolve(undefined);
      this.#epochStep = undefined;
    } else if (completed >= this.#lastEpoch) this.#setState('finished');
  }

  /** Tells of progress, once the reader has read what it was told before. */
  #post(): void {
    if (this.#dirty && this.#options.mailbox.free) this.#send();
  }

  /**
   * Where something other than progress changed, at once, so that whoever called for it finds it said when
   * the call returns.
   */
  #send(): void {
    this.#dirty = false;
    const snapshot = this.#snapshot();
    this.#steps = [];
    this.#evaluations = [];
    this.#options.mailbox.send(snapshot);
  }

  #snapshot(): Snapshot<Result, Step> {
    const { epoch, batch, step } = this.#newest ?? { epoch: 0, batch: 0, step: 0 };
    const epochs = Math.max(this.#lastEpoch, this.#epochStep?.epoch ?? 0, epoch);
    const { batchesPerEpoch, examplesPerStep } = this.#options;
    const failure = this.#failure;
    return {
      state: this.#state,
      epoch,
      epochs,
      batch,
      batchesPerEpoch,
      step,
      examplesPerSecond: this.#stepRate.rate * examplesPerStep * 1000,
      secondsLeft: this.#secondsLeft(epochs),
      learningRate: this.#model.learningRate,
      steps: this.#steps.slice(-maxBacklog),
      evaluations: this.#evaluations,
      ...(failure && {
        failure: { code: failure.code, message: failure.message, where: failure.where },
      }),
    };
  }

  #secondsLeft(epochs: number): number {
    if (this.#state === 'idle' || this.#state === 'failed') return Number.NaN;
    const stepsLeft = epochs * this.#options.batchesPerEpoch - (this.#newest?.step ?? 0);
    const evaluationsLeft = epochs - this.#completedEpochs + (this.#evaluationDue ? 1 : 0);
    const milliseconds =
      stepsLeft / this.#stepRate.rate + evaluationsLeft * this.#evaluationBudget.cost;
    return milliseconds / 1000;
  }
}
