import type { Classifier } from './classifier.js';
import type { LoadProgress, PortableSource } from './data_source.js';
import type { Dataset, DatasetSplits } from './dataset.js';
import type { Engine } from './engine.js';
import { KernelgartenError } from './errors.js';
import { Mailbox } from './mailbox.js';
import { makeScheduler } from './scheduler.js';
import type { NetworkSpec, TrainingSpec } from './spec.js';
import { TrainingLoop } from './training_loop.js';
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

export interface SessionEvents {
  /** Called as soon as the state of the run changes. */
  onState(state: RunState): void;
  onSnapshot(snapshot: Snapshot): void;
  onProgress(progress: LoadProgress): void;
}

interface Model {
  classifier: Classifier;
  loop: TrainingLoop;
}

/**
 * What the worker does, without the worker: one data set, one network on it, one loop that trains
 * it. {@link Trainer} documents each call as seen from outside.
 */
export class TrainingSession {
  readonly #engine: Engine;
  readonly #events: SessionEvents;
  readonly #mailbox: Mailbox;
  #data: DatasetSplits | undefined;
  #model: Model | undefined;
  #loading: AbortController | undefined;

  constructor(engine: Engine, events: SessionEvents) {
    this.#engine = engine;
    this.#events = events;
    this.#mailbox = new Mailbox((snapshot) => {
      events.onSnapshot(snapshot);
    });
  }

  async loadData(source: PortableSource): Promise<DataInfo> {
    this.#loading = new AbortController();
    try {
      const data = await this.#engine.loadData(source, {
        signal: this.#loading.signal,
        onProgress: (progress) => {
          this.#events.onProgress(progress);
        },
      });
      this.#dropModel('[loadData] other data took the place of those the network was built for');
      disposeData(this.#data);
      this.#data = data;
      this.#events.onState('idle');
      return dataInfo(data);
    } finally {
      this.#loading = undefined;
    }
  }

  abortLoading(): void {
    this.#loading?.abort();
  }

  build(network: NetworkSpec, training: TrainingSpec): NetworkInfo {
    const { train, test } = this.#requireData('build');
    const classifier = this.#engine.classifier(train, test, network, training);
    const info = classifier.info();
    this.#dropModel('[build] another network took the place of this one');
    const loop = new TrainingLoop(classifier, {
      batchesPerEpoch: info.batchesPerEpoch,
      examplesPerStep: train.count / info.batchesPerEpoch,
      scheduler: makeScheduler(),
      mailbox: this.#mailbox,
      onState: (state) => {
        this.#events.onState(state);
      },
      now: () => performance.now(),
    });
    this.#model = { classifier, loop };
    return info;
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

  async evaluate(split: Split): Promise<Evaluation> {
    return this.#requireModel('evaluate').loop.evaluate(split);
  }

  /** The page has taken the last snapshot. */
  acknowledge(): void {
    this.#mailbox.acknowledge();
    this.#model?.loop.flush();
  }

  sample(split: Split, index: number): Sample {
    const dataset = this.#split('sample', split);
    if (!Number.isInteger(index) || index < 0 || index >= dataset.count) {
      throw new KernelgartenError(
        'invalid-argument',
        `[sample] expected an index from 0 to ${dataset.count - 1} of the ${split} split, got ${index}`,
      );
    }
    return dataset.sample(index);
  }

  samples(split: Split, label: number | undefined, limit: number): Sample[] {
    const dataset = this.#split('samples', split);
    const wanted = (index: number) => label === undefined || dataset.label(index) === label;
    return take(dataset.count, limit, wanted).map((index) => dataset.sample(index));
  }

  mistakes(actual: number, predicted: number, limit: number): (Sample & { predicted: number })[] {
    const { classifier } = this.#requireModel('mistakes');
    const dataset = this.#split('mistakes', 'test');
    const predictions = classifier.predictions('test');
    const wanted = (index: number) =>
      predictions[index] === predicted && dataset.label(index) === actual;
    return take(predictions.length, limit, wanted).map((index) => ({
      ...dataset.sample(index),
      predicted,
    }));
  }

  predict(pixels: Uint8Array): Float32Array {
    return this.#requireModel('predict').classifier.predict(pixels);
  }

  predictSteps(pixels: Uint8Array): Float32Array {
    return this.#requireModel('predictSteps').classifier.predictSteps(pixels);
  }

  inspect(
    pixels: Uint8Array,
    label: number | undefined,
    layers: readonly number[] | undefined,
  ): LayerInspection[] {
    const inspections = this.#requireModel('inspect').classifier.inspect(pixels, label);
    return layers ? inspections.filter(({ index }) => layers.includes(index)) : inspections;
  }

  weights(layer: number): Tensor[] {
    return this.#requireModel('weights').classifier.weights(layer);
  }

  gradients(layer: number): Tensor[] {
    return this.#requireModel('gradients').classifier.gradients(layer);
  }

  statistics(): LayerStatistics[] {
    return this.#requireModel('statistics').classifier.statistics();
  }

  /** Frees everything in the engine; the session is of no use afterwards. */
  dispose(): void {
    this.abortLoading();
    this.#dropModel('[dispose] the session was disposed');
    disposeData(this.#data);
    this.#data = undefined;
  }

  #dropModel(reason: string): void {
    this.#model?.loop.dispose(new KernelgartenError('aborted', reason));
    this.#model?.classifier.dispose();
    this.#model = undefined;
  }

  #split(call: string, split: Split): Dataset {
    return this.#requireData(call)[split];
  }

  #requireData(call: string): DatasetSplits {
    if (this.#data !== undefined) return this.#data;
    throw new KernelgartenError(
      'invalid-argument',
      `[${call}] there are no data yet; call loadData() first`,
    );
  }

  #requireModel(call: string): Model {
    if (this.#model !== undefined) return this.#model;
    throw new KernelgartenError(
      'invalid-argument',
      `[${call}] there is no network yet; call build() first`,
    );
  }
}

function dataInfo({ train, test }: DatasetSplits): DataInfo {
  const { height, width, channels } = train;
  return {
    trainCount: train.count,
    testCount: test.count,
    height,
    width,
    channels,
    classes: Math.max(train.classes, test.classes),
  };
}

function disposeData(data: DatasetSplits | undefined): void {
  data?.train.dispose();
  data?.test.dispose();
}

/** The first `limit` indices below `count` that pass. */
function take(count: number, limit: number, wanted: (index: number) => boolean): number[] {
  const found: number[] = [];
  for (let index = 0; index < count && found.length < limit; index += 1) {
    if (wanted(index)) found.push(index);
  }
  return found;
}
