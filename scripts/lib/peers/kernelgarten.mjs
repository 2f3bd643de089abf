/** Kernelgarten in a contest, on the page of `npm run bench`. */
import { findWork } from '../bench/works.mjs';
import { openBenchPage } from '../harness.mjs';
import { describeThreads, threadCounts } from './threads.mjs';

/** The engine has no work for more. */
const mostThreads = 8;

/**
 * @param {import('../harness.mjs').Harness} harness
 * @returns {Promise<import('./contest.mjs').Contestant & Measured>} `peaks` fills while it is measured
 *
 * @typedef {{ engine: import('../results.mjs').EngineInfo, peaks: number[] }} Measured
 */
export async function startKernelgarten(harness) {
  const fastest = await openBenchPage(harness, {});
  const pages = new Map([[fastest.engine.threads, fastest.page]]);
  const peaks = [];

  async function pageWith(threads) {
    if (!pages.has(threads)) pages.set(threads, (await openBenchPage(harness, { threads })).page);
    return pages.get(threads);
  }

  return {
    name: 'kernelgarten',
    title: 'Kernelgarten',
    engine: fastest.engine,
    peaks,
    async measure(name, milliseconds) {
      const readings = [];
      for (const threads of threadCounts(name).filter((count) => count <= mostThreads)) {
        const page = await pageWith(threads);
        const { values, peaks: measured } = await page.evaluate(
          (task) => window.bench.measure([task.work], 1, task.milliseconds),
          { work: findWork(name).work, milliseconds },
        );
        peaks.push(...measured);
        readings.push({ setting: describeThreads(threads), value: values[0][0] });
      }
      return readings;
    },
  };
}
