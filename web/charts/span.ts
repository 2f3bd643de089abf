/**
 * Right end of an epoch axis: the first of 0.1, 0.2, 0.5, 1, 2, 3, ... that holds `last`, so a curve
 * is seen to move from its first batches on and the axis jumps rarely.
 */
export function epochSpan(last: number): number {
  // A step's x is a quotient: 63 / 63 epochs must not open a second epoch.
  const end = last - 1e-9;
  return [0.1, 0.2, 0.5].find((span) => span >= end) ?? Math.max(1, Math.ceil(end));
}
