import { describe, expect, it } from 'vitest';
import { scorePoints } from '../../bindings/src/point_scores.js';

const centres = Float32Array.of(0, 0, 10, 0, 0, 10);

describe('scores of points', () => {
  it('are shares of all points: of those near a centre, and of each centre’s own', () => {
    // Two at the first centre, one at the third, one just out of reach.
    const points = Float32Array.of(0, 0, 1, 1, 0, 10.5, 10, 3.01);
    const { near, shares } = scorePoints(points, centres, 1);
    expect(near).toBe(0.75);
    expect(shares).toEqual([0.5, 0, 0.25]);
  });

  it('three standard deviations are near, a hair more is not', () => {
    expect(scorePoints(Float32Array.of(10, 3), centres, 1).shares).toEqual([0, 1, 0]);
    expect(scorePoints(Float32Array.of(10, 3.001), centres, 1).near).toBe(0);
  });

  it('a point belongs to the nearest centre alone, where several are in reach', () => {
    const { near, shares } = scorePoints(Float32Array.of(6, 0, 4, 0), centres, 100);
    expect(near).toBe(1);
    expect(shares).toEqual([0.5, 0.5, 0]);
  });

  it('points that are no numbers are near nothing', () => {
    const { near, shares } = scorePoints(
      Float32Array.of(NaN, 0, 0, Infinity, 0, 0, 0, 0),
      centres,
      1,
    );
    expect(near).toBe(0.5);
    expect(shares).toEqual([0.5, 0, 0]);
  });

  it('without points nothing is near', () => {
    expect(scorePoints(new Float32Array(), centres, 1)).toEqual({ near: 0, shares: [0, 0, 0] });
  });
});
