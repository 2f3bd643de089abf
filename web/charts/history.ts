import type { Split, StepMetrics } from 'kernelgarten';
import { DecimatedCurve } from './decimate.ts';
import { MovingAverage } from './smooth.ts';

/** Steps the solid train curve looks back on; printed next to the chart. */
export const SMOOTHING_WINDOW = 10;

/** So much above its lowest the test loss counts as risen. */
const OVERFIT = 1.05;

export type Metric = 'loss' | 'accuracy';

/** What is measured on a whole split, whatever one network learns. */
export interface Measured {
  split: Split;
  /** steps taken when it was measured */
  step: number;
  loss: number;
  accuracy?: number;
}

export interface TestPoint {
  x: number;
  value: number;
}

/** Columns as the chart wants them: x, train as measured, train smoothed, test. */
export type CurveColumns = [number[], (number | null)[], (number | null)[], (number | null)[]];

class Curve {
  readonly train = new DecimatedCurve();
  test: TestPoint[] = [];
  readonly #average = new MovingAverage(SMOOTHING_WINDOW);

  push(x: number, value: number): void {
    this.train.push({ x, raw: value, smooth: this.#average.push(value) });
  }

  cutAfter(x: number): void {
    this.train.cutAfter(x);
    this.test = this.test.filter((point) => point.x <= x);
  }

  pushTest(x: number, value: number): void {
    if (this.test.at(-1)?.x === x) this.test.pop();
    this.test.push({ x, value });
  }

  columns(): CurveColumns {
    const columns: CurveColumns = [[], [], [], []];
    const [xs, raw, smooth, test] = columns;
    const points = this.train.points();
    let next = 0;
    const addTestUpTo = (x: number): void => {
      for (let point = this.test[next]; point !== undefined && point.x < x;) {
        xs.push(point.x);
        raw.push(null);
        smooth.push(null);
        test.push(point.value);
        next += 1;
        point = this.test[next];
      }
    };
    for (const point of points) {
      addTestUpTo(point.x);
      const here = this.test[next];
      const meets = here !== undefined && here.x === point.x;
      xs.push(point.x);
      raw.push(point.raw);
      smooth.push(point.smooth);
      test.push(meets ? here.value : null);
      if (meets) next += 1;
    }
    addTestUpTo(Infinity);
    return columns;
  }
}

/** Every number drawn as a curve since the network was built, in bounded memory. */
export class History {
  readonly #curves: Record<Metric, Curve> = { loss: new Curve(), accuracy: new Curve() };
  readonly #batchesPerEpoch: number;
  #lastStep = 0;

  constructor(batchesPerEpoch: number) {
    this.#batchesPerEpoch = batchesPerEpoch;
  }

  /** Steps that were taken before, and taken back, are forgotten. */
  addStep(metrics: StepMetrics): void {
    const x = metrics.step / this.#batchesPerEpoch;
    if (metrics.step <= this.#lastStep) this.#cutAfter((metrics.step - 1) / this.#batchesPerEpoch);
    this.#lastStep = metrics.step;
    this.#curves.loss.push(x, metrics.loss);
    this.#curves.accuracy.push(x, metrics.accuracy);
  }

  #cutAfter(x: number): void {
    for (const curve of Object.values(this.#curves)) curve.cutAfter(x);
  }

  /** Test evaluations become dots; others are ignored. */
  addEvaluation(evaluation: Measured): void {
    if (evaluation.split !== 'test') return;
    const x = evaluation.step / this.#batchesPerEpoch;
    this.#curves.loss.pushTest(x, evaluation.loss);
    if (evaluation.accuracy !== undefined) {
      this.#curves.accuracy.pushTest(x, evaluation.accuracy);
    }
  }

  columns(metric: Metric): CurveColumns {
    return this.#curves[metric].columns();
  }

  /**
   * The epoch at which the test loss was lowest, if it has clearly risen since: from there on the
   * network learns its examples by heart.
   */
  overfitSince(): number | undefined {
    const best = this.best('loss');
    const last = this.#curves.loss.test.at(-1);
    if (best === undefined || last === undefined) return undefined;
    return last.x > best.x && last.value > OVERFIT * best.value ? best.x : undefined;
  }

  lastTrain(metric: Metric): number | undefined {
    return this.#curves[metric].train.last?.smooth;
  }

  lastTest(metric: Metric): number | undefined {
    return this.#curves[metric].test.at(-1)?.value;
  }

  /** The best test value so far: lowest loss, highest accuracy. */
  best(metric: Metric): TestPoint | undefined {
    const sign = metric === 'loss' ? -1 : 1;
    let best: TestPoint | undefined;
    for (const point of this.#curves[metric].test) {
      if (best === undefined || sign * point.value > sign * best.value) best = point;
    }
    return best;
  }
}
