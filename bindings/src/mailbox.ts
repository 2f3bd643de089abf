import type { Snapshot } from './types.js';

/** Tells whether the reader has taken all that was sent, so that progress need not pile up before it. */
export class Mailbox<Item = Snapshot> {
  readonly #post: (item: Item) => void;
  #waiting = 0;

  constructor(post: (item: Item) => void) {
    this.#post = post;
  }

  get free(): boolean {
    return this.#waiting === 0;
  }

  send(item: Item): void {
    this.#waiting += 1;
    this.#post(item);
  }

  /** The reader has taken a snapshot. */
  acknowledge(): void {
    this.#waiting -= 1;
  }
}
