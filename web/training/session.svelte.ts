import {
  KernelgartenError,
  type DataInfo,
  type EngineInfo,
  type ErrorCode,
  type Evaluation,
  type NetworkInfo,
  type PresetName,
  type RunState,
  type Snapshot,
  type StepMetrics,
  type Trainer,
} from 'kernelgarten';
import { load, save } from '../app/storage.ts';
import { History } from '../charts/history.ts';
import { openTrainer } from './engine_choice.ts';
import { fetchManifest, type Manifest } from './manifest.ts';
import { drawingSlowdown } from './pace.ts';
import {
  dataNames,
  defaultSettings,
  parseSettings,
  presetSettings,
  rebuildKeys,
  specs,
  type Course,
  type DataName,
  type RunSettings,
} from './settings.ts';

/** How far the page is with getting ready. */
export type Phase = 'starting' | 'loading' | 'building' | 'ready' | 'failed' | 'lost';

/** Counters on the page follow the snapshots at this pace, in milliseconds, or slower. */
const COMMIT_EVERY = 100;

const asError = (thrown: unknown): KernelgartenError =>
  thrown instanceof KernelgartenError
    ? thrown
    : new KernelgartenError('internal', thrown instanceof Error ? thrown.message : String(thrown));

/** Errors with a place of their own on the page, and the one that only says a person paused. */
const shownElsewhere: readonly ErrorCode[] = ['non-finite', 'worker-lost', 'aborted'];

/** One trainer and everything the page knows about its run. */
export class Session {
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

  available = $state.raw<readonly DataName[]>(['digits']);
  data = $state.raw<DataInfo | undefined>();
  network = $state.raw<NetworkInfo | undefined>();
  snapshot = $state.raw<Snapshot | undefined>();
  runState = $state<RunState>('idle');
  evaluation = $state.raw<Evaluation | undefined>();
  /** goes up whenever there is something new to draw as a curve */
  curvesVersion = $state(0);
  /** the worst step of a run that was thrown far off, until it has found back */
  overshoot = $state.raw<StepMetrics | undefined>();
  /** goes up whenever the weights may have changed */
  weightsVersion = $state(0);
  history = $state.raw(new History(1));

  readonly step = $derived(this.snapshot?.step ?? 0);
  readonly ready = $derived(this.phase === 'ready');
  /** how many times less often than usual the page draws, so that the training is not held up */
  readonly slowdown = $derived(
    drawingSlowdown(this.engine?.threads ?? 1, navigator.hardwareConcurrency),
  );
  readonly running = $derived(this.ready && this.runState === 'running');
  /** settings that wait for a fresh network */
  readonly pending = $derived(rebuildKeys.filter((key) => this.settings[key] !== this.built[key]));

  #trainer: Trainer | undefined;
  #manifest: Manifest | undefined;
  #loading: DataName | undefined;
  #loaded: DataName | undefined;
  #abort = new AbortController();
  #attempt: Promise<void> = Promise.resolve();
  #newest: Snapshot | undefined;
  #commitTimer: ReturnType<typeof setTimeout> | undefined;
  #lastCommit = 0;
  #listeners = new Set<(evaluation: Evaluation, snapshot: Snapshot) => void>();

  constructor(course: Course) {
    this.course = course;
    const defaults = defaultSettings(course);
    this.settings = $state(
      load(course.storageKey, (value) => parseSettings(course, value)) ?? { ...defaults },
    );
    this.built = $state.raw(defaults);
  }

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
  get trainer(): Trainer | undefined {
    return this.phase === 'ready' ? this.#trainer : undefined;
  }

  /** Trains until the chosen number of epochs is complete, or pauses. */
  toggle(): Promise<void> {
    return this.#command((trainer) =>
      trainer.state === 'running' ? trainer.pause() : trainer.run({ epochs: this.#epochsLeft() }),
    );
  }

  stepBatch(): Promise<void> {
    return this.#command(async (trainer) => {
      await trainer.stepBatch();
    });
  }

  stepEpoch(): Promise<void> {
    return this.#command((trainer) => trainer.stepEpoch());
  }

  evaluate(): Promise<void> {
    return this.#command(async (trainer) => {
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

  async choosePreset(name: PresetName): Promise<void> {
    Object.assign(this.settings, presetSettings(name));
    await this.#settingsChanged();
  }

  /** Takes back the changes that wait for a fresh network. */
  discardPending(): void {
    for (const key of rebuildKeys) Object.assign(this.settings, { [key]: this.built[key] });
    save(this.course.storageKey, this.settings);
  }

  /** @returns stops listening */
  onEvaluation(listener: (evaluation: Evaluation, snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #settingsChanged(): Promise<void> {
    save(this.course.storageKey, this.settings);
    const otherData = this.phase === 'loading' && this.settings.data !== this.#loading;
    const untouched = this.ready && this.step === 0 && this.runState === 'idle';
    if (otherData || (untouched && this.pending.length > 0)) {
      await this.start();
      return;
    }
    if (!this.ready) return;
    const { learningRate, epochs } = this.settings;
    if (learningRate !== this.built.learningRate) {
      this.built = { ...this.built, learningRate };
      await this.#command((trainer) => trainer.setLearningRate(learningRate));
    }
    if (epochs !== this.built.epochs) {
      this.built = { ...this.built, epochs };
      await this.#command(async (trainer) => {
        if (trainer.state !== 'running') return;
        await trainer.pause();
        await trainer.run({ epochs: this.#epochsLeft() });
      });
    }
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
      await this.#load(this.#trainer, signal);
      await this.#build(this.#trainer);
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

  async #open(): Promise<Trainer> {
    this.phase = 'starting';
    const wanted = new URLSearchParams(location.search).get('engine');
    const { trainer, refusal } = await openTrainer(wanted);
    this.engineRefusal = refusal;
    trainer.onLost((error) => {
      this.error = error;
      this.phase = 'lost';
    });
    void this.#follow(trainer);
    return trainer;
  }

  async #load(trainer: Trainer, signal: AbortSignal): Promise<void> {
    this.#manifest ??= await fetchManifest(signal);
    this.available = dataNames.filter((name) => this.#manifest?.[name] !== undefined);
    if (!this.available.includes(this.settings.data)) this.settings.data = 'digits';
    const name = this.settings.data;
    if (this.#loaded === name) return;
    this.#loading = name;
    this.phase = 'loading';
    this.received = { received: 0, total: undefined };
    this.data = await trainer.loadData(this.#manifest[name] ?? this.#manifest.digits, {
      signal,
      onProgress: (progress) => {
        this.received = progress;
      },
    });
    this.#loaded = name;
  }

  async #build(trainer: Trainer): Promise<void> {
    this.phase = 'building';
    const settings = $state.snapshot(this.settings);
    const { network, training } = specs(settings);
    this.network = await trainer.build(network, training);
    this.built = settings;
    this.#newest = undefined;
    this.snapshot = undefined;
    this.evaluation = undefined;
    this.overshoot = undefined;
    this.runState = 'idle';
    this.history = new History(this.network.batchesPerEpoch);
    this.curvesVersion += 1;
    this.weightsVersion += 1;
    this.phase = 'ready';
  }

  async #command(action: (trainer: Trainer) => Promise<void>): Promise<void> {
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

  async #follow(trainer: Trainer): Promise<void> {
    try {
      for await (const snapshot of trainer.metrics()) this.#receive(snapshot);
    } catch {
      // The worker died; `onLost` has said so.
    }
  }

  #receive(snapshot: Snapshot): void {
    for (const metrics of snapshot.steps) {
      this.history.addStep(metrics);
      this.#watchForOvershoot(metrics);
    }
    for (const evaluation of snapshot.evaluations) {
      this.history.addEvaluation(evaluation);
      if (evaluation.split === 'test') {
        this.evaluation = evaluation;
        for (const listener of this.#listeners) listener(evaluation, snapshot);
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

  /**
   * A loss of many times ln(classes), what blind guessing gives, means that a step went too far.
   * ReLU units pushed below zero for every input then stay there: the numbers remain finite, but
   * the network is dead.
   */
  #watchForOvershoot(metrics: StepMetrics): void {
    const guessing = Math.log(this.data?.classes ?? 10);
    if (metrics.loss > 10 * guessing && metrics.loss > (this.overshoot?.loss ?? 0)) {
      this.overshoot = metrics;
    } else if (this.overshoot && (this.history.lastTrain('loss') ?? Infinity) < guessing / 2) {
      this.overshoot = undefined;
    }
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
