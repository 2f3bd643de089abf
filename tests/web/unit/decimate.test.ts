import { describe, expect, it } from 'vitest';
import { DecimatedCurve } from '../../../web/charts/decimate.ts';
import { History } from '../../../web/charts/history.ts';
import { epochSpan } from '../../../web/charts/span.ts';
import { MovingAverage } from '../../../web/charts/smooth.ts';

const point = (x: number, raw: number) => ({ x, raw, smooth: raw });

describe('DecimatedCurve', () => {
  it('keeps every step while there are few', () => {
    const curve = new DecimatedCurve(10);
    const points = [3, 1, 2].map((value, x) => point(x, value));
    for (const each of points) curve.push(each);
    expect(curve.points()).toEqual(points);
  });

  it('keeps extremes, order, the newest step and its bound over 100,000 steps', () => {
    const curve = new DecimatedCurve(1000);
    for (let x = 1; x <= 100_000; x += 1) {
      curve.push(point(x, x === 31_337 ? 99 : x === 77_777 ? -99 : Math.sin(x)));
    }
    const points = curve.points();
    expect(points.length).toBeLessThanOrEqual(2001);
    expect(points.length).toBeGreaterThan(900);
    expect(points.some(({ x, raw }) => x === 31_337 && raw === 99)).toBe(true);
    expect(points.some(({ x, raw }) => x === 77_777 && raw === -99)).toBe(true);
    expect(points.at(-1)?.x).toBe(100_000);
    expect(points.every(({ x }, i) => i === 0 || x > (points[i - 1]?.x ?? Infinity))).toBe(true);
  });

  it('forgets what lies behind a place, and goes on from there', () => {
    const curve = new DecimatedCurve(10);
    for (let x = 1; x <= 8; x += 1) curve.push(point(x, x));
    curve.cutAfter(5);
    expect(curve.points().map(({ x }) => x)).toEqual([1, 2, 3, 4, 5]);
    expect(curve.last?.x).toBe(5);
    curve.push(point(5.5, 0));
    expect(curve.points().map(({ x }) => x)).toEqual([1, 2, 3, 4, 5, 5.5]);
    curve.cutAfter(0);
    expect([curve.points(), curve.last]).toEqual([[], undefined]);
    curve.push(point(1, 2));
    expect(curve.points()).toEqual([point(1, 2)]);
  });

  it('forgets nothing behind its end', () => {
    const curve = new DecimatedCurve(10);
    for (let x = 1; x <= 8; x += 1) curve.push(point(x, x));
    curve.cutAfter(8);
    expect(curve.points()).toHaveLength(8);
  });

  it('forgets whole buckets where steps share them, and stays in order and bounded', () => {
    const curve = new DecimatedCurve(10);
    for (let x = 1; x <= 1000; x += 1) curve.push(point(x, Math.sin(x)));
    const { stepsPerBucket } = curve;
    curve.cutAfter(503);
    const last = curve.last?.x ?? NaN;
    expect(last).toBeLessThanOrEqual(503);
    expect(last).toBeGreaterThan(503 - 2 * stepsPerBucket);
    for (let x = 504; x <= 2000; x += 1) curve.push(point(x, Math.sin(x)));
    const xs = curve.points().map(({ x }) => x);
    expect(xs.length).toBeLessThanOrEqual(21);
    expect(xs.every((x, i) => i === 0 || x > (xs[i - 1] ?? Infinity))).toBe(true);
    expect(xs.at(-1)).toBe(2000);
  });

  it('opens a bucket of its own after a cut', () => {
    const curve = new DecimatedCurve(4);
    [1, 2, 10, -10, 3].forEach((raw, i) => {
      curve.push(point(i + 1, raw));
    });
    expect(curve.stepsPerBucket).toBe(2);
    curve.cutAfter(4);
    curve.push(point(5, 0));
    curve.push(point(6, 0.5));
    expect(curve.points().map(({ x }) => x)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is empty before the first step', () => {
    expect(new DecimatedCurve().points()).toEqual([]);
    expect(new DecimatedCurve().last).toBeUndefined();
  });
});

describe('MovingAverage', () => {
  it('starts at the first value instead of being pulled to zero', () => {
    expect(new MovingAverage(10).push(5)).toBeCloseTo(5, 12);
  });

  it('stays on a constant and forgets the past with weights (1 - a)^k', () => {
    const average = new MovingAverage(3);
    for (let i = 0; i < 50; i += 1) expect(average.push(2)).toBeCloseTo(2, 12);
    // a = 2 / (3 + 1): half of the way to a new value at each step.
    expect(average.push(4)).toBeCloseTo(3, 9);
    expect(average.push(4)).toBeCloseTo(3.5, 9);
  });

  it('with a window of 1 is the value itself', () => {
    const average = new MovingAverage(1);
    average.push(1);
    expect(average.push(7)).toBe(7);
  });
});

describe('History', () => {
  const metrics = (step: number, loss: number) => ({
    step,
    epoch: 1,
    batch: step,
    loss,
    accuracy: 1 - loss,
    gradientNorm: 1,
  });
  const evaluation = (step: number, loss: number) => ({
    split: 'test' as const,
    step,
    count: 10,
    loss,
    accuracy: 1 - loss,
    classes: 2,
    confusion: new Uint32Array(4),
  });

  it('puts steps and test points on one x axis of epochs', () => {
    const history = new History(2);
    history.addEvaluation(evaluation(0, 0.9));
    history.addStep(metrics(1, 0.8));
    history.addStep(metrics(2, 0.6));
    history.addEvaluation(evaluation(2, 0.7));
    const [xs, raw, , test] = history.columns('loss');
    expect(xs).toEqual([0, 0.5, 1]);
    expect(raw).toEqual([null, 0.8, 0.6]);
    expect(test).toEqual([0.9, null, 0.7]);
  });

  it('keeps a test point whose training step was decimated away', () => {
    const history = new History(7);
    for (let step = 1; step <= 7000; step += 1) {
      history.addStep(metrics(step, Math.abs(Math.sin(step))));
      if (step % 7 === 0) history.addEvaluation(evaluation(step, 0.5));
    }
    const [xs, , , test] = history.columns('accuracy');
    expect(test.filter((value) => value !== null)).toHaveLength(1000);
    expect(xs.every((x, i) => i === 0 || x > (xs[i - 1] ?? Infinity))).toBe(true);
  });

  it('knows the best test value: lowest loss, highest accuracy', () => {
    const history = new History(1);
    for (const [step, loss] of [0.5, 0.2, 0.3].entries()) {
      history.addEvaluation(evaluation(step + 1, loss));
    }
    expect(history.best('loss')).toEqual({ x: 2, value: 0.2 });
    expect(history.best('accuracy')).toEqual({ x: 2, value: 0.8 });
  });

  it('tells when the test loss was lowest, once it has clearly risen', () => {
    const history = new History(2);
    const overfitAfter = (...losses: number[]): (number | undefined)[] =>
      losses.map((loss, i) => {
        history.addEvaluation(evaluation(2 * (i + 1), loss));
        return history.overfitSince();
      });
    expect(overfitAfter(2, 1, 1.04, 1.06, 0.9)).toEqual([
      undefined,
      undefined,
      undefined,
      2,
      undefined,
    ]);
  });

  it('forgets steps that were taken back, and test points behind them', () => {
    const history = new History(10);
    for (let step = 1; step <= 35; step += 1) {
      history.addStep(metrics(step, step));
      if (step % 10 === 0) history.addEvaluation(evaluation(step, step));
    }
    history.addStep(metrics(21, 0.5));
    const [xs, raw, , test] = history.columns('loss');
    expect(xs).toEqual(Array.from({ length: 21 }, (_, i) => (i + 1) / 10));
    expect(raw.at(-1)).toBe(0.5);
    expect(test.filter((value) => value !== null)).toEqual([10, 20]);
    expect(history.lastTest('loss')).toBe(20);
  });

  // Where x is a fraction, a step more and a step less may not cancel.
  it.each([2, 3, 7, 10, 63, 250])(
    'keeps all that was not taken back, %i steps an epoch',
    (size) => {
      for (let back = 1; back <= 3 * size; back += 1) {
        const history = new History(size);
        for (let step = 1; step <= back + 1; step += 1) {
          history.addStep(metrics(step, step));
          history.addEvaluation(evaluation(step, step));
        }
        history.addStep(metrics(back + 1, 0));
        expect(history.lastTest('loss')).toBe(back);
        expect(history.columns('loss')[1].at(-2)).toBe(back);
      }
    },
  );

  it('replaces a test point measured twice at the same step and ignores the train split', () => {
    const history = new History(1);
    history.addEvaluation(evaluation(1, 0.5));
    history.addEvaluation(evaluation(1, 0.4));
    history.addEvaluation({ ...evaluation(2, 0.1), split: 'train' });
    expect(history.columns('loss')[3]).toEqual([0.4]);
  });
});

describe('epochSpan', () => {
  it.each([
    [0, 0.1],
    [0.1, 0.1],
    [0.11, 0.2],
    [0.4, 0.5],
    [0.6, 1],
    [63 / 63, 1],
    [1.02, 2],
    [7.5, 8],
  ])('holds %f in %f', (last, span) => {
    expect(epochSpan(last)).toBe(span);
  });
});
