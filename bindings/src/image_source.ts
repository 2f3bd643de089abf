import type { PortableSource } from './data_source.js';
import type { Dataset, DatasetSplits } from './dataset.js';
import type { Engine } from './engine.js';
import { KernelgartenError } from './errors.js';
import type { SessionEvents } from './run_session.js';
import type { DataInfo, Sample, Split } from './types.js';

/** The images that a session learns from. {@link Trainer} documents each call. */
export class ImageSource {
  readonly #engine: Engine;
  readonly #events: Pick<SessionEvents<never>, 'onProgress'>;
  #data: DatasetSplits | undefined;
  #loading: AbortController | undefined;

  constructor(engine: Engine, events: Pick<SessionEvents<never>, 'onProgress'>) {
    this.#engine = engine;
    this.#events = events;
  }

  /**
   * @param adopt is called when the new images are complete and the old ones about to go; when it throws,
   *   the old ones stay
   */
  async load(
    source: PortableSource,
    adopt: (data: DatasetSplits) => void | Promise<void>,
  ): Promise<DataInfo> {
    this.#loading = new AbortController();
    try {
      const data = await this.#engine.loadData(source, {
        signal: this.#loading.signal,
        onProgress: (progress) => {
          this.#events.onProgress(progress);
        },
      });
      await adoptOrDispose(data, adopt);
      disposeData(this.#data);
      this.#data = data;
      return dataInfo(data);
    } finally {
      this.#loading = undefined;
    }
  }

  abort(): void {
    this.#loading?.abort();
  }

  /** @throws KernelgartenError `invalid-argument` when nothing was loaded */
  require(call: string): DatasetSplits {
    if (this.#data !== undefined) return this.#data;
    throw new KernelgartenError(
      'invalid-argument',
      `[${call}] there are no data yet; call loadData() first`,
    );
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

  dispose(): void {
    this.abort();
    disposeData(this.#data);
    this.#data = undefined;
  }

  #split(call: string, split: Split): Dataset {
    return this.require(call)[split];
  }
}

async function adoptOrDispose(
  data: DatasetSplits,
  adopt: (data: DatasetSplits) => void | Promise<void>,
): Promise<void> {
  try {
    await adopt(data);
  } catch (thrown) {
    disposeData(data);
    throw thrown;
  }
}

function disposeData(data: DatasetSplits | undefined): void {
  data?.train.dispose();
  data?.test.dispose();
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

/** The first `limit` indices below `count` that pass. */
export function take(count: number, limit: number, wanted: (index: number) => boolean): number[] {
  const found: number[] = [];
  for (let index = 0; index < count && found.length < limit; index += 1) {
    if (wanted(index)) found.push(index);
  }
  return found;
}
