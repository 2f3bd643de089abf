import {
  createTrainer,
  type DataInfo,
  type Evaluation,
  type Trainer,
  type TrainerOptions,
} from 'kernelgarten';
import type { Specs } from './courses.ts';
import { fetchManifest, type Manifest } from './manifest.ts';
import { NetworkSession } from './network_session.svelte.ts';
import { specs, type RunSettings } from './settings.ts';

/** A run that learns to tell digits apart. */
export class DigitSession extends NetworkSession<Evaluation, Trainer> {
  data = $state.raw<DataInfo | undefined>();
  #manifest: Manifest | undefined;

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
    this.#manifest ??= await fetchManifest(signal);
    const manifest = this.#manifest;
    this.available = this.course.data.filter((name) => manifest[name] !== undefined);
    if (!this.available.includes(this.settings.data)) this.settings.data = this.course.data[0];
  }

  protected async load(trainer: Trainer, signal: AbortSignal): Promise<void> {
    const source = this.#manifest?.[this.settings.data];
    if (source === undefined) return;
    this.data = await trainer.loadData(source, {
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
