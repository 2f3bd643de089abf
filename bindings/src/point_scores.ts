/** How well generated points keep to the centres of a mixture of Gaussians. */
export interface PointScores {
  /** share of the points within three standard deviations of the centre nearest to them */
  near: number;
  /** for each centre the share of all points that are near and nearest to it */
  shares: number[];
}

/**
 * @param points x and y of each
 * @param centres x and y of each
 * @param spread standard deviation around a centre, along each axis. Of the Gaussian itself
 *   1 - e^-4.5, 98.9 %, lies within three of them.
 */
export function scorePoints(
  points: Float32Array,
  centres: Float32Array,
  spread: number,
): PointScores {
  const shares = new Array<number>(centres.length / 2).fill(0);
  const count = points.length / 2;
  let near = 0;
  for (let i = 0; i < points.length; i += 2) {
    const { index, distance } = nearest(points[i] ?? NaN, points[i + 1] ?? NaN, centres);
    if (!(distance <= 3 * spread)) continue;
    near += 1 / count;
    shares[index] = (shares[index] ?? 0) + 1 / count;
  }
  return { near, shares };
}

function nearest(x: number, y: number, centres: Float32Array): { index: number; distance: number } {
  let best = { index: 0, distance: Infinity };
  for (let index = 0; index < centres.length / 2; index += 1) {
    const distance = Math.hypot(
      x - (centres[2 * index] ?? NaN),
      y - (centres[2 * index + 1] ?? NaN),
    );
    if (distance < best.distance) best = { index, distance };
  }
  return best;
}
