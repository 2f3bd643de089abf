import type { GanEvaluation, GanStep } from 'kernelgarten';
import { DecimatedCurve } from './decimate.ts';
import { MovingAverage } from './smooth.ts';

/** Rounds that curves and the balance look back on. */
export const GAME_WINDOW = 30;

/** Numbers of each round that are drawn. */
const roundNumbers = [
  'discriminatorLoss',
  'generatorLoss',
  'realVerdict',
  'fakeVerdict',
] as const satisfies readonly (keyof GanStep)[];

type RoundNumber = (typeof roundNumbers)[number];

/** Numbers of each evaluation that are drawn; one of digits has others than one of points. */
const scores = ['inceptionScore', 'frechetDistance', 'near'] as const;

type Score = (typeof scores)[number];

export type GameNumber = RoundNumber | Score;

const everything: readonly GameNumber[] = [...roundNumbers, ...scores];

const scoresOf = ({ digits, points }: GanEvaluation): Record<Score, number> => ({
  inceptionScore: digits?.inceptionScore ?? NaN,
  frechetDistance: digits?.frechetDistance ?? NaN,
  near: points?.near ?? NaN,
});

/** Columns as a chart wants them: x, then one for each number; null where it was not measured. */
export type GameColumns = [number[], ...(number | null)[][]];

class Curve {
  readonly points = new DecimatedCurve();
  readonly #average: MovingAverage;

  /** @param window values that what is drawn looks back on */
  constructor(window: number) {
    this.#average = new MovingAverage(window);
  }

  /** @param value NaN where there is none: a player did not move, samples have another score */
  push(x: number, value: number): void {
    if (Number.isNaN(value)) return;
    const smooth = this.#average.push(value);
    this.points.push({ x, raw: smooth, smooth });
  }
}

/** Every number of a GAN that is drawn as a curve since it was built, in bounded memory. */
export class GanHistory {
  readonly #batchesPerEpoch: number;
  readonly #curves: Record<GameNumber, Curve> = {
    discriminatorLoss: new Curve(GAME_WINDOW),
    generatorLoss: new Curve(GAME_WINDOW),
    realVerdict: new Curve(GAME_WINDOW),
    fakeVerdict: new Curve(GAME_WINDOW),
    inceptionScore: new Curve(1),
    frechetDistance: new Curve(1),
    near: new Curve(1),
  };

  #lastJudged = -1;

  constructor(batchesPerEpoch: number) {
    this.#batchesPerEpoch = batchesPerEpoch;
  }

  /** What every player said when it last moved. */
  last: Partial<GanStep> = {};

  /** Rounds that were taken back are forgotten, and evaluations after them. */
  addStep(step: GanStep): void {
    if (step.step <= (this.last.step ?? 0)) this.#cutAfter(step.step - 1, everything);
    const said = Object.entries(step).filter(([, value]) => !Number.isNaN(value));
    this.last = { ...this.last, ...Object.fromEntries(said) };
    const x = step.step / this.#batchesPerEpoch;
    for (const name of roundNumbers) this.#curves[name].push(x, step[name]);
  }

  /** What was judged after the same round, or after rounds that were taken back, is forgotten. */
  addEvaluation(evaluation: GanEvaluation): void {
    const measured = scoresOf(evaluation);
    if (evaluation.step <= this.#lastJudged) this.#cutAfter(evaluation.step - 1, scores);
    this.#lastJudged = evaluation.step;
    const x = evaluation.step / this.#batchesPerEpoch;
    for (const name of scores) this.#curves[name].push(x, measured[name]);
  }

  #cutAfter(step: number, names: readonly GameNumber[]): void {
    const x = step / this.#batchesPerEpoch;
    for (const name of names) this.#curves[name].points.cutAfter(x);
  }

  /** The mean over the last rounds. */
  newest(name: GameNumber): number | undefined {
    return this.#curves[name].points.last?.smooth;
  }

  /** Several numbers over epochs. */
  columns(names: readonly GameNumber[]): GameColumns {
    const curves = names.map(
      (name) => new Map(this.#curves[name].points.points().map(({ x, smooth }) => [x, smooth])),
    );
    const xs = [...new Set(curves.flatMap((curve) => [...curve.keys()]))].sort((a, b) => a - b);
    return [xs, ...curves.map((curve) => xs.map((x) => curve.get(x) ?? null))];
  }
}
