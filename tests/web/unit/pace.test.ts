import { expect, test } from 'vitest';
import { drawingSlowdown } from '../../../web/training/pace.ts';

test('where every core trains and there are few, the page draws less often', () => {
  expect(drawingSlowdown(2, 2)).toBe(2);
  expect(drawingSlowdown(1, 1)).toBe(4);
});

test('a core to spare, or many of them, and it draws at the full pace', () => {
  expect(drawingSlowdown(1, 2)).toBe(1);
  expect(drawingSlowdown(4, 4)).toBe(1);
  expect(drawingSlowdown(8, 8)).toBe(1);
});
