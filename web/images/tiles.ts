import type { Ramp } from './colour.ts';

/** A picture on the CPU: RGBA bytes, row by row. Structurally an `ImageData`. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** Where the numbers of one tile lie in a larger buffer. */
export interface Plane {
  values: ArrayLike<number>;
  height: number;
  width: number;
  /** index of the top left number */
  start: number;
  /** distance between neighbours in a row and in a column */
  stepX: number;
  stepY: number;
}

/** Channel `channel` of one image in [height, width, channels] order. */
export function channelPlane(
  values: ArrayLike<number>,
  [height, width, channels]: readonly [number, number, number],
  channel: number,
): Plane {
  return { values, height, width, start: channel, stepX: channels, stepY: channels * width };
}

/** Slice of a convolution weight in [height, width, inputs, outputs] order. */
export function kernelPlane(
  values: ArrayLike<number>,
  [height, width, inputs, outputs]: readonly [number, number, number, number],
  input: number,
  output: number,
): Plane {
  const step = inputs * outputs;
  return {
    values,
    height,
    width,
    start: input * outputs + output,
    stepX: step,
    stepY: step * width,
  };
}

/** Largest magnitude, the symmetric end of a diverging scale; 0 for no finite number. */
export function maximumMagnitude(values: ArrayLike<number>): number {
  let maximum = 0;
  for (let i = 0; i < values.length; i += 1) {
    const magnitude = Math.abs(values[i] ?? 0);
    if (magnitude > maximum && magnitude < Infinity) maximum = magnitude;
  }
  return maximum;
}

/** Columns and rows of a grid of `count` tiles; `columns` is a wish. */
export function gridSize(count: number, columns: number): { columns: number; rows: number } {
  const used = Math.max(1, Math.min(columns, count));
  return { columns: used, rows: Math.max(1, Math.ceil(count / used)) };
}

/**
 * Paints numbers from `low` to `high` through the ramp at (left, top).
 * Numbers that are not finite become a checkerboard of both ends of the ramp, so nobody takes them
 * for a value.
 */
export function paintPlane(
  picture: Picture,
  plane: Plane,
  left: number,
  top: number,
  low: number,
  high: number,
  ramp: Ramp,
): void {
  const scale = high > low ? 255 / (high - low) : 0;
  const middle = high > low ? 0 : 127.5;
  for (let y = 0; y < plane.height; y += 1) {
    let source = plane.start + y * plane.stepY;
    let target = ((top + y) * picture.width + left) * 4;
    for (let x = 0; x < plane.width; x += 1) {
      const value = plane.values[source] ?? 0;
      const level = Number.isFinite(value)
        ? Math.round(Math.min(Math.max((value - low) * scale + middle, 0), 255))
        : ((x + y) & 1) * 255;
      picture.data[target] = ramp[level * 4] ?? 0;
      picture.data[target + 1] = ramp[level * 4 + 1] ?? 0;
      picture.data[target + 2] = ramp[level * 4 + 2] ?? 0;
      picture.data[target + 3] = 255;
      source += plane.stepX;
      target += 4;
    }
  }
}
