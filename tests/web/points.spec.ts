import type { Page } from '@playwright/test';
import { loadEngine, pointClouds, pointGanPreset } from '../../bindings/src/index.js';
import { scorePoints, type PointScores } from '../../bindings/src/point_scores.js';
import type { GanTrainingSpec } from '../../bindings/src/spec.js';
import { exactly } from './support/gans.ts';
import { whole } from './support/pictures.ts';
import { expect, test } from './support/playground.ts';

/** What the lesson's networks come to on two heaps, in this process. */
async function pairAfter(rounds: number, change: GanTrainingSpec = {}): Promise<PointScores> {
  const engine = await loadEngine({ variant: 'simd128', threads: 1 });
  const { centres, spread } = pointClouds.pair;
  const points = engine.gaussianMixture({ centres, spread, count: 12_800, seed: 1 });
  const { generator, discriminator, training } = pointGanPreset;
  using gan = engine.gan(points, generator, discriminator, { ...training, ...change });
  for (let round = 0; round < rounds; round += 1) gan.step();
  return scorePoints(gan.generate(gan.fixedNoise(2000)), centres, spread);
}

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
const plane = (page: Page) => page.getByTestId('plane').locator('canvas');

test('learns where the heaps are', async ({ playground, page }) => {
  test.setTimeout(120_000);
  await playground.open('points');
  await playground.field('Data').selectOption('pair');
  await playground.ready();
  await expect(page.getByTestId('near')).toHaveText('–');
  await playground.train.click();
  // 0.96 after 20 epochs.
  await expect
    .poll(() => playground.share('near'), { timeout: 90_000, intervals: [250] })
    .toBeGreaterThan(0.8);
  await expect(page.getByTestId('reached')).toHaveText('2 / 2');
  await expect(page.getByTestId('collapse')).toBeHidden();
  await playground.train.click();
  await playground.expectState('paused');

  await test.step('and is wound back', async () => {
    const film = page.getByTestId('film');
    const step = await playground.step();
    await expect(page.getByTestId('plane')).toHaveAttribute('data-shown', step.toString());
    const newest = await whole(plane(page));
    await film.focus();
    await film.press('Home');
    await expect(page.getByTestId('film-position')).toHaveText('Wound back: after 0 rounds');
    await expect.poll(() => whole(plane(page))).not.toBe(newest);
    await film.press('End');
    await expect.poll(() => whole(plane(page))).toBe(newest);
    await playground.expectStep(step);
  });
});

test('what is shown is what the engine computes; a collapse is named, no sooner than it is one', async ({
  playground,
  page,
}) => {
  await page.goto(`${exactly}#points`);
  await playground.ready();
  await playground.field('Data').selectOption('pair');
  await playground.ready();
  await playground.enter('G steps', '10');
  await playground.ready();
  const change = { simultaneous: false, generatorSteps: 10 };
  const seen: boolean[] = [];
  const curve = page.getByTestId('modes').getByRole('slider');
  await expect(curve).toHaveAttribute(
    'aria-valuetext',
    'A curve appears after the first judgement.',
  );
  const course: string[] = [];
  for (const epoch of [1, 2, 3, 4]) {
    const { near, shares } = await pairAfter(100 * epoch, change);
    await page.getByTestId('step-epoch').click();
    await expect(page.getByTestId('modes')).toContainText(
      `Judged after ${(100 * epoch).toString()} rounds.`,
    );
    await expect(page.getByTestId('near')).toHaveText(percent(near));
    await expect(page.getByTestId('legend-near')).toHaveText(`Near a heap ${percent(near)}`);
    course.push(`Epoch ${epoch.toFixed(2)} · Near a heap ${percent(near)}`);
    // A heap that gets a fifth of its fair half, or more, is reached.
    const reached = shares.filter((share) => share >= 0.1).length;
    await expect(page.getByTestId('reached')).toHaveText(`${reached.toString()} / 2`);
    const collapsed = near > 0.5 && reached < 2;
    await expect(page.getByTestId('collapse')).toHaveCount(collapsed ? 1 : 0);
    seen.push(collapsed);
  }
  // In the fourth epoch all points lie on one of the heaps; before, most lie nowhere near.
  expect(seen).toEqual([false, false, false, true]);
  await expect(page.getByTestId('collapse')).toContainText('1 of 2 get hardly any points');
  await curve.press('Home');
  for (const point of course) {
    await expect(curve).toHaveAttribute('aria-valuetext', point);
    await curve.press('ArrowRight');
  }
});

test('what is drawn can be chosen', async ({ playground, page }) => {
  await playground.open('points');
  await page.getByTestId('step-batch').click();
  await expect(page.getByTestId('plane')).toHaveAttribute('data-shown', '1');
  let all = '';
  await expect
    .poll(async () => {
      const before = all;
      all = await whole(plane(page));
      return all === before;
    })
    .toBe(true);
  for (const label of ['Verdicts', 'Bent grid of noise', 'Gradient arrows']) {
    await page.getByLabel(label).uncheck();
    await expect.poll(() => whole(plane(page)), { message: label }).not.toBe(all);
    await page.getByLabel(label).check();
    await expect.poll(() => whole(plane(page)), { message: label }).toBe(all);
  }
});

test('other heaps wait for a reset, and a reload keeps them', async ({ playground, page }) => {
  await playground.open('points');
  await playground.trainUntilStep(20);
  await playground.field('Data').selectOption('grid');
  await expect(page.getByTestId('pending')).toContainText('Data');
  await playground.expectState('running');
  await page.getByRole('button', { name: 'Reset and use them' }).click();
  await playground.ready();
  await playground.expectStep(0);
  await expect(page.getByTestId('modes')).toContainText('one of the 25 centres');
  await playground.enter('Batch size', '1');
  await playground.ready();
  await page.reload();
  await playground.ready();
  await expect(playground.field('Data')).toHaveValue('grid');
  await page.getByTestId('step-batch').click();
  await playground.expectStep(1);
  await expect(page.getByTestId('status')).toContainText('12,800');
});

test('a learning rate that is far too large stops the run, and it can be rewound', async ({
  playground,
  page,
}) => {
  await playground.open('points');
  await page.getByTestId('step-batch').click();
  await playground.expectStep(1);
  await playground.enter('Rate of G', '100');
  await playground.enter('Rate of D', '100');
  await playground.train.click();
  const notice = page.getByTestId('run-failed');
  await expect(notice).toContainText(/Training diverged in (generator|discriminator)\./, {
    timeout: 30_000,
  });
  await notice.getByTestId('rewind').click();
  await expect(notice).toBeHidden();
  await playground.train.click();
  await expect.poll(() => playground.step()).toBeGreaterThan(200);
  await playground.expectState('running');
});
