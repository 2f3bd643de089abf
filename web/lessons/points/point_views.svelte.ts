import type { GanTrainer } from 'kernelgarten';
import { Film, type Frame } from '../../game/film.svelte.ts';
import type { PointGanSession } from '../../training/point_gan_session.svelte.ts';
import { Looks } from '../../views/looks.ts';

/** Points of the plane on the screen, along each axis, from -EDGE to EDGE. */
export const EDGE = 1.6;
/** Cells of the decision field in a row. */
export const CELLS = 40;
/** Fakes on the screen, and how many of them have an arrow. */
export const FAKES = 256;
export const ARROWS = 48;
/** Lines of the noise's grid, and points on each; it reaches as far as noise hardly ever does. */
export const LINES = 13;
export const STOPS = 37;
const REACH = 2.4;

/** What the two networks make of the plane at one moment. */
export interface PlaneFrame extends Frame {
  /** CELLS x CELLS verdicts, from the top left */
  field: Float32Array;
  /** where the generator takes a square grid of noise: lines of STOPS points, first those along x */
  warped: Float32Array;
  /** for the first fakes: the way that would make the discriminator take them for real */
  pulls: Float32Array;
}

/** The centres of the cells of the decision field, row by row from the top. */
function cellCentres(): Float32Array {
  const place = (index: number): number => EDGE * ((2 * index + 1) / CELLS - 1);
  return Float32Array.from({ length: 2 * CELLS * CELLS }, (_, i) => {
    const cell = Math.floor(i / 2);
    return i % 2 === 0 ? place(cell % CELLS) : -place(Math.floor(cell / CELLS));
  });
}

/** Noise on the lines of a square grid: first lines along x, then lines along y. */
function gridNoise(): Float32Array {
  const across = (line: number): number => REACH * ((2 * line) / (LINES - 1) - 1);
  const along = (stop: number): number => REACH * ((2 * stop) / (STOPS - 1) - 1);
  const noise: number[] = [];
  for (const alongX of [true, false]) {
    for (let line = 0; line < LINES; line += 1) {
      for (let stop = 0; stop < STOPS; stop += 1) {
        const place = [along(stop), across(line)] as const;
        noise.push(...(alongX ? place : [place[1], place[0]]));
      }
    }
  }
  return Float32Array.from(noise);
}

/** What is on the screen of the lesson about points. */
export class PointViews extends Looks<PointGanSession, PlaneFrame | undefined> {
  readonly film = new Film<PlaneFrame>();

  readonly #watchers = new Map<symbol, true>();
  readonly #cells = cellCentres();
  readonly #grid = gridNoise();
  #noise: { of: unknown; values: Float32Array } | undefined;

  /** Keeps the newest frame fresh until the returned function is called. */
  watch(): () => void {
    return this.watching(this.#watchers, true);
  }

  protected show(frame: PlaneFrame | undefined, sameModel: boolean): void {
    if (!sameModel) this.film.clear();
    if (frame !== undefined) this.film.add(frame, this.session.running);
  }

  protected async look(trainer: GanTrainer): Promise<PlaneFrame | undefined> {
    if (this.#watchers.size === 0) return undefined;
    const { step, model } = this.session;
    const noise =
      this.#noise !== undefined && this.#noise.of === model
        ? this.#noise.values
        : await trainer.fixedNoise(FAKES);
    this.#noise = { of: model, values: noise };
    const [samples, warped, field] = await Promise.all([
      trainer.generate(noise),
      trainer.generate(this.#grid),
      trainer.discriminate(this.#cells),
    ]);
    const [verdicts, gradients] = await Promise.all([
      trainer.discriminate(samples),
      trainer.exampleGradients(samples.slice(0, 2 * ARROWS)),
    ]);
    return { step, samples, verdicts, field, warped, pulls: gradients.map((value) => -value) };
  }
}
