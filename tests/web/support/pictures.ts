import type { Locator } from '@playwright/test';

/** Sides and distance of the pictures in a row, in pixels of their canvas. */
const side = 28;
const gap = 3;

/** The red part of each pixel of the picture at a place in a row. */
export function tile(canvas: Locator, place = 0): Promise<number[]> {
  return canvas.evaluate(
    (element, [left, size]) => {
      if (!(element instanceof HTMLCanvasElement)) throw new Error('expected a canvas');
      // A copy to read from: to read from the canvas itself would change how it is drawn.
      const copy = new OffscreenCanvas(size, size).getContext('2d', { willReadFrequently: true });
      copy?.drawImage(element, -left, 0);
      const data = copy?.getImageData(0, 0, size, size).data ?? [];
      return [...data].filter((_, i) => i % 4 === 0);
    },
    [place * (side + gap), side] as const,
  );
}

/** How far apart two pictures are: the largest difference of two pixels, of 255. */
export function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length || a.length === 0) return Infinity;
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Infinity))));
}

/** All that a canvas shows. */
export function whole(canvas: Locator): Promise<string> {
  return canvas.evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) throw new Error('expected a canvas');
    return element.toDataURL();
  });
}

/** The red part of the darkest of the pixels that are covered entirely; 255 without one. */
export function darkest(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) throw new Error('expected a canvas');
    const copy = new OffscreenCanvas(element.width, element.height).getContext('2d');
    copy?.drawImage(element, 0, 0);
    const data = copy?.getImageData(0, 0, element.width, element.height).data ?? [];
    let least = 255;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] === 255) least = Math.min(least, data[i] ?? 255);
    }
    return least;
  });
}
