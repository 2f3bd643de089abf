/** What the samples looked like at one moment of the training. */
export interface Frame {
  /** rounds finished */
  step: number;
  /** examples one after the other */
  samples: Float32Array;
  /** the discriminator's verdict on each of them, and behind those on each real example shown */
  verdicts: Float32Array;
}

/** Frames that are kept; with more, every second one goes. */
const MOST = 160;

/** The samples through the whole training, to be wound back. */
export class Film<Sight extends Frame = Frame> {
  #frames = $state.raw<readonly Sight[]>([]);
  /** rounds between two frames that are kept */
  #interval = 0;
  /** which frame is looked at; undefined for the newest */
  position = $state<number | undefined>();

  get frames(): readonly Sight[] {
    return this.#frames;
  }

  get shown(): Sight | undefined {
    return this.position === undefined ? this.#frames.at(-1) : this.#frames[this.position];
  }

  get live(): boolean {
    return this.position === undefined;
  }

  clear(): void {
    this.#frames = [];
    this.#interval = 0;
    this.position = undefined;
  }

  /**
   * The newest samples: a frame of their own, or in place of the last one if that is too close. What was
   * seen of rounds that were taken back is forgotten.
   *
   * @param moving while training, samples may be of a later round than the page knows of: then a frame
   *   that has its step already stays
   */
  add(frame: Sight, moving = false): void {
    if (moving && frame.step === this.#newestStep) return;
    const past = this.#frames.filter(({ step }) => step < frame.step);
    const close = past.length === this.#frames.length && this.#lastIsClose;
    this.#frames = [...(close ? past.slice(0, -1) : past), frame];
    if (this.position !== undefined) this.wind(this.position);
    if (this.#frames.length > MOST) this.#thin();
  }

  /** Goes to a frame; to the newest one, and on with it, from the last. */
  wind(index: number): void {
    this.position = index >= this.#frames.length - 1 ? undefined : Math.max(index, 0);
  }

  get #newestStep(): number {
    return this.#frames.at(-1)?.step ?? -1;
  }

  /** Closer to the frame before it than frames are to be. */
  get #lastIsClose(): boolean {
    const before = this.#frames.at(-2);
    return before !== undefined && this.#newestStep - before.step < this.#interval;
  }

  #thin(): void {
    const last = this.#frames.length - 1;
    const looked = this.position;
    this.#frames = this.#frames.filter((_, i) => i % 2 === 0 || i === last);
    this.#interval = (2 * (this.#newestStep - (this.#frames[0]?.step ?? 0))) / MOST;
    if (looked !== undefined) this.position = Math.floor(looked / 2);
  }
}
