/** Steps a second, by the clock, from the first snapshot that tells of any to the newest. */
export class StepSpeed {
  #first: { step: number; time: number } | undefined;
  #newest = { step: 0, time: 0 };

  see({ step, steps }: { step: number; steps: readonly unknown[] }): void {
    if (steps.length === 0) return;
    this.#newest = { step, time: performance.now() };
    this.#first ??= this.#newest;
  }

  /** Between the two. */
  get steps(): number {
    return this.#newest.step - (this.#first ?? this.#newest).step;
  }

  get perSecond(): number {
    return (1000 * this.steps) / (this.#newest.time - (this.#first ?? this.#newest).time);
  }
}
