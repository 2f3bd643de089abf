import {
  createGanTrainer,
  type GanEvaluation,
  type GanInfo,
  type GanStep,
  type GanTrainer,
  type Players,
  type TrainerOptions,
} from 'kernelgarten';
import { GanHistory } from '../charts/gan_history.ts';
import { Session } from './session.svelte.ts';
import { ganSpecs, type RunSettings } from './settings.ts';

/** A run in which two networks play against each other. */
export abstract class GanSession extends Session<GanEvaluation, GanStep, GanInfo, GanTrainer> {
  history = $state.raw(new GanHistory(1));

  get longestSequence(): number {
    return 1;
  }

  get conditional(): boolean {
    return this.built.preset === 'gan-conditional';
  }

  /** A round in which only some play; while the run stands still. */
  stepRound(players: Players): Promise<GanStep | undefined> {
    let metrics: GanStep | undefined;
    return this.command(async (trainer) => {
      metrics = await trainer.stepRound(players);
    }).then(() => metrics);
  }

  protected create(options: TrainerOptions): Promise<GanTrainer> {
    return createGanTrainer(options);
  }

  protected async build(trainer: GanTrainer, settings: RunSettings): Promise<GanInfo> {
    const info = await trainer.build(ganSpecs(settings));
    this.history = new GanHistory(info.batchesPerEpoch);
    return info;
  }

  protected stepOnce(trainer: GanTrainer): Promise<GanStep> {
    return trainer.stepRound();
  }

  protected async applyRates(
    trainer: GanTrainer,
    { learningRate, discriminatorRate }: RunSettings,
  ): Promise<void> {
    await trainer.setLearningRate('generator', learningRate);
    await trainer.setLearningRate('discriminator', discriminatorRate);
  }

  protected async readRates(
    trainer: GanTrainer,
  ): Promise<Pick<RunSettings, 'learningRate' | 'discriminatorRate'>> {
    const { generator, discriminator } = await trainer.learningRates();
    return { learningRate: generator, discriminatorRate: discriminator };
  }

  protected record(step: GanStep): void {
    this.history.addStep(step);
  }

  protected recordEvaluation(evaluation: GanEvaluation): void {
    this.history.addEvaluation(evaluation);
  }
}
