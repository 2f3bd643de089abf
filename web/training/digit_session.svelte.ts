import {
  createTrainer,
  type DataInfo,
  type Evaluation,
  type Trainer,
  type TrainerOptions,
} from 'kernelgarten';
import type { Specs } from './courses.ts';
import { DigitSource } from './digit_source.ts';
import { NetworkSession } from './network_session.svelte.ts';
import { specs, type RunSettings } from './settings.ts';

/** A run that learns to tell digits apart. */
export class DigitSession extends NetworkSession<Evaluation, Trainer> {
  data = $state.raw<DataInfo | undefined>();
  readonly #digits = new DigitSource();

  get mostInBatch(): number {
    return this.data?.trainCount ?? 60_000;
  }

  get longestSequence(): number {
    return this.data?.height ?? 28;
  }

  get guessing(): number {
    return Math.log(this.data?.classes ?? 10);
  }

  protected get source(): string {
    return this.settings.data;
  }

  protected create(options: TrainerOptions): Promise<Trainer> {
    return createTrainer(options);
  }

  protected async findSource(signal: AbortSignal): Promise<void> {
    this.available = await this.#digits.find(this.course, this.settings, signal);
  }

  protected async load(trainer: Trainer, signal: AbortSignal): Promise<void> {
    this.data = await this.#digits.load(this.settings.data, trainer, {
      signal,
      onProgress: (progress) => {
        this.received = progress;
      },
    });
  }

  protected specs(settings: RunSettings): Specs {
    return specs(settings, this.data?.classes ?? 10);
  }
}
