import type { RawForecaster, RawModule } from './raw.js';
import type { NetworkSpec, TrainingSpec } from './spec.js';
import { TrainedNetwork } from './trained_network.js';
import type { ForecastEvaluation, LayerInspection, Split } from './types.js';

/**
 * A network that learns to foresee a series value by value, in this thread. Made by
 * {@link Engine.forecaster}.
 *
 * Its network reads `[steps, 1]` and gives a prediction of the next value after each step, `[steps, 1]`;
 * the loss is `mean_squared_error`. An example is a window of `steps` values and the one that follows,
 * at any place of the part that is trained on: an epoch goes once through all of them.
 */
export class Forecaster extends TrainedNetwork<RawForecaster> {
  /** @internal */
  constructor(
    module: RawModule,
    series: Float32Array,
    validationShare: number,
    network: NetworkSpec,
    training: TrainingSpec,
  ) {
    super(
      module,
      'Forecaster',
      () => new module.Forecaster(series, validationShare, network, training),
      [],
    );
  }

  /**
   * Foresees a whole split, in windows side by side: `test` is the last part of the series, which is
   * never trained on.
   */
  evaluate(split: Split = 'test'): ForecastEvaluation {
    this.beginEvaluation(split);
    while (!this.advanceEvaluation());
    return this.evaluation();
  }

  /** The evaluation that was begun last, as far as it is done. */
  evaluation(): ForecastEvaluation {
    return this.call((raw) => raw.evaluation());
  }

  /**
   * One step ahead: element i is the prediction of value i + 1 after values 0 to i.
   *
   * @throws KernelgartenError `invalid-data` for a value that is not finite, as the two below
   */
  foresee(values: Float32Array): Float32Array {
    return this.call((raw) => raw.foresee(values));
  }

  /**
   * Free run: reads the history, then gives `count` predictions, each of which is read as the next
   * value.
   *
   * @throws KernelgartenError `invalid-argument` without any history
   */
  forecast(history: Float32Array, count: number): Float32Array {
    return this.call((raw) => raw.forecast(history, count));
  }

  /** What every layer puts out, and has inside, after each of these values. */
  inspect(values: Float32Array): LayerInspection[] {
    return this.call((raw) => raw.inspect(values));
  }
}
