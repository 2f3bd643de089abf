/** A point on the pad; the pad is the unit square, y grows downwards. */
export interface Point {
  x: number;
  y: number;
}

/** The path of one touch of the pen; a single point is a dot. */
export type Stroke = readonly Point[];

/** x' = scale * x + left, y' = scale * y + top. */
export interface Placement {
  scale: number;
  left: number;
  top: number;
}

function squaredDistance(px: number, py: number, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((px - a.x) * dx + (py - a.y) * dy) / length;
  const t = Math.min(Math.max(along, 0), 1);
  const ex = px - a.x - t * dx;
  const ey = py - a.y - t * dy;
  return ex * ex + ey * ey;
}

/**
 * Draws strokes with a round pen into a square grey image: a pixel's value falls from 1 to 0 over
 * `softness` pixels around the pen's edge, as measured from the pixel's centre to the nearest piece
 * of the path.
 */
export function rasterise(
  strokes: readonly Stroke[],
  placement: Placement,
  size: number,
  penRadius: number,
  softness: number,
): Float32Array {
  const image = new Float32Array(size * size);
  const reach = penRadius + softness / 2;
  const place = (p: Point): Point => ({
    x: placement.scale * p.x + placement.left,
    y: placement.scale * p.y + placement.top,
  });
  const inside = (value: number): number => Math.min(Math.max(value, 0), size - 1);
  for (const stroke of strokes) {
    const path = stroke.map(place);
    for (let i = 0; i < path.length; i += 1) {
      const b = path[i];
      const a = path[i - 1] ?? b;
      if (a === undefined || b === undefined || (i === 0 && path.length > 1)) continue;
      const lastX = inside(Math.ceil(Math.max(a.x, b.x) + reach));
      const lastY = inside(Math.ceil(Math.max(a.y, b.y) + reach));
      const firstY = inside(Math.floor(Math.min(a.y, b.y) - reach));
      for (let y = firstY; y <= lastY; y += 1) {
        for (let x = inside(Math.floor(Math.min(a.x, b.x) - reach)); x <= lastX; x += 1) {
          const distance = Math.sqrt(squaredDistance(x + 0.5, y + 0.5, a, b));
          const value = Math.min(Math.max((reach - distance) / softness, 0), 1);
          const index = y * size + x;
          if (value > (image[index] ?? 0)) image[index] = value;
        }
      }
    }
  }
  return image;
}
