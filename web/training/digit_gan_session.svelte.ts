import type { DataInfo, GanTrainer } from 'kernelgarten';
import { digitJudge } from 'kernelgarten/judge';
import { DigitSource } from './digit_source.ts';
import { GanSession } from './gan_session.svelte.ts';

/** A run that learns to make digits. */
export class DigitGanSession extends GanSession {
  data = $state.raw<DataInfo | undefined>();
  readonly #digits = new DigitSource();

  get mostInBatch(): number {
    return this.data?.trainCount ?? 60_000;
  }

  protected get source(): string {
    return this.settings.data;
  }

  protected async findSource(signal: AbortSignal): Promise<void> {
    this.available = await this.#digits.find(this.course, this.settings, signal);
  }

  protected async load(trainer: GanTrainer, signal: AbortSignal): Promise<void> {
    const options = {
      judge: digitJudge,
      signal,
      onProgress: (progress: typeof this.received) => {
        this.received = progress;
      },
    };
    this.data = await this.#digits.load(this.settings.data, trainer, options);
  }
}
