import { defer, type Deferred } from './deferred.js';
import type { EvaluationBudget } from './evaluation_budget.js';
import type { Split } from './types.js';

/** What is evaluated, in parts; {@link Classifier} is one. */
export interface Evaluable<Result> {
  beginEvaluation(split: Split): void;
  /** true when done */
  advanceEvaluation(): boolean;
  evaluation(): Result;
}

interface PendingEvaluation<Result> {
  split: Split;
  /** for whoever asked for it; undefined where it belongs to a run */
  result: Deferred<Result> | undefined;
}

/**
 * Evaluations one after the other: first those that were asked for, then a run's own. Of the latter a
 * failure is thrown, of the others it goes to whoever asked.
 */
export class EvaluationQueue<Result> {
  readonly #model: Evaluable<Result>;
  readonly #budget: EvaluationBudget;
  readonly #now: () => number;
  readonly #asked: PendingEvaluation<Result>[] = [];
  #current: PendingEvaluation<Result> | undefined;

  constructor(model: Evaluable<Result>, budget: EvaluationBudget, now: () => number) {
    this.#model = model;
    this.#budget = budget;
    this.#now = now;
  }

  /** Whether one is in progress. */
  get busy(): boolean {
    return this.#current !== undefined;
  }

  ask(split: Split): Promise<Result> {
    const result = defer<Result>();
    this.#asked.push({ split, result });
    return result.promise;
  }

  /**
   * @param runWants whether there is to be one of the run's own if none was asked for
   * @param stepsWait whether it delays a run
   * @returns whether there was one to begin
   */
  begin(runWants: boolean, stepsWait: boolean): boolean {
    const next =
      this.#asked.shift() ?? (runWants ? { split: 'test', result: undefined } : undefined);
    if (next === undefined) return false;
    this.#budget.beginEvaluation();
    this.#attempt(next, stepsWait, () => {
      this.#model.beginEvaluation(next.split);
      this.#current = next;
    });
    return true;
  }

  /**
   * A part of the one in progress.
   *
   * @param stepsWait whether it delays a run
   * @returns what it gives when done, and whether it is the run's own
   */
  advance(stepsWait: boolean): { evaluation: Result; ofRun: boolean } | undefined {
    const current = this.#current;
    if (current === undefined) return undefined;
    const evaluation = this.#attempt(current, stepsWait, () =>
      this.#model.advanceEvaluation() ? this.#model.evaluation() : undefined,
    );
    if (evaluation === undefined) return undefined;
    this.#current = undefined;
    this.#budget.endEvaluation();
    current.result?.resolve(evaluation);
    return { evaluation, ofRun: current.result === undefined };
  }

  /**
   * Weights may move under the one in progress, so it begins anew if it was asked for; the run's own is
   * given up.
   */
  interrupt(): void {
    if (this.#current?.result !== undefined) this.#asked.unshift(this.#current);
    this.#current = undefined;
  }

  /** Rejects all that were asked for. */
  dispose(reason: Error): void {
    this.interrupt();
    for (const { result } of this.#asked.splice(0)) result?.reject(reason);
  }

  #attempt<Value>(
    { result }: PendingEvaluation<Result>,
    stepsWait: boolean,
    part: () => Value,
  ): Value | undefined {
    const before = this.#now();
    try {
      return part();
    } catch (thrown) {
      this.#current = undefined;
      if (result === undefined) throw thrown;
      result.reject(thrown);
      return undefined;
    } finally {
      this.#budget.evaluate(this.#now() - before, stepsWait);
    }
  }
}
