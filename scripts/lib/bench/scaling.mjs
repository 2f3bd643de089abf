/** Training on several threads over the same training on one, in the same build. */
import { availableParallelism } from 'node:os';
import { openBenchPage } from '../harness.mjs';
import { describeThreads } from '../peers/threads.mjs';
import { say } from '../report.mjs';
import { median, rounded } from '../statistics.mjs';
import { spread } from './summary.mjs';
import { findWork } from './works.mjs';

/** The engine has no work for more. */
const mostThreads = 8;

const milliseconds = 800;

export async function* measureScaling({ harness, engine, rounds }) {
  const { variant } = engine;
  if (!variant.endsWith('-threads')) {
    say(`scaling: left out, because the engine ${variant} has one thread`);
    return;
  }
  const most = Math.min(availableParallelism(), mostThreads);
  const speeds = Array.from({ length: most }, () => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, values] of speeds.entries()) {
      values.push(await measureAlone(harness, { variant, threads: index + 1 }));
    }
  }
  for (const [index, values] of speeds.entries()) {
    const ratios = values.map((value, round) => value / speeds[0][round]);
    yield {
      name: `scaling.${index + 1}`,
      ...spread(ratios),
      unit: 'of one thread',
      images_per_second: rounded(median(values)),
      note: `${describeThreads(index + 1)}, ${rounded(median(values))} images/s`,
    };
  }
}

/**
 * In a page of its own: Chromium gives the threads of a page that stands behind another one less of
 * the processor.
 */
async function measureAlone(harness, options) {
  const { work } = findWork('cnn.train');
  const { page } = await openBenchPage(harness, options);
  const { values } = await page.evaluate(
    (task) => window.bench.measure([task.work], 1, task.milliseconds),
    { work, milliseconds },
  );
  await page.close();
  return values[0][0];
}
