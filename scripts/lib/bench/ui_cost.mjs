/** Training in the playground, everything drawn, over the same training in a worker alone. */
import { dataSources } from '../harness.mjs';
import { median, rounded } from '../statistics.mjs';
import { openPlayground } from './playground.mjs';
import { spread } from './summary.mjs';

/** So that a run does not end while it is measured. */
const epochs = 1000;

/** Any so many steps in a row have the same number of evaluations among them. */
const epochsPerRound = 2;

export async function* measureUiCost({ harness, options, rounds }) {
  const bare = await harness.open('bare.html');
  const { batchesPerEpoch, trainCount } = await bare.evaluate(
    (task) => window.bare.start(task.source, task.options),
    { source: dataSources(harness.manifest).digits, options },
  );
  const playground = await openPlayground(harness, options);
  const field = playground.page.getByLabel('Epochs', { exact: true });
  await field.fill(String(epochs));
  await field.press('Enter');
  const steps = epochsPerRound * batchesPerEpoch;
  const turns = { drawn: [], bare: [] };
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const drawn = await trainDrawn(playground, steps);
    await bare.bringToFront();
    const alone = await bare.evaluate((count) => window.bare.stepsPerSecond(count), steps);
    if (round === 0) continue;
    turns.drawn.push(drawn);
    turns.bare.push(alone);
  }
  await playground.close();
  await bare.close();
  const speed = (values) => rounded((median(values) * trainCount) / batchesPerEpoch);
  yield {
    name: 'ui-cost',
    ...spread(turns.drawn.map((drawn, round) => drawn / turns.bare[round])),
    unit: 'of a worker alone',
    images_per_second: speed(turns.drawn),
    bare_images_per_second: speed(turns.bare),
    note: `${speed(turns.drawn)} images/s drawn, ${speed(turns.bare)} without page`,
  };
}

async function trainDrawn({ page, pressTrain }, steps) {
  await page.bringToFront();
  await pressTrain();
  const rate = await page.evaluate(stepsPerSecond, steps);
  await pressTrain();
  await page.locator('[data-testid="run-state"][data-state="paused"]').waitFor({
    state: 'attached',
  });
  return rate;
}

/** Runs in the page: steps a second over the next so many that it shows. */
function stepsPerSecond(count) {
  const state = document.querySelector('[data-testid="run-state"]');
  return new Promise((resolve) => {
    let first;
    const observer = new MutationObserver(() => {
      const step = Number(state.dataset.step);
      const time = performance.now();
      first ??= { step, time };
      if (step < first.step + count) return;
      observer.disconnect();
      resolve((1000 * (step - first.step)) / (time - first.time));
    });
    observer.observe(state, { attributeFilter: ['data-step'] });
  });
}
