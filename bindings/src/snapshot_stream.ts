import { defer } from './deferred.js';
import { mergeSnapshots } from './snapshot.js';
import type { Snapshot, StepMetrics, StepPlace } from './types.js';

type Next<Result, Step extends StepPlace> = IteratorResult<Snapshot<Result, Step>, undefined>;

/** Hands every snapshot to any number of readers, each at its own pace. */
export class SnapshotStream<Result, Step extends StepPlace = StepMetrics> {
  readonly #readers = new Set<Reader<Result, Step>>();
  #latest: Snapshot<Result, Step> | undefined;
  #ended = false;

  push(snapshot: Snapshot<Result, Step>): void {
    this.#latest = { ...snapshot, steps: [], evaluations: [] };
    for (const reader of this.#readers) reader.push(snapshot);
  }

  /** A reader that begins with the newest state known, without its steps. */
  open(): AsyncIterableIterator<Snapshot<Result, Step>> {
    const reader: Reader<Result, Step> = new Reader(() => this.#readers.delete(reader));
    if (this.#ended) {
      reader.end();
      return reader;
    }
    if (this.#latest !== undefined) reader.push(this.#latest);
    this.#readers.add(reader);
    return reader;
  }

  /** Every reader throws, once it has read what waits; new readers may come. */
  fail(error: Error): void {
    for (const reader of this.#readers) reader.fail(error);
    this.#readers.clear();
    this.#latest = undefined;
  }

  /** Every reader is done, once it has read what waits; new ones are done at once. */
  end(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }
}

/** Whoever waits for the next snapshot. Methods, so that a trainer of any result is a trainer. */
interface Waiter<Result, Step extends StepPlace> {
  resolve(next: Next<Result, Step>): void;
  reject(reason: unknown): void;
}

class Reader<Result, Step extends StepPlace> implements AsyncIterableIterator<
  Snapshot<Result, Step>
> {
  readonly #close: () => void;
  readonly #waiting: Waiter<Result, Step>[] = [];
  #unread: Snapshot<Result, Step> | undefined;
  #outcome: { error: Error | undefined } | undefined;

  constructor(close: () => void) {
    this.#close = close;
  }

  push(snapshot: Snapshot<Result, Step>): void {
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) waiter.resolve({ done: false, value: snapshot });
    else this.#unread = this.#unread ? mergeSnapshots(this.#unread, snapshot) : snapshot;
  }

  end(): void {
    this.#outcome ??= { error: undefined };
    for (const waiter of this.#waiting.splice(0)) waiter.resolve({ done: true, value: undefined });
  }

  fail(error: Error): void {
    this.#outcome ??= { error };
    // The error is told once; after it the iteration is over, as with any generator.
    const [first, ...others] = this.#waiting.splice(0);
    if (first === undefined) return;
    this.#outcome = { error: undefined };
    first.reject(error);
    for (const waiter of others) waiter.resolve({ done: true, value: undefined });
  }

  next(): Promise<Next<Result, Step>> {
    if (this.#unread !== undefined) {
      const value = this.#unread;
      this.#unread = undefined;
      return Promise.resolve({ done: false, value });
    }
    if (this.#outcome !== undefined) {
      const { error } = this.#outcome;
      this.#outcome = { error: undefined };
      return error ? Promise.reject(error) : Promise.resolve({ done: true, value: undefined });
    }
    const waiter = defer<Next<Result, Step>>();
    this.#waiting.push(waiter);
    return waiter.promise;
  }

  return(): Promise<Next<Result, Step>> {
    this.#close();
    this.#unread = undefined;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
