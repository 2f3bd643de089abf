import type { StepPlace } from './types.js';

/** A moment of the training that can be gone back to. */
export interface RewindPoint<Step extends StepPlace> {
  checkpoint: Uint8Array;
  /** the last step before it; undefined for fresh weights */
  step: Step | undefined;
}

/** Points that are kept beside the first. */
const most = 3;

/** Training between two points. */
const milliseconds = 3000;

/** Remembers how a model was now and then, for a run that went wrong. */
export class RewindPoints<Step extends StepPlace> {
  readonly #points: RewindPoint<Step>[] = [];
  #sinceLast = 0;

  /**
   * Called after each step; takes a point when it is time, and fresh weights at once.
   *
   * @param spent milliseconds spent on training since the last call
   */
  offer(spent: number, step: Step | undefined, checkpoint: () => Uint8Array): void {
    this.#sinceLast += spent;
    if (this.#points.length > 0 && this.#sinceLast < milliseconds) return;
    this.#sinceLast = 0;
    this.#points.push({ checkpoint: checkpoint(), step });
    // The first are the fresh weights.
    if (this.#points.length > most + 1) this.#points.splice(1, 1);
  }

  /** The newest point, which is given once; fresh weights can be had any number of times. */
  take(): RewindPoint<Step> | undefined {
    this.#sinceLast = 0;
    return this.#points.length > 1 ? this.#points.pop() : this.#points[0];
  }
}
