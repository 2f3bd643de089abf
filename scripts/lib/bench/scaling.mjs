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
  const pages = [];
  for (let threads = 1; threads <= Math.min(availableParallelism(), mostThreads); threads += 1) {
    pages.push((await openBenchPage(harness, { variant, threads })).page);
  }
  const speeds = await measureInTurns(pages, rounds);
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
  for (const page of pages) await page.close();
}

/** @returns {Promise<number[][]>} for each page the images/s of the rounds */
async function measureInTurns(pages, rounds) {
  const { work } = findWork('cnn.train');
  const speeds = pages.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, page] of pages.entries()) {
      const { values } = await page.evaluate(
        (task) => window.bench.measure([task.work], 1, task.milliseconds),
        { work, milliseconds },
      );
      speeds[index].push(values[0][0]);
    }
  }
  return speeds;
}
