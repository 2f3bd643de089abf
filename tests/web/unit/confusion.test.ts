import { expect, it } from 'vitest';
import { correctCount, countAt, mixUps } from '../../../web/views/confusion.ts';

// Rows are true classes: five 0s (one taken for 2), three 1s, four 2s (three taken for 1).
const confusion = Uint32Array.from([4, 0, 1, 0, 3, 0, 0, 3, 1]);

it('reads a cell by true and predicted class', () => {
  expect(countAt(confusion, 3, { actual: 0, predicted: 2 })).toBe(1);
  expect(countAt(confusion, 3, { actual: 2, predicted: 1 })).toBe(3);
});

it('lists mistakes, the most frequent first, without the diagonal', () => {
  expect(mixUps(confusion, 3)).toEqual([
    { actual: 2, predicted: 1, count: 3 },
    { actual: 0, predicted: 2, count: 1 },
  ]);
});

it('counts the diagonal', () => {
  expect(correctCount(confusion, 3)).toBe(8);
});
