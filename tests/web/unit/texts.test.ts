import { describe, expect, it } from 'vitest';
import { strongest } from '../../../web/lessons/characters/influence.ts';
import { meanSquaredError } from '../../../web/lessons/wave/errors.ts';
import { builtInTexts } from '../../../web/texts/index.ts';
import { makeRandom } from '../../../web/texts/random.ts';
import { gradeSums, sums } from '../../../web/texts/sums.ts';

describe('sums', () => {
  it('are right, the same for the same seed, and others for another', () => {
    const text = sums(200, 3);
    expect(gradeSums(text)).toEqual({ right: 200, total: 200 });
    expect(sums(200, 3)).toBe(text);
    expect(sums(200, 4)).not.toBe(text);
    expect(new Set(text.split('\n')).size).toBeGreaterThan(150);
  });

  it.each([
    ['1+1=2\n', { right: 1, total: 1 }],
    ['1+1=3\n', { right: 0, total: 1 }],
    ['1+1=2\n4+4=', { right: 1, total: 1 }],
    ['\n\n', { right: 0, total: 0 }],
    ['1+=1\n+1=1\n1+1=2=2\nabc\n', { right: 0, total: 4 }],
  ])('of %j are graded', (text, grade) => {
    expect(gradeSums(text)).toEqual(grade);
  });
});

describe('makeRandom', () => {
  it('spreads evenly from 0 to below 1', () => {
    const random = makeRandom(7);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i += 1) {
      const value = random();
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1);
      const bin = Math.floor(10 * value);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    // 1000 expected in each; the standard deviation is 30.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe('the built-in texts', () => {
  it.each(['english', 'chinese', 'sums'] as const)('%s has whole characters only', (name) => {
    const text = builtInTexts[name]();
    expect(text.length).toBeGreaterThan(1000);
    expect(text).not.toMatch(/\p{Surrogate}/u);
  });
});

describe('strongest', () => {
  it('looks only before the character, the strongest first', () => {
    expect(strongest([0.1, 0.5, 0, 0.3, 9], 4, 3)).toEqual([1, 3, 0]);
    expect(strongest([0.1, 0.5, 0, 0.3, 9], 4, 1)).toEqual([1]);
    expect(strongest([0, 0], 2, 3)).toEqual([]);
  });
});

describe('meanSquaredError', () => {
  it('is the mean of squared differences', () => {
    expect(meanSquaredError([1, 2, 5], Float32Array.of(1, 4, 2))).toBeCloseTo((0 + 4 + 9) / 3);
  });
});
