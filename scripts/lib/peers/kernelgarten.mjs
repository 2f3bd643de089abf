/** Kernelgarten in a contest, on the page of `npm run bench`. */
import { findBenchmark } from '../benchmarks.mjs';
import { openBenchPage } from '../harness.mjs';
import { build } from '../results.mjs';
import { describeThreads } from './threads.mjs';

/**
 * @param {import('../harness.mjs').Harness} harness
 * @returns {Promise<import('./contest.mjs').Contestant & { peaks: number[] }>} `peaks` fills while
 *   it is measured
 */
export async function startKernelgarten(harness) {
  const page = await openBenchPage(harness);
  const peaks = [];
  return {
    name: 'kernelgarten',
    title: 'Kernelgarten',
    peaks,
    async measure(name, milliseconds) {
      const { values, peaks: measured } = await page.evaluate(
        (task) => window.bench.measure(task.work, 1, task.milliseconds),
        { work: findBenchmark(name).work, milliseconds },
      );
      peaks.push(...measured);
      return [{ setting: describeThreads(build.threads), value: values[0] }];
    },
  };
}
