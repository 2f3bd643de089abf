import type { Session, Trained } from '../training/session.svelte.ts';

/** Milliseconds between two looks inside while training, or more: about six a second. */
const INTERVAL = 160;

export type TrainerOf<Run extends Session> = NonNullable<Run['trainer']>;

/**
 * Looks inside a run as often as the page can show it: one look at a time, and one asked for meanwhile
 * follows when it is done. A subclass says what to look at and holds what was seen.
 */
export abstract class Looks<Run extends Session, Sight> {
  protected readonly session: Run;
  /** the model that what is shown belongs to */
  #shown: Trained | undefined;
  /** seen, but not shown yet */
  #fetched: { model: Trained | undefined; sight: Sight } | undefined;
  #busy = false;
  #again = false;
  #lastRound = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Run) {
    this.session = session;
  }

  /** The weights, the input or the state of the run changed: show what was seen, look again, soon. */
  refresh(): void {
    this.#showFetched();
    this.schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Asks the trainer for what is on the screen. */
  protected abstract look(trainer: TrainerOf<Run>): Promise<Sight>;

  /** Puts it there; `sameModel` tells whether what was shown before is of the same one. */
  protected abstract show(sight: Sight, sameModel: boolean): void;

  /** Adds to what is watched, and looks; returns how to take it away again. */
  protected watching<Watched>(watched: Map<symbol, Watched>, what: Watched): () => void {
    const key = Symbol();
    watched.set(key, what);
    this.schedule();
    return () => watched.delete(key);
  }

  /** Something else is on the screen: look, soon. */
  protected schedule(): void {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    const pause = INTERVAL * this.session.slowdown;
    const wait = this.session.running ? this.#lastRound + pause - performance.now() : 0;
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        void this.#round();
      },
      Math.max(wait, 0),
    );
  }

  async #round(): Promise<void> {
    const { trainer, model } = this.session;
    if (trainer === undefined || document.hidden) return;
    this.#busy = true;
    this.#lastRound = performance.now();
    try {
      this.#fetched = { model, sight: await this.look(trainer) };
      // While training, it goes with the page's next update: two frames would cost twice as much.
      if (!this.session.running) this.#showFetched();
    } catch {
      // The network was rebuilt or the worker lost meanwhile; both start a round of their own.
    }
    this.#busy = false;
    if (!this.#again) return;
    this.#again = false;
    this.schedule();
  }

  #showFetched(): void {
    const fetched = this.#fetched;
    this.#fetched = undefined;
    if (fetched === undefined || fetched.model !== this.session.model) return;
    const sameModel = fetched.model === this.#shown;
    this.#shown = fetched.model;
    this.show(fetched.sight, sameModel);
  }
}
