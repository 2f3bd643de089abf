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
    let first: { step: number; time: number } | undefined;
    let stepsPerSecond = NaN;
    let judgements = 0;
    for await (const { state, step, steps, evaluations, failure } of trainer.metrics()) {
      if (failure !== undefined) throw new Error(failure.message);
      const time = performance.now();
      if (steps.length > 0) first ??= { step, time };
      if (first !== undefined && step === last && Number.isNaN(stepsPerSecond)) {
        stepsPerSecond = (1000 * (step - first.step)) / (time - first.time);
      }
      judgements += evaluations.filter((evaluation) => evaluation.step < last).length;
      if (state === 'finished') break;
    }
    return { stepsPerSecond, judgements };
  },
};

window.judged = judged;
