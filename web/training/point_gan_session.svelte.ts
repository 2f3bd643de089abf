import { pointClouds, type GanTrainer, type PointCloudName } from 'kernelgarten';
import { GanSession } from './gan_session.svelte.ts';

/** Points to learn from. */
const COUNT = 12_800;

/** A run that learns to make points of the plane. */
export class PointGanSession extends GanSession {
  /** x and y of the real points */
  points = $state.raw<Float32Array>(new Float32Array());

  get mostInBatch(): number {
    return COUNT;
  }

  get cloud(): PointCloudName {
    const { data } = this.settings;
    return data === 'grid' || data === 'pair' ? data : 'ring';
  }

  protected get source(): string {
    return [this.cloud, this.settings.seed].join(' ');
  }

  protected findSource(): Promise<void> {
    return Promise.resolve();
  }

  protected async load(trainer: GanTrainer): Promise<void> {
    this.points = await trainer.loadPoints({
      ...pointClouds[this.cloud],
      count: COUNT,
      seed: this.settings.seed,
    });
  }
}
