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
    let first: { step: number; time: number } | undefined;
    for await (const { step, steps: news, failure } of trainer.metrics()) {
      if (failure !== undefined) throw new Error(failure.message);
      if (news.length === 0) continue;
      const time = performance.now();
      first ??= { step, time };
      if (step < first.step + steps) continue;
      await trainer.pause();
      return (1000 * (step - first.step)) / (time - first.time);
    }
    throw new Error('The training ended by itself.');
  },
};

window.bare = bare;
