import {
  KernelgartenError,
  type EngineInfo,
  type ErrorCode,
  type RunControl,
  type RunState,
  type Snapshot,
  type Split,
  type StepPlace,
  type TrainerOptions,
} from 'kernelgarten';
import { load, save } from '../app/storage.ts';
import { openTrainer } from './engine_choice.ts';
import { drawingSlowdown } from './pace.ts';
import type { Course, DataName, PresetChoice } from './courses.ts';
import {
  defaultSettings,
  liveKeys,
  parseSettings,
  presetSettings,
  rebuildKeys,
  type RunSettings,
} from './settings.ts';

/** How far the page is with getting ready. */
export type Phase = 'starting' | 'loading' | 'building' | 'ready' | 'failed' | 'lost';

/** Counters on the page follow the snapshots at this pace, in milliseconds, or slower. */
const COMMIT_EVERY = 100;

export const asError = (thrown: unknown): KernelgartenError =>
  thrown instanceof KernelgartenError
    ? thrown
    : new KernelgartenError('internal', thrown instanceof Error ? thrown.message : String(thrown));

/** Errors with a place of their own on the page, and the one that only says a person paused. */
const shownElsewhere: readonly ErrorCode[] = ['non-finite', 'worker-lost', 'aborted'];

/** What is measured now and then, whatever is learned. */
export interface Evaluated {
  split: Split;
  /** steps taken when it was measured */
  step: number;
}

/** What a run trains. */
export interface Trained {
  batchesPerEpoch: number;
}

/** A method, so that a session of a subtype is one of the type. */
interface Listener<Result> {
  hear(evaluation: Result, epoch: number | undefined): void;
}

/**
 * One trainer and everything the page knows about its run. What it learns from is the subclass's.
 */
export abstract class Session<
  Result extends Evaluated = Evaluated,
  Step extends StepPlace = StepPlace,
  Model extends Trained = Trained,
  Control extends RunControl<Result, Step> = RunControl<Result, Step>,
> {
  readonly course: Course;
  phase = $state<Phase>('starting');
  /** why `phase` is `failed` */
  error = $state.raw<KernelgartenError | undefined>();
  /** a refused command; the run it was meant for goes on */
  refusal = $state.raw<KernelgartenError | undefined>();
  engine = $state.raw<EngineInfo | undefined>();
  /** why the engine is not the one that the address asks for */
  engineRefusal = $state.raw<KernelgartenError | undefined>();
  received = $state.raw<{ received: number; total: number | undefined }>({
    received: 0,
    total: undefined,
  });

  /** as chosen in the form */
  settings: RunSettings;
  /** as the present network was built */
  built: RunSettings;

  /** what there is to learn from */
  available: readonly DataName[];
  /** another object for each one that is built */
  model = $state.raw<Model | undefined>();
  snapshot = $state.raw<Snapshot<Result, Step> | undefined>();
  runState = $state<RunState>('idle');
  evaluation = $state.raw<Result | undefined>();
  /** goes up whenever there is something new to draw as a curve */
  curvesVersion = $state(0);
  /** goes up whenever the weights may have changed */
  weightsVersion = $state(0);

  readonly step = $derived(this.snapshot?.step ?? 0);
  readonly ready = $derived(this.phase === 'ready');
  /** how many times less often than usual the page draws, so that the training is not held up */
  readonly slowdown = $derived(
    drawingSlowdown(this.engine?.threads ?? 1, navigator.hardwareConcurrency),
  );
  readonly running = $derived(this.ready && this.runState === 'running');
  /** settings that wait for a fresh network */
  readonly pending = $derived(rebuildKeys.filter((key) => this.settings[key] !== this.built[key]));

  #trainer: Control | undefined;
  /** `source` of what is being loaded, and of what is loaded */
  #loading: string | undefined;
  #loaded: string | undefined;
  #abort = new AbortController();
  #attempt: Promise<void> = Promise.resolve();
  #newest: Snapshot<Result, Step> | undefined;
  #commitTimer: ReturnType<typeof setTimeout> | undefined;
  #lastCommit = 0;
  #listeners = new Set<Listener<Result>>();

  constructor(course: Course) {
    this.course = course;
    const defaults = defaultSettings(course);
    this.settings = $state(
      load(course.storageKey, (value) => parseSettings(course, value)) ?? { ...defaults },
    );
    this.built = $state.raw(defaults);
    this.available = $state.raw(course.data);
  }

  /** Most examples that a batch can have. */
  abstract get mostInBatch(): number;
  /** Most steps that a sequence can have. */
  abstract get longestSequence(): number;

  /** Names what the settings say to learn from: another name, and it is loaded. */
  protected abstract get source(): string;
  /** Finds out what is `available`, before the source is named. */
  protected abstract findSource(signal: AbortSignal): Promise<void>;
  /** Takes settings back to what is possible with what was loaded. */
  protected fit(): void {
    // Anything is possible.
  }
  protected abstract create(options: TrainerOptions): Promise<Control>;
  protected abstract load(trainer: Control, signal: AbortSignal): Promise<void>;
  /** Makes fresh weights with these settings, and forgets what was recorded. */
  protected abstract build(trainer: Control, settings: RunSettings): Promise<Model>;
  /** One step, for a run that stands still. */
  protected abstract stepOnce(trainer: Control): Promise<unknown>;
  /** The rates that hold for the next step are other ones. */
  protected abstract applyRates(trainer: Control, settings: RunSettings): Promise<void>;
  /** Those that hold, where somebody else changed them. */
  protected abstract readRates(
    trainer: Control,
  ): Promise<Partial<Pick<RunSettings, (typeof liveKeys)[number]>>>;
  /** Keeps what will be drawn as curves. */
  protected abstract record(step: Step): void;
  protected abstract recordEvaluation(evaluation: Result): void;

  /** Gets everything ready; also the retry after a failure. Cuts short an attempt under way. */
  async start(): Promise<void> {
    this.#abort.abort();
    const abort = new AbortController();
    this.#abort = abort;
    await this.#attempt;
    if (abort.signal.aborted) return;
    this.#attempt = this.#prepare(abort.signal);
    await this.#attempt;
  }

  /** After the worker died: a new worker with the same data and fresh weights. */
  async restart(): Promise<void> {
    const trainer = this.#trainer;
    if (trainer === undefined) return;
    this.phase = 'building';
    this.error = undefined;
    try {
      await trainer.restart();
    } catch (thrown) {
      this.error = asError(thrown);
      this.phase = 'lost';
      return;
    }
    void this.#follow(trainer);
    await this.start();
  }

  dispose(): void {
    this.#abort.abort();
    clearTimeout(this.#commitTimer);
    this.#trainer?.dispose();
  }

  /** The trainer once there is something to ask it. */
  get trainer(): Control | undefined {
    return this.phase === 'ready' ? this.#trainer : undefined;
  }

  /** Trains until the chosen number of epochs is complete, or pauses. */
  toggle(): Promise<void> {
    return this.command((trainer) =>
      trainer.state === 'running' ? trainer.pause() : trainer.run({ epochs: this.#epochsLeft() }),
    );
  }

  stepBatch(): Promise<void> {
    return this.command(async (trainer) => {
      await this.stepOnce(trainer);
    });
  }

  stepEpoch(): Promise<void> {
    return this.command((trainer) => trainer.stepEpoch());
  }

  /** Some seconds of training back, with the learning rates of then. */
  rewind(): Promise<void> {
    return this.command(async (trainer) => {
      await trainer.rewind();
      const rates = await this.readRates(trainer);
      Object.assign(this.settings, rates);
      this.built = { ...this.built, ...rates };
      save(this.course.storageKey, this.settings);
      this.weightsVersion += 1;
    });
  }

  evaluate(): Promise<void> {
    return this.command(async (trainer) => {
      this.evaluation = await trainer.evaluate('test');
    });
  }

  /** Fresh weights with the chosen settings. */
  async reset(): Promise<void> {
    this.refusal = undefined;
    await this.start();
  }

  /** Changes a setting; before the first step a rebuild is free, so it happens at once. */
  async change<K extends keyof RunSettings>(key: K, value: RunSettings[K]): Promise<void> {
    this.settings[key] = value;
    await this.#settingsChanged();
  }

  async choosePreset(name: PresetChoice): Promise<void> {
    Object.assign(this.settings, presetSettings(name));
    await this.#settingsChanged();
  }

  /** Several settings at once, and fresh weights. */
  async applySettings(settings: Partial<RunSettings>): Promise<void> {
    Object.assign(this.settings, settings);
    save(this.course.storageKey, this.settings);
    await this.reset();
  }

  /** Takes back the changes that wait for a fresh network. */
  discardPending(): void {
    for (const key of rebuildKeys) Object.assign(this.settings, { [key]: this.built[key] });
    save(this.course.storageKey, this.settings);
  }

  /**
   * @param listener is told about evaluations of the test split, and which epoch ends with them, if any
   * @returns stops listening
   */
  onEvaluation(listener: Listener<Result>['hear']): () => void {
    const entry: Listener<Result> = { hear: listener };
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  async #settingsChanged(): Promise<void> {
    save(this.course.storageKey, this.settings);
    const otherData = this.phase === 'loading' && this.source !== this.#loading;
    const untouched = this.ready && this.step === 0 && this.runState === 'idle';
    if (otherData || (untouched && this.pending.length > 0)) {
      await this.start();
      return;
    }
    if (!this.ready) return;
    const { epochs } = this.settings;
    const rates = liveKeys.filter((key) => this.settings[key] !== this.built[key]);
    if (rates.length > 0) {
      const settings = $state.snapshot(this.settings);
      for (const key of rates) this.built = { ...this.built, [key]: settings[key] };
      await this.command((trainer) => this.applyRates(trainer, settings));
    }
    if (epochs !== this.built.epochs) {
      this.built = { ...this.built, epochs };
      await this.command(async (trainer) => {
        if (trainer.state !== 'running') return;
        await trainer.pause();
        await trainer.run({ epochs: this.#epochsLeft() });
      });
    }
  }

  /** The epoch that ends with a step. */
  #epochAfter(step: number): number | undefined {
    const epoch = step / (this.model?.batchesPerEpoch ?? 1);
    return step > 0 && Number.isInteger(epoch) ? epoch : undefined;
  }

  /** Epochs still to do; with all of them done, the same number once more. */
  #epochsLeft(): number {
    const { epoch, batch, batchesPerEpoch } = this.#newest ?? {
      epoch: 0,
      batch: 0,
      batchesPerEpoch: 0,
    };
    const complete = batch === batchesPerEpoch ? epoch : epoch - 1;
    const left = this.settings.epochs - complete;
    return left > 0 ? left : this.settings.epochs;
  }

  async #prepare(signal: AbortSignal): Promise<void> {
    if (this.#broken) this.#discardTrainer();
    this.error = undefined;
    try {
      this.#trainer ??= await this.#open();
      this.engine = this.#trainer.engine;
      // What was changed while the network was being built is in the next one.
      do {
        await this.#loadSource(this.#trainer, signal);
        await this.#build(this.#trainer);
      } while (this.pending.length > 0 && !signal.aborted);
    } catch (thrown) {
      const error = asError(thrown);
      if (signal.aborted || this.phase === 'lost') return;
      this.error = error;
      this.phase = 'failed';
    }
  }

  /** After a defect the engine cannot be trusted any more. */
  get #broken(): boolean {
    return this.error?.code === 'internal' || this.snapshot?.failure?.code === 'internal';
  }

  #discardTrainer(): void {
    this.#trainer?.dispose();
    this.#trainer = undefined;
    this.#loaded = undefined;
  }

  async #open(): Promise<Control> {
    this.phase = 'starting';
    const wanted = new URLSearchParams(location.search).get('engine');
    const { trainer, refusal } = await openTrainer(wanted, (options) => this.create(options));
    this.engineRefusal = refusal;
    trainer.onLost((error) => {
      this.error = error;
      this.phase = 'lost';
    });
    void this.#follow(trainer);
    return trainer;
  }

  async #loadSource(trainer: Control, signal: AbortSignal): Promise<void> {
    await this.findSource(signal);
    const source = this.source;
    if (this.#loaded === source) return;
    this.#loading = source;
    this.phase = 'loading';
    this.received = { received: 0, total: undefined };
    await this.load(trainer, signal);
    this.#loaded = source;
  }

  async #build(trainer: Control): Promise<void> {
    this.phase = 'building';
    this.fit();
    const settings = $state.snapshot(this.settings);
    this.model = await this.build(trainer, settings);
    this.built = settings;
    this.#newest = undefined;
    this.snapshot = undefined;
    this.evaluation = undefined;
    this.runState = 'idle';
    this.curvesVersion += 1;
    this.weightsVersion += 1;
    this.phase = 'ready';
  }

  /** Asks the trainer for something that it may refuse. */
  protected async command(action: (trainer: Control) => Promise<void>): Promise<void> {
    const trainer = this.trainer;
    if (trainer === undefined) return;
    this.refusal = undefined;
    try {
      await action(trainer);
    } catch (thrown) {
      const error = asError(thrown);
      if (!shownElsewhere.includes(error.code)) this.refusal = error;
    }
    if (trainer.state !== 'lost') this.runState = trainer.state;
    this.#commit();
  }

  async #follow(trainer: Control): Promise<void> {
    try {
      for await (const snapshot of trainer.metrics()) this.#receive(snapshot);
    } catch {
      // The worker died; `onLost` has said so.
    }
  }

  #receive(snapshot: Snapshot<Result, Step>): void {
    // Of a network that is shown no longer, or not yet.
    if (this.phase === 'building') return;
    for (const step of snapshot.steps) this.record(step);
    for (const evaluation of snapshot.evaluations) {
      this.recordEvaluation(evaluation);
      if (evaluation.split === 'test') {
        this.evaluation = evaluation;
        for (const listener of this.#listeners) {
          listener.hear(evaluation, this.#epochAfter(evaluation.step));
        }
      }
    }
    this.#newest = snapshot;
    const wait = this.#lastCommit + COMMIT_EVERY * this.slowdown - performance.now();
    if (wait <= 0 || snapshot.state !== this.runState) this.#commit();
    else
      this.#commitTimer ??= setTimeout(() => {
        this.#commit();
      }, wait);
  }

  #commit(): void {
    clearTimeout(this.#commitTimer);
    this.#commitTimer = undefined;
    this.#lastCommit = performance.now();
    const newest = this.#newest;
    if (newest === undefined) return;
    this.runState = newest.state;
    this.curvesVersion += 1;
    if (newest.step !== this.snapshot?.step) this.weightsVersion += 1;
    this.snapshot = newest;
  }
}
