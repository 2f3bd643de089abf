import type { Frame } from '../../game/film.svelte.ts';
import { channelPlane, type Plane } from '../../images/tiles.ts';
import { FAKES, PIXELS, REALS } from './gan_views.svelte.ts';

/** A picture of the grid: a fake, made from the noise of that number, or a real digit. */
export interface Tile {
  real: boolean;
  index: number;
}

/** Pictures in a row. */
export const COLUMNS = 10;

/**
 * Rows of tiles. Real digits stand between the fakes, two in a row; where each column is asked for a digit
 * of its own, the real ones have the last row to themselves.
 */
export function arrange(conditional: boolean): Tile[][] {
  const fakes = Array.from({ length: FAKES }, (_, index) => ({ real: false, index }));
  const reals = Array.from({ length: REALS }, (_, index) => ({ real: true, index }));
  const rows = (FAKES + REALS) / COLUMNS;
  return Array.from({ length: rows }, (_, row) => {
    if (conditional) return row < rows - 1 ? fakes.splice(0, COLUMNS) : reals;
    const places = [(3 * row + 1) % COLUMNS, (3 * row + 6) % COLUMNS];
    return Array.from({ length: COLUMNS }, (_, column) => {
      const [tile] = (places.includes(column) ? reals : fakes).splice(0, 1);
      return tile ?? { real: false, index: 0 };
    });
  });
}

export function planeOf({ real, index }: Tile, frame: Frame, reals: Float32Array): Plane {
  return imagePlane(real ? reals : frame.samples, index);
}

/** One of several pictures of 28 x 28 that stand one after the other. */
export function imagePlane(images: Float32Array, index: number): Plane {
  return channelPlane(images.subarray(index * PIXELS, (index + 1) * PIXELS), [28, 28, 1], 0);
}

export function verdictOf({ real, index }: Tile, { verdicts }: Frame): number | undefined {
  return verdicts[real ? FAKES + index : index];
}
