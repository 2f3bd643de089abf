import type { Snapshot } from './types.js';

/** Holds one snapshot at a time: the next may be sent when the reader has taken the last. */
export class Mailbox<Item = Snapshot> {
  readonly #post: (item: Item) => void;
  #free = true;

  constructor(post: (item: Item) => void) {
    this.#post = post;
  }

  get free(): boolean {
    return this.#free;
  }

  send(item: Item): void {
    this.#free = false;
    this.#post(item);
  }

  /** The reader has taken the snapshot. */
  acknowledge(): void {
    this.#free = true;
  }
}
