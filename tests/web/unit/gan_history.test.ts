import type { GanEvaluation, GanStep } from 'kernelgarten';
import { describe, expect, it } from 'vitest';
import { GanHistory } from '../../../web/charts/gan_history.ts';

const round = (step: number, change: Partial<GanStep> = {}): GanStep => ({
  step,
  epoch: 1,
  batch: step,
  discriminatorLoss: 1,
  generatorLoss: 2,
  realVerdict: 0.75,
  fakeVerdict: 0.25,
  discriminatorGradientNorm: 3,
  generatorGradientNorm: 4,
  ...change,
});

const onlyDiscriminator = { generatorLoss: NaN, generatorGradientNorm: NaN };
const onlyGenerator = {
  discriminatorLoss: NaN,
  realVerdict: NaN,
  fakeVerdict: NaN,
  discriminatorGradientNorm: NaN,
};

const evaluation = (step: number, near: number): GanEvaluation => ({
  split: 'test',
  step,
  count: 2000,
  points: { near, shares: [] },
});

describe('GanHistory', () => {
  it('has nothing to say before the first round', () => {
    const history = new GanHistory(4);
    expect(history.columns(['generatorLoss', 'discriminatorLoss'])).toEqual([[], [], []]);
    expect(history.newest('realVerdict')).toBeUndefined();
    expect(history.last).toEqual({});
  });

  it('merges the numbers of both players over epochs', () => {
    const history = new GanHistory(4);
    history.addStep(round(1));
    history.addStep(round(2));
    expect(history.columns(['generatorLoss', 'discriminatorLoss'])).toEqual([
      [0.25, 0.5],
      [2, 2],
      [1, 1],
    ]);
    expect(history.newest('fakeVerdict')).toBe(0.25);
  });

  it('skips a player that did not move, and remembers what it said last', () => {
    const history = new GanHistory(1);
    history.addStep(round(1, onlyDiscriminator));
    history.addStep(round(2, { ...onlyGenerator, generatorLoss: 5 }));
    history.addStep(round(3, { ...onlyDiscriminator, discriminatorLoss: 1 }));
    expect(history.columns(['generatorLoss', 'discriminatorLoss'])).toEqual([
      [1, 2, 3],
      [null, 5, null],
      [1, null, 1],
    ]);
    expect(history.last).toMatchObject({
      step: 3,
      generatorLoss: 5,
      generatorGradientNorm: 4,
      discriminatorLoss: 1,
      realVerdict: 0.75,
    });
  });

  it('looks back on the last rounds, and is pulled to no zero at its start', () => {
    const history = new GanHistory(1);
    for (let step = 1; step <= 200; step += 1) {
      history.addStep(round(step, { fakeVerdict: step <= 100 ? 0.9 : 0.1 }));
      if (step === 100) expect(history.newest('fakeVerdict')).toBeCloseTo(0.9, 9);
    }
    expect(history.newest('fakeVerdict')).toBeLessThan(0.12);
    expect(history.newest('fakeVerdict')).toBeGreaterThan(0.1);
  });

  it('is cut where rounds were taken back', () => {
    const history = new GanHistory(10);
    for (let step = 1; step <= 30; step += 1) {
      history.addStep(round(step));
      if (step % 10 === 0) history.addEvaluation(evaluation(step, step / 100));
    }
    history.addStep(round(11, { generatorLoss: 7 }));
    const [xs] = history.columns(['generatorLoss']);
    expect(xs).toEqual(Array.from({ length: 11 }, (_, i) => (i + 1) / 10));
    expect(history.columns(['near'])).toEqual([[1], [0.1]]);
    expect(history.last).toMatchObject({ step: 11, generatorLoss: 7 });
    history.addStep(round(1));
    expect(history.columns(['realVerdict'])[0]).toEqual([0.1]);
    expect(history.columns(['near'])).toEqual([[], []]);
  });

  it('has the scores of evaluations as they are, the newest of each step', () => {
    const history = new GanHistory(10);
    for (let step = 1; step <= 20; step += 1) history.addStep(round(step));
    history.addEvaluation(evaluation(0, 0.1));
    history.addEvaluation(evaluation(10, 0.2));
    history.addEvaluation(evaluation(20, 0.4));
    history.addEvaluation(evaluation(20, 0.5));
    expect(history.columns(['near'])).toEqual([
      [0, 1, 2],
      [0.1, 0.2, 0.5],
    ]);
    expect(history.columns(['inceptionScore', 'frechetDistance'])).toEqual([[], [], []]);
    expect(history.columns(['fakeVerdict'])[0]).toHaveLength(20);
  });

  it('has the scores of digits over the same epochs', () => {
    const history = new GanHistory(10);
    const digits = { count: 2000, confidence: 0.9, shares: new Float64Array(10) };
    for (const [step, inceptionScore, frechetDistance] of [
      [10, 4.5, 120],
      [20, 6.5, 60],
    ] as const) {
      history.addEvaluation({
        split: 'test',
        step,
        count: 2000,
        digits: { ...digits, inceptionScore, frechetDistance },
      });
    }
    expect(history.columns(['inceptionScore', 'frechetDistance'])).toEqual([
      [1, 2],
      [4.5, 6.5],
      [120, 60],
    ]);
    expect(history.columns(['near'])).toEqual([[], []]);
  });

  it('forgets what was judged after rounds that were taken back, before another round is played', () => {
    const history = new GanHistory(10);
    for (const step of [10, 20, 30]) history.addEvaluation(evaluation(step, step / 100));
    history.addEvaluation(evaluation(15, 0.7));
    expect(history.columns(['near'])).toEqual([
      [1, 1.5],
      [0.1, 0.7],
    ]);
  });

  it('stays bounded, in order, with the newest round', () => {
    const history = new GanHistory(100);
    for (let step = 1; step <= 20_000; step += 1) {
      history.addStep(
        round(step, { generatorLoss: Math.sin(step), ...(step % 2 && { realVerdict: NaN }) }),
      );
      history.addEvaluation(evaluation(step, Math.cos(step)));
    }
    const [xs, ...columns] = history.columns(['generatorLoss', 'realVerdict']);
    expect(history.columns(['near'])[0].length).toBeLessThan(2100);
    expect(xs.length).toBeLessThan(4100);
    expect(xs.at(-1)).toBe(200);
    expect(xs.every((x, i) => i === 0 || x > (xs[i - 1] ?? Infinity))).toBe(true);
    for (const column of columns) expect(column).toHaveLength(xs.length);
  });
});
