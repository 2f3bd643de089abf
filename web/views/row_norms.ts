import type { Tensor } from 'kernelgarten';

/** Euclidean norm of each row of a [steps, units] tensor. */
export function rowNorms({ shape: [steps = 0, units = 0], values }: Tensor): number[] {
  return Array.from({ length: steps }, (_, step) =>
    Math.hypot(...values.subarray(step * units, (step + 1) * units)),
  );
}
