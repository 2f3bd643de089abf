import type { LayerInspection, Tensor } from 'kernelgarten';
import { maximumMagnitude } from '../images/tiles.ts';
import { traceKinds, type TraceKind } from './traces.ts';

/** Which of a recurrent layer's traces is looked at, and what there is to know of it. */
export class TraceChoice {
  wanted = $state<TraceKind>('hidden');
  readonly #traces: () => LayerInspection['traces'] | undefined;

  /** @param traces of the layer, undefined before it was looked at */
  constructor(traces: () => LayerInspection['traces'] | undefined) {
    this.#traces = traces;
  }

  /** What the layer has, or all before it was looked at. */
  get kinds(): TraceKind[] {
    const traces = this.#traces();
    return traceKinds.filter((kind) => traces === undefined || traces[kind] !== undefined);
  }

  /** As wanted, if the layer has it. */
  get kind(): TraceKind {
    return this.kinds.includes(this.wanted) ? this.wanted : 'hidden';
  }

  /** [steps, units] */
  get trace(): Tensor | undefined {
    return this.#traces()?.[this.kind];
  }

  get steps(): number {
    return this.trace?.shape[0] ?? 1;
  }

  get units(): number {
    return this.trace?.shape[1] ?? 1;
  }

  at(step: number, unit: number): number | undefined {
    return this.trace?.values[step * this.units + unit];
  }

  /** Symmetric end of the colour scale: everything but the memory lies between -1 and 1. */
  get range(): number {
    return this.kind === 'memory' ? maximumMagnitude(this.trace?.values ?? [1]) || 1 : 1;
  }
}
