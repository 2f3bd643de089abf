/** What every benchmark works with. */
import { openBenchPage } from '../harness.mjs';

/** Of one round of a speed. */
const usualMilliseconds = 800;

export class Bench {
  /** in GFLOP/s, of all rounds so far */
  peaks = [];

  #page;

  /**
   * @param {import('../harness.mjs').Harness} harness
   * @param {{ variant?: string }} options of the SDK's engine
   * @param {number} rounds
   */
  static async open(harness, options, rounds) {
    return new Bench({ harness, options, rounds }, await openBenchPage(harness, options));
  }

  constructor({ harness, options, rounds }, { page, engine }) {
    this.harness = harness;
    this.options = options;
    this.rounds = rounds;
    this.engine = engine;
    this.#page = page;
  }

  /**
   * Measures works in turns, in each round after the peak.
   *
   * @param {import('./works.mjs').BenchWork[]} works
   * @returns {Promise<{ values: number[][], peaks: number[] }>} for each work its rounds
   */
  async measure(works, milliseconds = usualMilliseconds) {
    const measured = await this.#page.evaluate(
      (task) => window.bench.measure(task.works, task.rounds, task.milliseconds),
      { works: works.map(({ work }) => work), rounds: this.rounds, milliseconds },
    );
    this.peaks.push(...measured.peaks);
    return measured;
  }

  /** @returns {Promise<string[]>} the methods that can compute a convolution, the chosen one first */
  convMethods(shape) {
    return this.#page.evaluate((one) => window.bench.convMethods(one), shape);
  }
}
