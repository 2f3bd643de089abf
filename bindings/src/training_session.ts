import type { Classifier } from './classifier.js';
import type { PortableSource } from './data_source.js';
import type { Dataset, DatasetSplits } from './dataset.js';
import { KernelgartenError } from './errors.js';
import { NetworkSession, pickLayers } from './network_session.js';
import type { NetworkSpec, TrainingSpec } from './spec.js';
import type { DataInfo, Evaluation, LayerInspection, NetworkInfo, Sample, Split } from './types.js';

/** Tells images apart: one data set, and a classifier on it. {@link Trainer} documents each call. */
export class TrainingSession extends NetworkSession<Evaluation, Classifier> {
  #data: DatasetSplits | undefined;
  #loading: AbortController | undefined;

  async loadData(source: PortableSource): Promise<DataInfo> {
    this.#loading = new AbortController();
    try {
      const data = await this.engine.loadData(source, {
        signal: this.#loading.signal,
        onProgress: (progress) => {
          this.events.onProgress(progress);
        },
      });
      this.dropModel('[loadData] other data took the place of those the network was built for');
      disposeData(this.#data);
      this.#data = data;
      this.events.onState('idle');
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
    return this.trainNetwork(this.engine.classifier(train, test, network, training), train.count);
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
    const classifier = this.requireModel('mistakes');
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
    this.abortLoading();
    super.dispose();
    disposeData(this.#data);
    this.#data = undefined;
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
