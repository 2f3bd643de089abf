import { describe, expect, it } from 'vitest';
import { makeRamp, parseColour, type Ramp } from '../../../web/images/colour.ts';
import {
  channelPlane,
  gridSize,
  kernelPlane,
  maximumMagnitude,
  paintPlane,
} from '../../../web/images/tiles.ts';

const colourAt = (ramp: Ramp, index: number): number[] => [...ramp.slice(4 * index, 4 * index + 4)];

describe('makeRamp', () => {
  const ramp = makeRamp([
    [156, 63, 0],
    [243, 242, 237],
    [0, 73, 122],
  ]);

  it('begins, passes and ends at its stops', () => {
    expect(colourAt(ramp, 0)).toEqual([156, 63, 0, 255]);
    expect(colourAt(ramp, 255)).toEqual([0, 73, 122, 255]);
    const middle = colourAt(ramp, 127);
    expect(Math.abs((middle[0] ?? 0) - 243)).toBeLessThanOrEqual(2);
  });

  it('is opaque everywhere', () => {
    for (let i = 0; i < 256; i += 1) expect(ramp[4 * i + 3]).toBe(255);
  });
});

describe('parseColour', () => {
  it('reads #rrggbb and refuses anything else with the reason', () => {
    expect(parseColour(' #0072b2 ')).toEqual([0, 0x72, 0xb2]);
    expect(() => parseColour('rgb(0 0 0)')).toThrow(/expected a colour like #0072b2, got "rgb/);
  });
});

describe('planes', () => {
  it('finds the channel of an image in height, width, channels order', () => {
    const values = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    const plane = channelPlane(values, [2, 3, 2], 1);
    const read = (y: number, x: number) => values[plane.start + y * plane.stepY + x * plane.stepX];
    expect([read(0, 0), read(0, 2), read(1, 0), read(1, 2)]).toEqual([1, 5, 7, 11]);
  });

  it('finds one slice of a convolution weight in height, width, inputs, outputs order', () => {
    const [height, width, inputs, outputs] = [3, 3, 4, 5] as const;
    const values = Array.from({ length: height * width * inputs * outputs }, (_, i) => i);
    const plane = kernelPlane(values, [height, width, inputs, outputs], 2, 3);
    const at = (y: number, x: number) => ((y * width + x) * inputs + 2) * outputs + 3;
    for (let y = 0; y < 3; y += 1) {
      for (let x = 0; x < 3; x += 1) {
        expect(plane.start + y * plane.stepY + x * plane.stepX).toBe(at(y, x));
      }
    }
  });
});

describe('paintPlane', () => {
  const ramp: Ramp = new Uint8ClampedArray(1024).map((_, i) => (i % 4 === 3 ? 255 : i >> 2));
  const picture = () => ({ width: 3, height: 1, data: new Uint8ClampedArray(12) });
  const paint = (values: number[], low: number, high: number): number[] => {
    const target = picture();
    const plane = { values, height: 1, width: 3, start: 0, stepX: 1, stepY: 3 };
    paintPlane(target, plane, 0, 0, low, high, ramp);
    return [0, 1, 2].map((x) => target.data[4 * x] ?? -1);
  };

  it('puts zero of a symmetric range in the middle and clamps the ends', () => {
    expect(paint([-2, 0, 9], -2, 2)).toEqual([0, 128, 255]);
  });

  it('shows an empty range as neutral', () => {
    expect(paint([0, 0, 0], 0, 0)).toEqual([128, 128, 128]);
  });

  it('marks numbers that are not finite as a checkerboard', () => {
    expect(paint([NaN, Infinity, NaN], -1, 1)).toEqual([0, 255, 0]);
  });
});

describe('maximumMagnitude', () => {
  it('ignores sign and what is not finite', () => {
    expect(maximumMagnitude([1, -3, NaN, Infinity])).toBe(3);
    expect(maximumMagnitude([])).toBe(0);
  });
});

describe('gridSize', () => {
  it('never has more columns than tiles', () => {
    expect(gridSize(32, 8)).toEqual({ columns: 8, rows: 4 });
    expect(gridSize(10, 8)).toEqual({ columns: 8, rows: 2 });
    expect(gridSize(3, 8)).toEqual({ columns: 3, rows: 1 });
    expect(gridSize(0, 8)).toEqual({ columns: 1, rows: 1 });
  });
});
