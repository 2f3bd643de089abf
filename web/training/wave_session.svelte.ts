import {
  createForecastTrainer,
  type ForecastEvaluation,
  type ForecastTrainer,
  type SeriesInfo,
  type TrainerOptions,
} from 'kernelgarten';
import type { Specs } from './courses.ts';
import { NetworkSession } from './network_session.svelte.ts';
import { specs, type RunSettings } from './settings.ts';

/** Values of the wave, a fifth of them held out. */
const LENGTH = 3000;

/** A run that learns to foresee a noisy wave. */
export class WaveSession extends NetworkSession<ForecastEvaluation, ForecastTrainer> {
  info = $state.raw<SeriesInfo | undefined>();
  series = $state.raw<Float32Array>(new Float32Array());

  get mostInBatch(): number {
    return Math.max(1, (this.info?.trainCount ?? LENGTH) - this.settings.steps);
  }

  get longestSequence(): number {
    return (this.info?.testCount ?? LENGTH / 5) - 1;
  }

  /** The mean squared error of whoever says the mean every time. */
  get guessing(): number {
    return variance(this.series);
  }

  /** The part that is never trained on. */
  get heldOut(): Float32Array {
    return this.series.subarray(this.info?.trainCount ?? 0);
  }

  protected get source(): string {
    const { noise, seed } = this.settings;
    return [noise, seed].join(' ');
  }

  protected create(options: TrainerOptions): Promise<ForecastTrainer> {
    return createForecastTrainer(options);
  }

  protected findSource(): Promise<void> {
    return Promise.resolve();
  }

  protected async load(trainer: ForecastTrainer): Promise<void> {
    const { noise, seed } = this.settings;
    const series = await trainer.noisyWave({ count: LENGTH, noise, seed });
    this.info = await trainer.loadSeries(series);
    this.series = series;
  }

  protected override fit(): void {
    this.settings.batchSize = Math.min(this.settings.batchSize, this.mostInBatch);
  }

  protected specs(settings: RunSettings): Specs {
    return specs(settings, 1);
  }
}

function variance(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
