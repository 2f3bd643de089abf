import type { NoisyWaveOptions } from './engine.js';
import type { WorkerEvent } from './protocol.js';
import { NetworkTrainer } from './network_trainer.js';
import { opened, type TrainerOptions } from './run_control.js';
import type { ForecastEvaluation, LayerInspection, SeriesInfo, Snapshot, Split } from './types.js';
import type { WorkerConnection } from './worker_connection.js';

export interface LoadSeriesOptions {
  /** share of the series, at its end, that is never trained on; default 0.2 */
  validationShare?: number;
}

/**
 * Starts a worker that learns a series. The worker lives until `dispose()`; in Node it keeps the
 * process alive so long.
 *
 * @throws KernelgartenError as {@link loadEngine} does, and `worker-lost` when the worker script
 *   cannot be fetched
 */
export function createForecastTrainer(options: TrainerOptions = {}): Promise<ForecastTrainer> {
  return opened(new ForecastTrainer(options));
}

/**
 * Trains a network in a worker to foresee a series, and lets it look ahead:
 *
 * ```ts
 * const trainer = await createForecastTrainer();
 * const wave = await trainer.noisyWave({ count: 3000, noise: 0.1 });
 * await trainer.loadSeries(wave);
 * const { network, training, epochs } = forecastPreset();
 * await trainer.build(network, training);
 * await trainer.run({ epochs });
 * for await (const { state, evaluations } of trainer.metrics()) {
 *   console.log(evaluations.at(-1)?.loss);
 *   if (state !== 'running') break;
 * }
 * console.log(await trainer.forecast(wave.subarray(-200), 100));
 * trainer.dispose();
 * ```
 *
 * Nothing is right or wrong here: the `accuracy` of its steps is NaN.
 */
export class ForecastTrainer extends NetworkTrainer<ForecastEvaluation> {
  #series: SeriesInfo | undefined;
  #source: { values: Float32Array; validationShare: number } | undefined;

  /** @internal use {@link createForecastTrainer} */
  constructor(options: TrainerOptions) {
    super('series', options);
  }

  /** The series loaded last. */
  get series(): SeriesInfo | undefined {
    return this.#series;
  }

  /**
   * A wave to be foreseen through noise, as that of {@link Engine.noisyWave}; loads nothing.
   *
   * @throws KernelgartenError `invalid-argument` for a number out of range
   */
  async noisyWave(options: NoisyWaveOptions): Promise<Float32Array> {
    return this.call((remote) => remote.noisyWave(options));
  }

  /**
   * A series to learn, of which a copy is kept; the network then has to be built anew. A refused series
   * changes nothing.
   *
   * @throws KernelgartenError `invalid-data` when a value is not finite
   */
  async loadSeries(values: Float32Array, options: LoadSeriesOptions = {}): Promise<SeriesInfo> {
    const { validationShare = 0.2 } = options;
    const source = { values: values.slice(), validationShare };
    const series = await this.call((remote) => remote.loadSeries(source.values, validationShare));
    this.#series = series;
    this.#source = source;
    this.forgetNetwork();
    return series;
  }

  async evaluate(split: Split = 'test'): Promise<ForecastEvaluation> {
    return this.call((remote) => remote.evaluateSeries(split));
  }

  /** One step ahead, while training too: element i is the prediction of value i + 1 after 0 to i. */
  async foresee(values: Float32Array): Promise<Float32Array> {
    return this.call((remote) => remote.foresee(values));
  }

  /** Reads the history, then gives `count` predictions, each of which is read as the next value. */
  async forecast(history: Float32Array, count: number): Promise<Float32Array> {
    return this.call((remote) => remote.forecast(history, count));
  }

  /**
   * What the layers put out, and have inside, after each of these values; `layers` picks some by
   * index.
   */
  async inspect(
    values: Float32Array,
    options: { layers?: number[] } = {},
  ): Promise<LayerInspection[]> {
    return this.call((remote) => remote.inspectSeries(values, options.layers));
  }

  protected snapshotIn(message: WorkerEvent): Snapshot<ForecastEvaluation> | undefined {
    return message.event === 'seriesSnapshot' ? message.snapshot : undefined;
  }

  protected async reload(connection: WorkerConnection): Promise<void> {
    const source = this.#source;
    if (source === undefined) return;
    const { values, validationShare } = source;
    this.#series = await connection.call((remote) => remote.loadSeries(values, validationShare));
  }
}
