import type { PresetChoice } from '../../training/courses.ts';

/** How large the gradient is at each step of a sequence, for one network at one moment. */
export interface GradientCurve {
  /** steps since that network was built */
  readonly step: number;
  /** Euclidean norm for each step of the sequence */
  readonly norms: readonly number[];
}

/** The newest curve of each kind of network: one stays to be compared when another is trained. */
export class GradientMemory {
  curves = $state.raw<ReadonlyMap<PresetChoice, GradientCurve>>(new Map());

  keep(preset: PresetChoice, curve: GradientCurve): void {
    this.curves = new Map([...this.curves, [preset, curve]]);
  }
}
