import { describe, expect, it } from 'vitest';
import {
  asDrawn,
  between,
  centreDigit,
  centreOfMass,
  DIGIT_SIDE,
  IMAGE_SIDE,
} from '../../../web/digits/centre.ts';
import type { Stroke } from '../../../web/digits/strokes.ts';

/** A seven: a bar and a slanted stem, not symmetric in any way. */
const seven: Stroke = [
  { x: 0.3, y: 0.2 },
  { x: 0.7, y: 0.2 },
  { x: 0.45, y: 0.8 },
];

const moved = (stroke: Stroke, scale: number, left: number, top: number): Stroke =>
  stroke.map(({ x, y }) => ({ x: scale * x + left, y: scale * y + top }));

function inkBox(pixels: Uint8Array): { width: number; height: number } {
  const xs: number[] = [];
  const ys: number[] = [];
  pixels.forEach((value, i) => {
    if (value < 40) return;
    xs.push(i % IMAGE_SIDE);
    ys.push(Math.floor(i / IMAGE_SIDE));
  });
  return {
    width: Math.max(...xs) - Math.min(...xs) + 1,
    height: Math.max(...ys) - Math.min(...ys) + 1,
  };
}

function centred(strokes: readonly Stroke[]): Uint8Array {
  const digit = centreDigit(strokes);
  if (digit === undefined) throw new Error('expected a digit, got an empty drawing');
  return digit.pixels;
}

describe('centreDigit', () => {
  it('says when nothing is drawn', () => {
    expect(centreDigit([])).toBeUndefined();
    expect(centreDigit([[]])).toBeUndefined();
  });

  it.each([
    ['as drawn', 1, 0, 0],
    ['in the top left corner', 0.3, -0.05, -0.03],
    ['in the bottom right corner', 0.3, 0.65, 0.7],
    ['tiny', 0.12, 0.5, 0.1],
    ['huge, over the whole pad', 1.6, -0.3, -0.3],
  ])('gives the same picture %s', (_, scale, left, top) => {
    const pixels = centred([moved(seven, scale, left, top)]);
    const reference = centred([seven]);
    const difference = pixels.map((value, i) => Math.abs(value - (reference[i] ?? 0)));
    expect(Math.max(...difference)).toBeLessThanOrEqual(2);
  });

  it('scales the longest side to 20 pixels and puts the centre of mass in the middle', () => {
    const pixels = centred([seven]);
    const { width, height } = inkBox(pixels);
    expect(Math.abs(height - DIGIT_SIDE)).toBeLessThanOrEqual(1);
    expect(width).toBeLessThan(height);
    const { x, y } = centreOfMass(pixels, IMAGE_SIDE);
    expect(x).toBeCloseTo(14, 1);
    expect(y).toBeCloseTo(14, 1);
  });

  it('scales a wide drawing by its width', () => {
    const wide: Stroke = [
      { x: 0.1, y: 0.5 },
      { x: 0.4, y: 0.52 },
    ];
    const { width, height } = inkBox(centred([wide]));
    expect(Math.abs(width - DIGIT_SIDE)).toBeLessThanOrEqual(1);
    expect(height).toBeLessThan(8);
  });

  it('keeps a dot a dot, in the middle', () => {
    const pixels = centred([[{ x: 0.9, y: 0.1 }]]);
    const { width, height } = inkBox(pixels);
    expect(Math.max(width, height)).toBeLessThanOrEqual(4);
    const { x, y } = centreOfMass(pixels, IMAGE_SIDE);
    expect(x).toBeCloseTo(14, 1);
    expect(y).toBeCloseTo(14, 1);
  });

  it('joins several strokes into one digit', () => {
    const both = centred([
      seven,
      [
        { x: 0.4, y: 0.5 },
        { x: 0.65, y: 0.5 },
      ],
    ]);
    const sum = (pixels: Uint8Array): number => pixels.reduce((total, value) => total + value, 0);
    expect(sum(both)).toBeGreaterThan(sum(centred([seven])) * 1.1);
  });

  it('uses the full range of ink', () => {
    const pixels = centred([seven]);
    expect(Math.max(...pixels)).toBe(255);
    expect(Math.min(...pixels)).toBe(0);
  });
});

describe('between', () => {
  it('starts and ends exactly', () => {
    const target = { scale: 40, left: -3, top: 2 };
    expect(between(asDrawn, target, 0)).toEqual(asDrawn);
    expect(between(asDrawn, target, 1)).toEqual(target);
    expect(between(asDrawn, target, 0.5)).toEqual({ scale: 34, left: -1.5, top: 1 });
  });
});

describe('centreOfMass', () => {
  it('is the middle of an empty image', () => {
    expect(centreOfMass(new Uint8Array(16), 4)).toEqual({ x: 2, y: 2 });
  });

  it('weighs pixels at their centres', () => {
    expect(centreOfMass([0, 0, 0, 3, 0, 0, 0, 1, 0], 3)).toEqual({ x: 0.75, y: 1.75 });
  });
});
