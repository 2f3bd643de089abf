import type { Classifier } from './classifier.js';
import type { PortableSource } from './data_source.js';
import type { Engine } from './engine.js';
import { ImageSource, take } from './image_source.js';
import { NetworkSession, pickLayers } from './network_session.js';
import type { SessionEvents } from './run_session.js';
import type { NetworkSpec, TrainingSpec } from './spec.js';
import type { DataInfo, Evaluation, LayerInspection, NetworkInfo, Sample, Split } from './types.js';

/** Tells images apart: one data set, and a classifier on it. {@link Trainer} documents each call. */
export class TrainingSession extends NetworkSession<Evaluation, Classifier> {
  readonly #images: ImageSource;

  constructor(engine: Engine, events: SessionEvents<Evaluation>) {
    super(engine, events);
    this.#images = new ImageSource(engine, events);
  }

  async loadData(source: PortableSource): Promise<DataInfo> {
    const info = await this.#images.load(source, () => {
      this.dropModel('[loadData] other data took the place of those the network was built for');
    });
    this.events.onState('idle');
    return info;
  }

  abortLoading(): void {
    this.#images.abort();
  }

  build(network: NetworkSpec, training: TrainingSpec): NetworkInfo {
    const { train, test } = this.#images.require('build');
    return this.trainNetwork(this.engine.classifier(train, test, network, training), train.count);
  }

  sample(split: Split, index: number): Sample {
    return this.#images.sample(split, index);
  }

  samples(split: Split, label: number | undefined, limit: number): Sample[] {
    return this.#images.samples(split, label, limit);
  }

  mistakes(actual: number, predicted: number, limit: number): (Sample & { predicted: number })[] {
    const classifier = this.requireModel('mistakes');
    const { test } = this.#images.require('mistakes');
    const predictions = classifier.predictions('test');
    const wanted = (index: number) =>
      predictions[index] === predicted && test.label(index) === actual;
    return take(predictions.length, limit, wanted).map((index) => ({
      ...test.sample(index),
      predicted,
    }));
  }

  predict(pixels: Uint8Array): Float32Array {
    return this.requireModel('predict').predict(pixels);
  }

  predictSteps(pixels: Uint8Array): Float32Array {
    return this.requireModel('predictSteps').predictSteps(pixels);
  }

  inspect(
    pixels: Uint8Array,
    label: number | undefined,
    layers: readonly number[] | undefined,
  ): LayerInspection[] {
    return pickLayers(this.requireModel('inspect').inspect(pixels, label), layers);
  }

  override dispose(): void {
    super.dispose();
    this.#images.dispose();
  }
}
