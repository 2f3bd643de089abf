import type { Gan } from './gan.js';
import type { GanExaminer } from './gan_examiner.js';
import type { Trainable } from './training_loop.js';
import type { GanEvaluation, GanStep, Players } from './types.js';

/** A GAN and whoever judges its samples, as a loop trains them. */
export class GanModel implements Trainable<GanEvaluation, GanStep> {
  readonly gan: Gan;
  readonly #examiner: GanExaminer | undefined;
  #step = 0;
  #examinedStep = 0;
  /** who moves in the rounds that are begun from now on */
  players: Players = 'both';

  constructor(gan: Gan, examiner: GanExaminer | undefined) {
    this.gan = gan;
    this.#examiner = examiner;
  }

  /** The generator's. */
  get learningRate(): number {
    return this.gan.learningRate('generator');
  }

  set learningRate(rate: number) {
    this.gan.setLearningRate('generator', rate);
  }

  advanceStep(): GanStep | undefined {
    const metrics = this.gan.advanceStep(this.players);
    this.#step = metrics?.step ?? this.#step;
    return metrics;
  }

  beginEvaluation(): void {
    this.#examinedStep = this.#step;
    this.#examiner?.begin(this.gan);
  }

  advanceEvaluation(): boolean {
    return this.#examiner?.advance() ?? true;
  }

  evaluation(): GanEvaluation {
    const examined = this.#examiner?.result() ?? { count: 0 };
    return { split: 'test', step: this.#examinedStep, ...examined };
  }

  checkpoint(): Uint8Array {
    return this.gan.checkpoint();
  }

  restore(checkpoint: Uint8Array): void {
    this.gan.restore(checkpoint);
  }

  dispose(): void {
    this.gan.dispose();
  }
}
