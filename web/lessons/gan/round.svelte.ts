import type { GanStep, GanTrainer } from 'kernelgarten';
import type { DigitGanSession } from '../../training/digit_gan_session.svelte.ts';
import { FAKES, PIXELS, type GanViews } from './gan_views.svelte.ts';

/** The stages of one round, in their order. */
export const stages = [
  'noise',
  'fake',
  'verdict',
  'discriminator',
  'gradient',
  'generator',
] as const;
export type Stage = (typeof stages)[number];

/** What the engine says of one fake and one real digit at a moment. */
export interface Moment {
  fake: Float32Array;
  fakeVerdict: number;
  realVerdict: number;
}

/** One round in slow motion: what was seen before it, after the discriminator's step and at its end. */
export interface SlowRound {
  noise: Float32Array;
  real: Float32Array;
  /** of the fake and of the real digit; none unless the GAN is conditional */
  labels: number[];
  before: Moment;
  /** after the discriminator's step */
  judged?: Moment;
  discriminatorStep?: GanStep;
  /** of the generator's loss with respect to the fake's pixels */
  gradient?: Float32Array;
  /** after the generator's step */
  learned?: Moment;
  generatorStep?: GanStep;
}

/** Takes a run through one round, stage by stage, and keeps the numbers of each. */
export class SlowMotion {
  readonly #session: DigitGanSession;
  readonly #views: GanViews;
  round = $state.raw<SlowRound | undefined>();
  /** how many stages are told */
  told = $state(0);
  busy = $state(false);

  constructor(session: DigitGanSession, views: GanViews) {
    this.#session = session;
    this.#views = views;
  }

  get finished(): boolean {
    return this.told === stages.length;
  }

  forget(): void {
    this.round = undefined;
    this.told = 0;
  }

  /** Tells the next stage, after doing what happens in it. */
  async next(): Promise<void> {
    const { trainer } = this.#session;
    if (trainer === undefined || this.busy) return;
    this.busy = true;
    try {
      if (this.finished) this.forget();
      await this.#play(trainer);
      this.told += 1;
    } catch {
      // A command that was refused, or failed, is told in its own place.
      this.forget();
    }
    this.busy = false;
  }

  async #play(trainer: GanTrainer): Promise<void> {
    this.round ??= await this.#begin(trainer);
    const { round } = this;
    switch (stages[this.told]) {
      case 'discriminator': {
        const discriminatorStep = await this.#session.stepRound('discriminator');
        if (discriminatorStep === undefined) throw new Error('the step was refused');
        this.round = { ...round, discriminatorStep, judged: await this.#look(trainer, round) };
        break;
      }
      case 'gradient': {
        const gradient = await trainer.exampleGradients(
          round.before.fake,
          round.labels.slice(0, 1),
        );
        this.round = { ...round, gradient };
        break;
      }
      case 'generator': {
        const generatorStep = await this.#session.stepRound('generator');
        if (generatorStep === undefined) throw new Error('the step was refused');
        this.round = { ...round, generatorStep, learned: await this.#look(trainer, round) };
        break;
      }
      default:
    }
  }

  async #begin(trainer: GanTrainer): Promise<SlowRound> {
    const { cast } = this.#views;
    if (cast === undefined) throw new Error('nothing was seen yet');
    const noise = cast.noise.slice(0, cast.noise.length / FAKES);
    const real = cast.reals.slice(0, PIXELS);
    const labels = [...cast.labels.slice(0, 1), ...cast.realLabels.slice(0, 1)];
    const begun = { noise, real, labels };
    return { ...begun, before: await this.#look(trainer, begun) };
  }

  async #look(
    trainer: GanTrainer,
    begun: Pick<SlowRound, 'noise' | 'real' | 'labels'>,
  ): Promise<Moment> {
    const { noise, real, labels } = begun;
    const fake = await trainer.generate(noise, labels.slice(0, 1));
    const both = new Float32Array([...fake, ...real]);
    const [fakeVerdict = NaN, realVerdict = NaN] = await trainer.discriminate(both, labels);
    return { fake, fakeVerdict, realVerdict };
  }
}
