/** One step of a curve: the value as measured and its smoothed companion. */
export interface CurvePoint {
  x: number;
  raw: number;
  smooth: number;
}

interface Bucket {
  low: CurvePoint;
  high: CurvePoint;
}

function merge(a: Bucket, b: Bucket): Bucket {
  return {
    low: b.low.raw < a.low.raw ? b.low : a.low,
    high: b.high.raw > a.high.raw ? b.high : a.high,
  };
}

/**
 * A curve of any length in bounded memory. Neighbouring steps share a bucket that keeps its lowest
 * and its highest point, so spikes survive; when all buckets are used, neighbours are merged and
 * each bucket covers twice as many steps.
 */
export class DecimatedCurve {
  readonly #limit: number;
  #buckets: Bucket[] = [];
  #stepsPerBucket = 1;
  #stepsInLast = 0;
  #last: CurvePoint | undefined;

  /** @param limit buckets kept at most, even; a bucket gives one or two points */
  constructor(limit = 1000) {
    this.#limit = limit;
  }

  /** Adds the next step; `x` must not go down. */
  push(point: CurvePoint): void {
    this.#last = point;
    const bucket = { low: point, high: point };
    const open = this.#buckets.at(-1);
    if (open !== undefined && this.#stepsInLast < this.#stepsPerBucket) {
      this.#buckets[this.#buckets.length - 1] = merge(open, bucket);
      this.#stepsInLast += 1;
      return;
    }
    if (this.#buckets.length === this.#limit) this.#halve();
    this.#buckets.push(bucket);
    this.#stepsInLast = 1;
  }

  /** Forgets what lies behind `x`, and what shares a bucket with it. */
  cutAfter(x: number): void {
    this.#buckets = this.#buckets.filter(({ low, high }) => low.x <= x && high.x <= x);
    this.#stepsInLast = this.#stepsPerBucket;
    this.#last = undefined;
    this.#last = this.points().at(-1);
  }

  /** The newest step, never decimated away. */
  get last(): CurvePoint | undefined {
    return this.#last;
  }

  get stepsPerBucket(): number {
    return this.#stepsPerBucket;
  }

  /** At most `2 * limit + 1` points in order of x, the newest always among them. */
  points(): CurvePoint[] {
    const points: CurvePoint[] = [];
    for (const { low, high } of this.#buckets) {
      if (low === high) points.push(low);
      else if (low.x < high.x) points.push(low, high);
      else points.push(high, low);
    }
    if (this.#last !== undefined && points.at(-1) !== this.#last) points.push(this.#last);
    return points;
  }

  #halve(): void {
    const halved: Bucket[] = [];
    for (let i = 0; i < this.#buckets.length; i += 2) {
      const a = this.#buckets[i];
      const b = this.#buckets[i + 1];
      if (a !== undefined) halved.push(b === undefined ? a : merge(a, b));
    }
    this.#buckets = halved;
    this.#stepsPerBucket *= 2;
  }
}
