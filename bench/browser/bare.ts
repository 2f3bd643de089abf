/**
 * The playground's training without the playground, driven through `window.bare`: what drawing costs
 * is measured against it.
 */
import {
  createTrainer,
  presets,
  type DataSource,
  type EngineInfo,
  type EngineOptions,
  type Trainer,
} from 'kernelgarten';
import { StepSpeed } from './step_speed.ts';

declare global {
  interface Window {
    bare: typeof bare;
  }
}

/** More than are ever trained here. */
const epochs = 1000;

let trainer: Trainer | undefined;

const bare = {
  /** Builds what the playground builds when it opens. */
  async start(
    source: DataSource,
    options: EngineOptions,
  ): Promise<{ engine: EngineInfo; batchesPerEpoch: number; trainCount: number }> {
    trainer = await createTrainer(options);
    const { trainCount } = await trainer.loadData(source);
    const { network, training } = presets['cnn-default'];
    const { batchesPerEpoch } = await trainer.build(network, training);
    return { engine: trainer.engine, batchesPerEpoch, trainCount };
  },

  /** Trains for at least so many steps; how many a second, after the first. */
  async stepsPerSecond(steps: number): Promise<number> {
    if (trainer === undefined) throw new Error('Call start() first.');
    await trainer.run({ epochs });
    const speed = new StepSpeed();
    for await (const snapshot of trainer.metrics()) {
      if (snapshot.failure !== undefined) throw new Error(snapshot.failure.message);
      speed.see(snapshot);
      if (speed.steps < steps) continue;
      await trainer.pause();
      return speed.perSecond;
    }
    throw new Error('The training ended by itself.');
  },
};

window.bare = bare;
