import type { Tensor } from 'kernelgarten';
import type { NetworkName } from '../../training/courses.ts';

/** How large the gradient is at each step of a sequence, for one network at one moment. */
export interface GradientCurve {
  /** steps since that network was built */
  readonly step: number;
  /** Euclidean norm for each step of the sequence */
  readonly norms: readonly number[];
}

/** Euclidean norm of each row of a [steps, units] tensor. */
export function rowNorms({ shape: [steps = 0, units = 0], values }: Tensor): number[] {
  return Array.from({ length: steps }, (_, step) =>
    Math.hypot(...values.subarray(step * units, (step + 1) * units)),
  );
}

/** The newest curve of each kind of network: one stays to be compared when another is trained. */
export class GradientMemory {
  curves = $state.raw<ReadonlyMap<NetworkName, GradientCurve>>(new Map());

  keep(preset: NetworkName, curve: GradientCurve): void {
    this.curves = new Map([...this.curves, [preset, curve]]);
  }
}
