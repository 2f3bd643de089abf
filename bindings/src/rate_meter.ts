/** A rate that forgets: recent work counts most, work done a few time constants ago hardly at all. */
export class RateMeter {
  readonly #timeConstant: number;
  #amount = 0;
  #milliseconds = 0;

  /** @param timeConstant milliseconds of work after which an observation counts 1/e */
  constructor(timeConstant = 1000) {
    this.#timeConstant = timeConstant;
  }

  add(amount: number, milliseconds: number): void {
    const kept = Math.exp(-milliseconds / this.#timeConstant);
    this.#amount = this.#amount * kept + amount;
    this.#milliseconds = this.#milliseconds * kept + milliseconds;
  }

  /** amount per millisecond; NaN before any work */
  get rate(): number {
    return this.#milliseconds > 0 ? this.#amount / this.#milliseconds : Number.NaN;
  }
}
