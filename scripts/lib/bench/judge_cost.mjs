/** Training of a GAN with a judge over the same without, in turns. */
import { dataSources } from '../harness.mjs';
import { median, rounded } from '../statistics.mjs';
import { spread } from './summary.mjs';

const epochs = 10;

export async function* measureJudgeCost({ harness, options, rounds }) {
  const page = await harness.open('judged.html');
  await page.evaluate((task) => window.judged.start(task.source, task.options), {
    source: dataSources(harness.manifest).digits,
    options,
  });
  const train = (judging) =>
    page.evaluate((task) => window.judged.train(task.judging, task.epochs), { judging, epochs });
  const turns = [];
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const turn = { judged: await train('with'), alone: await train('without') };
    if (round > 0) turns.push(turn);
  }
  await page.close();
  const judgements = median(turns.map(({ judged }) => judged.judgements));
  yield {
    name: 'judge-cost',
    ...spread(turns.map(({ judged, alone }) => judged.stepsPerSecond / alone.stepsPerSecond)),
    unit: 'of training without',
    judgements,
    steps_per_second: rounded(median(turns.map(({ judged }) => judged.stepsPerSecond))),
    note: `judged ${judgements} times in ${epochs} epochs, and at their end`,
  };
}
