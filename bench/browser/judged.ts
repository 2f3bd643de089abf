/**
 * The GAN that the playground begins with, with a judge and without, driven through `window.judged`:
 * by how much the judge slows training is measured here.
 */
import {
  createGanTrainer,
  ganPresets,
  type DataSource,
  type EngineInfo,
  type EngineOptions,
  type GanTrainer,
} from 'kernelgarten';
import { digitJudge } from 'kernelgarten/judge';
import { StepSpeed } from './step_speed.ts';

declare global {
  interface Window {
    judged: typeof judged;
  }
}

type Judging = 'with' | 'without';

let trainers: Record<Judging, GanTrainer> | undefined;

const judged = {
  async start(source: DataSource, options: EngineOptions): Promise<EngineInfo> {
    trainers = {
      with: await createGanTrainer(options),
      without: await createGanTrainer(options),
    };
    await trainers.with.loadData(source, { judge: digitJudge });
    await trainers.without.loadData(source);
    return trainers.with.engine;
  },

  /**
   * Trains fresh networks for some epochs: steps a second, from the first that is seen to the last, and
   * how often was judged in between.
   */
  async train(
    judging: Judging,
    epochs: number,
  ): Promise<{ stepsPerSecond: number; judgements: number }> {
    if (trainers === undefined) throw new Error('Call start() first.');
    const trainer = trainers[judging];
    const { batchesPerEpoch } = await trainer.build(ganPresets['gan-default']);
    const last = epochs * batchesPerEpoch;
    await trainer.run({ epochs });
    const speed = new StepSpeed();
    let judgements = 0;
    for await (const snapshot of trainer.metrics()) {
      if (snapshot.failure !== undefined) throw new Error(snapshot.failure.message);
      speed.see(snapshot);
      judgements += snapshot.evaluations.filter(({ step }) => step < last).length;
      if (snapshot.state === 'finished') break;
    }
    return { stepsPerSecond: speed.perSecond, judgements };
  },
};

window.judged = judged;
