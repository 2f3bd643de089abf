/**
 * Keeps account of how long steps of a run wait for evaluations, so that all those waits together stay
 * below a share of the time of training. Times are in milliseconds.
 */
export class EvaluationBudget {
  readonly #share: number;
  #training = 0;
  #waiting = 0;
  #current = 0;
  #cost = 0;

  /** @param share of the time of training by which evaluations may delay it */
  constructor(share: number) {
    this.#share = share;
  }

  /** What the last whole evaluation took; 0 before the first. */
  get cost(): number {
    return this.#cost;
  }

  /** Whether one more, as long as the last, may delay the training. */
  get allowsOne(): boolean {
    return this.#waiting + this.#cost <= this.#share * this.#training;
  }

  train(spent: number): void {
    this.#training += spent;
  }

  beginEvaluation(): void {
    this.#current = 0;
  }

  /** A part of the evaluation that was begun last; `delays` says whether a step waits for it. */
  evaluate(spent: number, delays: boolean): void {
    this.#current += spent;
    if (delays) this.#waiting += spent;
  }

  endEvaluation(): void {
    this.#cost = this.#current;
  }
}
