import type { GanEvaluation, GanStep } from 'kernelgarten';
import { DecimatedCurve } from './decimate.ts';
import { MovingAverage } from './smooth.ts';

/** Rounds that curves and the balance look back on. */
export const GAME_WINDOW = 30;

/** Numbers of each round that are drawn. */
export const gameNumbers = [
  'discriminatorLoss',
  'generatorLoss',
  'realVerdict',
  'fakeVerdict',
] as const satisfies readonly (keyof GanStep)[];

export type GameNumber = (typeof gameNumbers)[number];

/** Columns as a chart wants them: x, then one for each number; null where it was not measured. */
export type GameColumns = [number[], ...(number | null)[][]];

class SmoothCurve {
  readonly points = new DecimatedCurve();
  readonly #average = new MovingAverage(GAME_WINDOW);

  /** A player that did not move has nothing to say. */
  push(x: number, value: number): void {
    if (Number.isNaN(value)) return;
    const smooth = this.#average.push(value);
    this.points.push({ x, raw: smooth, smooth });
  }
}

/** Every number of a GAN that is drawn as a curve since it was built, in bounded memory. */
export class GanHistory {
  readonly #batchesPerEpoch: number;
  readonly #curves: Record<GameNumber, SmoothCurve> = {
    discriminatorLoss: new SmoothCurve(),
    generatorLoss: new SmoothCurve(),
    realVerdict: new SmoothCurve(),
    fakeVerdict: new SmoothCurve(),
  };
  evaluations: GanEvaluation[] = [];

  constructor(batchesPerEpoch: number) {
    this.#batchesPerEpoch = batchesPerEpoch;
  }

  /** What every player said when it last moved. */
  last: Partial<GanStep> = {};

  addStep(step: GanStep): void {
    if (step.step <= (this.last.step ?? 0)) this.#cutAfter(step.step - 1);
    const said = Object.entries(step).filter(([, value]) => !Number.isNaN(value));
    this.last = { ...this.last, ...Object.fromEntries(said) };
    const x = step.step / this.#batchesPerEpoch;
    for (const name of gameNumbers) this.#curves[name].push(x, step[name]);
  }

  /** Rounds that were taken back are forgotten. */
  #cutAfter(step: number): void {
    const x = step / this.#batchesPerEpoch;
    for (const curve of Object.values(this.#curves)) curve.points.cutAfter(x);
    this.evaluations = this.evaluations.filter((evaluation) => evaluation.step <= step);
  }

  addEvaluation(evaluation: GanEvaluation): void {
    if (this.evaluations.at(-1)?.step === evaluation.step) this.evaluations.pop();
    this.evaluations.push(evaluation);
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

  /** A number of every evaluation over epochs. */
  scores(read: (evaluation: GanEvaluation) => number | undefined): GameColumns {
    return [
      this.evaluations.map(({ step }) => step / this.#batchesPerEpoch),
      this.evaluations.map((evaluation) => read(evaluation) ?? null),
    ];
  }
}
