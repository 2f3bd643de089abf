import type { GanTrainer, Sample } from 'kernelgarten';
import { Film, type Frame } from '../../game/film.svelte.ts';
import { between } from '../../game/walk.ts';
import type { DigitGanSession } from '../../training/digit_gan_session.svelte.ts';
import { Looks } from '../../views/looks.ts';

export const PIXELS = 28 * 28;
/** Fakes and real digits on the screen. */
export const FAKES = 40;
export const REALS = 10;
/** Pictures between two samples of the walk. */
const STOPS = 7;

/** Samples that are always made from the same noise, and the real digits beside them. */
interface Cast {
  noise: Float32Array;
  /** classes asked for; none unless the GAN is conditional */
  labels: number[];
  reals: Float32Array;
  realLabels: number[];
}

interface Sight {
  cast: Cast;
  frame: Frame | undefined;
  walk: Float32Array | undefined;
}

/** What is on the screen of the lesson about digits out of noise. */
export class GanViews extends Looks<DigitGanSession, Sight> {
  readonly film = new Film();
  cast = $state.raw<Cast | undefined>();
  /** the two samples that the walk goes between, and how far it has come, 0 to 1 */
  from = $state(0);
  to = $state(1);
  share = $state(0.5);
  /** pictures on the way, the one at `share` last */
  walk = $state.raw<Float32Array | undefined>();

  readonly #gridWatchers = new Map<symbol, true>();
  readonly #walkWatchers = new Map<symbol, true>();
  #castOf: unknown;

  /** Keep what they name fresh until the returned function is called. */
  watchSamples(): () => void {
    return this.watching(this.#gridWatchers, true);
  }

  watchWalk(): () => void {
    return this.watching(this.#walkWatchers, true);
  }

  /** Walks from one sample to another. */
  walkBetween(from: number, to: number): void {
    this.from = from;
    this.to = to;
  }

  protected async look(trainer: GanTrainer): Promise<Sight> {
    const cast = await this.#findCast(trainer);
    return {
      cast,
      frame: this.#gridWatchers.size > 0 ? await this.#lookAtSamples(trainer, cast) : undefined,
      walk: this.#walkWatchers.size > 0 ? await this.#lookAtWalk(trainer, cast) : undefined,
    };
  }

  protected show({ cast, frame, walk }: Sight, sameModel: boolean): void {
    if (!sameModel) this.film.clear();
    this.cast = cast;
    if (frame !== undefined) this.film.add(frame, this.session.running);
    if (walk !== undefined) this.walk = walk;
  }

  async #findCast(trainer: GanTrainer): Promise<Cast> {
    const { model, conditional } = this.session;
    if (this.cast !== undefined && this.#castOf === model) return this.cast;
    const [noise, samples] = await Promise.all([
      trainer.fixedNoise(FAKES),
      trainer.samples('test', { limit: REALS }),
    ]);
    this.#castOf = model;
    return {
      noise,
      labels: conditional ? Array.from({ length: FAKES }, (_, i) => i % 10) : [],
      reals: asExamples(samples),
      realLabels: conditional ? samples.map(({ label }) => label) : [],
    };
  }

  async #lookAtSamples(trainer: GanTrainer, cast: Cast): Promise<Frame> {
    const { step } = this.session;
    const samples = await trainer.generate(cast.noise, cast.labels);
    const verdicts = await trainer.discriminate(join(samples, cast.reals), [
      ...cast.labels,
      ...cast.realLabels,
    ]);
    return { step, samples, verdicts };
  }

  #lookAtWalk(trainer: GanTrainer, cast: Cast): Promise<Float32Array> {
    const size = cast.noise.length / FAKES;
    const [from, to] = [this.from, this.to].map((index) =>
      cast.noise.slice(index * size, (index + 1) * size),
    );
    const shares = [...Array.from({ length: STOPS }, (_, i) => i / (STOPS - 1)), this.share];
    const stops = shares.map((share) =>
      between(from ?? new Float32Array(), to ?? new Float32Array(), share),
    );
    // A conditional GAN is asked for the digit that the walk started from.
    const label = cast.labels[this.from];
    return trainer.generate(join(...stops), label === undefined ? [] : stops.map(() => label));
  }
}

/** Pixels from -1, black, to 1, white, as the generator makes them. */
function asExamples(samples: readonly Sample[]): Float32Array {
  return join(
    ...samples.map(({ pixels }) => Float32Array.from(pixels, (byte) => byte / 127.5 - 1)),
  );
}

function join(...parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
