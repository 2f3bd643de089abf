import { rasterise, type Placement, type Stroke } from './strokes.ts';

/** Side of an MNIST image and of the box its digit is scaled to. */
export const IMAGE_SIDE = 28;
export const DIGIT_SIDE = 20;

/** In MNIST pixels: half the width of a typical stroke, and how soft its edge is. */
const PEN_RADIUS = 1.15;
const PEN_SOFTNESS = 1.1;

/** A dot is not blown up to a blob that fills the picture: at most twelve times its size. */
const LARGEST_SCALE = 28 * 12;

export interface CentredDigit {
  /** 28 x 28 bytes, 255 = ink, as the network gets it */
  pixels: Uint8Array;
  /** how the pad's unit square was laid over the 28 x 28 pixels */
  placement: Placement;
}

export function toBytes(image: Float32Array): Uint8Array {
  return Uint8Array.from(image, (value) => Math.round(255 * Math.min(Math.max(value, 0), 1)));
}

/** The pad as it is, squeezed into 28 x 28 pixels. */
export const asDrawn: Placement = { scale: IMAGE_SIDE, left: 0, top: 0 };

export function drawPlaced(strokes: readonly Stroke[], placement: Placement): Float32Array {
  return rasterise(strokes, placement, IMAGE_SIDE, PEN_RADIUS, PEN_SOFTNESS);
}

function scaleToBox(strokes: readonly Stroke[]): Placement | undefined {
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (const { x, y } of strokes.flat()) {
    minX = Math.min(minX, x);
    minY = Math.min(minY, y);
    maxX = Math.max(maxX, x);
    maxY = Math.max(maxY, y);
  }
  if (minX > maxX) return undefined;
  const longest = Math.max(maxX - minX, maxY - minY);
  const room = DIGIT_SIDE - 2 * PEN_RADIUS;
  const scale = Math.min(longest > 0 ? room / longest : IMAGE_SIDE, LARGEST_SCALE);
  return {
    scale,
    left: IMAGE_SIDE / 2 - (scale * (minX + maxX)) / 2,
    top: IMAGE_SIDE / 2 - (scale * (minY + maxY)) / 2,
  };
}

/** Centre of mass in pixels; a pixel's mass sits at its centre. */
export function centreOfMass(image: ArrayLike<number>, side: number): { x: number; y: number } {
  let mass = 0;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < side * side; i += 1) {
    const value = image[i] ?? 0;
    mass += value;
    sumX += value * ((i % side) + 0.5);
    sumY += value * (Math.floor(i / side) + 0.5);
  }
  if (mass === 0) return { x: side / 2, y: side / 2 };
  return { x: sumX / mass, y: sumY / mass };
}

/**
 * Prepares a drawing the way MNIST was made (LeCun, Cortes, Burges): the longest side is scaled to
 * 20 pixels, then the centre of mass is moved to the middle of a 28 x 28 image. The pen is applied
 * after scaling, so a tiny and a huge drawing get strokes of the same width.
 * @returns undefined when nothing is drawn
 */
export function centreDigit(strokes: readonly Stroke[]): CentredDigit | undefined {
  const boxed = scaleToBox(strokes);
  if (boxed === undefined) return undefined;
  const centre = centreOfMass(drawPlaced(strokes, boxed), IMAGE_SIDE);
  const placement = {
    scale: boxed.scale,
    left: boxed.left + IMAGE_SIDE / 2 - centre.x,
    top: boxed.top + IMAGE_SIDE / 2 - centre.y,
  };
  return { pixels: toBytes(drawPlaced(strokes, placement)), placement };
}

/** A placement on the way from one to another; `share` runs from 0 to 1. */
export function between(from: Placement, to: Placement, share: number): Placement {
  const mix = (a: number, b: number): number => a + share * (b - a);
  return {
    scale: mix(from.scale, to.scale),
    left: mix(from.left, to.left),
    top: mix(from.top, to.top),
  };
}
