import { expect } from 'vitest';
import type { Scheduler } from '../../../bindings/src/scheduler.js';

/** Runs slices one at a time, by hand. */
export class ManualScheduler implements Scheduler {
  #task: (() => void) | undefined;
  closed = false;

  schedule(task: () => void): void {
    expect(this.#task, 'a slice is scheduled twice').toBeUndefined();
    this.#task = task;
  }

  close(): void {
    this.closed = true;
    this.#task = undefined;
  }

  /** false when nothing was waiting */
  slice(): boolean {
    const task = this.#task;
    this.#task = undefined;
    task?.();
    return task !== undefined;
  }

  drain(limit = 10_000): void {
    for (let count = 0; this.slice(); count += 1) expect(count).toBeLessThan(limit);
  }
}
