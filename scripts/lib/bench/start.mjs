/** How long a person waits: from opening the page, and from pressing "Train", to the first step. */
import { openPlayground } from './playground.mjs';
import { spread } from './summary.mjs';

export async function* measureStart(bench) {
  const openings = [];
  for (let round = 0; round < bench.rounds; round += 1) openings.push(await openAndTrain(bench));
  const afterPress = openings.map(({ press, step }) => step - press);
  yield {
    name: 'start.open',
    // Of somebody who presses at once: the time that this script takes to press is left out.
    ...spread(openings.map(({ ready }, round) => ready + afterPress[round])),
    unit: 'ms',
    note: 'page open to first finished step',
  };
  yield {
    name: 'start.press',
    ...spread(afterPress),
    unit: 'ms',
    note: '"Train" to first finished step',
  };
}

async function openAndTrain({ harness, options }) {
  const playground = await openPlayground(harness, options);
  await playground.pressTrain();
  await playground.page.waitForFunction(() => window.milestones.step !== undefined);
  const milestones = await playground.milestones();
  await playground.close();
  return milestones;
}
