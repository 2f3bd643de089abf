import type { NoisyWaveOptions } from './engine.js';
import { KernelgartenError } from './errors.js';
import type { Forecaster } from './forecaster.js';
import { checkValidationShare, holdOut } from './holdout.js';
import { NetworkSession, pickLayers } from './network_session.js';
import type { NetworkSpec, TrainingSpec } from './spec.js';
import type { ForecastEvaluation, LayerInspection, NetworkInfo, SeriesInfo } from './types.js';

interface Source {
  values: Float32Array;
  validationShare: number;
  info: SeriesInfo;
}

/** Learns to foresee a series. {@link ForecastTrainer} documents each call. */
export class ForecastSession extends NetworkSession<ForecastEvaluation, Forecaster> {
  #source: Source | undefined;

  noisyWave(options: NoisyWaveOptions): Float32Array {
    return this.engine.noisyWave(options);
  }

  loadSeries(values: Float32Array, validationShare: number): SeriesInfo {
    checkValidationShare('loadSeries', validationShare);
    checkFinite(values);
    this.dropModel(
      '[loadSeries] another series took the place of the one the network was built for',
    );
    const info = holdOut(values.length, validationShare);
    this.#source = { values, validationShare, info };
    this.events.onState('idle');
    return info;
  }

  build(network: NetworkSpec, training: TrainingSpec): NetworkInfo {
    const { values, validationShare, info } = this.#requireSource('build');
    const forecaster = this.engine.forecaster(values, network, training, validationShare);
    const steps = network.input[0] ?? 1;
    return this.trainNetwork(forecaster, (info.trainCount - steps) * steps);
  }

  foresee(values: Float32Array): Float32Array {
    return this.requireModel('foresee').foresee(values);
  }

  forecast(history: Float32Array, count: number): Float32Array {
    return this.requireModel('forecast').forecast(history, count);
  }

  inspect(values: Float32Array, layers: readonly number[] | undefined): LayerInspection[] {
    return pickLayers(this.requireModel('inspect').inspect(values), layers);
  }

  #requireSource(call: string): Source {
    if (this.#source !== undefined) return this.#source;
    throw new KernelgartenError(
      'invalid-argument',
      `[${call}] there is no series yet; call loadSeries() first`,
    );
  }
}

function checkFinite(values: Float32Array): void {
  const place = values.findIndex((value) => !Number.isFinite(value));
  if (place < 0) return;
  throw new KernelgartenError(
    'invalid-data',
    `[loadSeries] expected finite numbers, got ${values[place]} at place ${place}`,
  );
}
