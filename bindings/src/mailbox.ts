import type { Snapshot } from './types.js';

/** Holds one snapshot at a time: the next may be sent when the reader has taken the last. */
export class Mailbox {
  readonly #post: (snapshot: Snapshot) => void;
  #free = true;

  constructor(post: (snapshot: Snapshot) => void) {
    this.#post = post;
  }

  get free(): boolean {
    return this.#free;
  }

  send(snapshot: Snapshot): void {
    this.#free = false;
    this.#post(snapshot);
  }

  /** The reader has taken the snapshot. */
  acknowledge(): void {
    this.#free = true;
  }
}
