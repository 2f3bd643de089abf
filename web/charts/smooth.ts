/**
 * Exponential moving average with the start-up bias removed:
 * m_t = (1 - a) m_{t-1} + a x_t, reported as m_t / (1 - (1 - a)^t) with a = 2 / (window + 1).
 * The first value is therefore reported as it is, not pulled towards zero.
 */
export class MovingAverage {
  readonly #keep: number;
  #sum = 0;
  #weight = 0;

  /** @param window about how many values the average looks back on, at least 1 */
  constructor(window: number) {
    this.#keep = 1 - 2 / (window + 1);
  }

  push(value: number): number {
    this.#sum = this.#keep * this.#sum + (1 - this.#keep) * value;
    this.#weight = this.#keep * this.#weight + (1 - this.#keep);
    return this.#sum / this.#weight;
  }
}
