/**
 * A point on the way from one noise vector to another, along the great circle between their directions,
 * with a length in between: all stops are as likely as the ends, which those of a straight line are not.
 *
 * @param share of the way, 0 to 1
 */
export function between(from: Float32Array, to: Float32Array, share: number): Float32Array {
  const lengths = [norm(from), norm(to)] as const;
  const cosine = dot(from, to) / (lengths[0] * lengths[1]);
  const angle = Math.acos(Math.min(Math.max(cosine, -1), 1));
  // Opposite and equal directions have no single great circle: straight on.
  if (!(Math.sin(angle) > 1e-6)) {
    return from.map((value, i) => (1 - share) * value + share * (to[i] ?? 0));
  }
  const weights = [Math.sin((1 - share) * angle), Math.sin(share * angle)].map(
    (weight) => weight / Math.sin(angle),
  );
  const length = (1 - share) * lengths[0] + share * lengths[1];
  return from.map(
    (value, i) =>
      length *
      ((value / lengths[0]) * (weights[0] ?? 0) + ((to[i] ?? 0) / lengths[1]) * (weights[1] ?? 0)),
  );
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function norm(a: Float32Array): number {
  return Math.sqrt(dot(a, a));
}
