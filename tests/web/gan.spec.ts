import type { Locator, Page } from '@playwright/test';
import { GanHistory } from '../../web/charts/gan_history.ts';
import { exactly, freshGan } from './support/gans.ts';
import { distance, tile, whole } from './support/pictures.ts';
import { expect, heightOf, test, type Playground } from './support/playground.ts';

const three = (value: number): string => value.toFixed(3);
const significant = (value: number): string =>
  new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 }).format(value);

/** The sample of that number among the samples on the page. */
async function sample(page: Page, index: number): Promise<number[]> {
  const place = page.locator(`[data-testid="fake-tile"][data-index="${index.toString()}"]`);
  const column = await place.evaluate((element) =>
    element.parentElement === null ? -1 : [...element.parentElement.children].indexOf(element),
  );
  const row = page.getByTestId('samples').locator('.row').filter({ has: place });
  return tile(row.locator('canvas'), column);
}

const grid = (page: Page): Locator => page.getByTestId('samples').locator('.row canvas').first();

/** Paused after some rounds, with samples of that moment on the screen. */
async function trainAndPause(playground: Playground, rounds: number): Promise<void> {
  await playground.trainUntilStep(rounds);
  await playground.train.click();
  await playground.expectState('paused');
  await expectShown(playground, await playground.step());
}

async function expectShown({ page }: Playground, step: number): Promise<void> {
  await expect(page.getByTestId('samples')).toHaveAttribute('data-shown', step.toString());
}

test('learns to make digits that the judge can read, and can be wound back', async ({
  playground,
  page,
}) => {
  test.setTimeout(180_000);
  await playground.open('gan');
  await expect(page.getByTestId('inception-score')).toHaveText('–');
  await expectShown(playground, 0);
  const grey = await whole(grid(page));
  await playground.train.click();
  // 4.7 after the first epoch, 5.8 after the second; ten digits that nobody can tell from real ones: 9.5.
  await expect
    .poll(async () => Number(await page.getByTestId('inception-score').innerText()), {
      timeout: 150_000,
      intervals: [250],
    })
    .toBeGreaterThan(4);
  await expect.poll(() => playground.share('confidence')).toBeGreaterThan(0.65);
  await expect(page.getByTestId('balance-saying')).not.toHaveAttribute('data-balance', 'unknown');
  const sayings = page.getByTestId('balance-saying').getByRole('strong');
  await expect(sayings).toHaveCount(1);
  await expect(sayings).not.toHaveText('The game has not begun.');
  await playground.train.click();
  await playground.expectState('paused');

  const step = await playground.step();
  await expectShown(playground, step);
  const film = page.getByTestId('film');
  const position = page.getByTestId('film-position');
  await expect(position).toContainText('Newest: after');
  const newest = await whole(grid(page));
  await film.focus();
  await film.press('Home');
  await expect(position).toHaveText('Wound back: after 0 rounds');
  await expectShown(playground, 0);
  await expect.poll(() => whole(grid(page))).toBe(grey);
  await film.press('ArrowRight');
  await expect(page.getByTestId('samples')).not.toHaveAttribute('data-shown', '0');
  expect(Number(await page.getByTestId('samples').getAttribute('data-shown'))).toBeLessThan(step);
  await playground.expectStep(step);
  await film.press('End');
  await expect(position).toContainText('Newest: after');
  await expect.poll(() => whole(grid(page))).toBe(newest);
});

test('what is shown is what the engine computes', async ({ playground, page }) => {
  const { gan } = await freshGan();
  await page.goto(`${exactly}#gan`);
  await playground.ready();
  const gameCurves = page.getByTestId('game-curves');
  const empty = await heightOf(gameCurves);
  const history = new GanHistory(gan.info().batchesPerEpoch);
  for (let step = 1; step <= 3; step += 1) {
    history.addStep(gan.step());
    await page.getByTestId('step-batch').click();
    await playground.expectStep(step);
  }
  expect(await heightOf(gameCurves), 'nothing jumps').toBeCloseTo(empty, 0);
  const { generatorLoss = NaN, discriminatorLoss = NaN } = history.last;
  await expect(page.getByTestId('generator-loss')).toHaveText(three(generatorLoss));
  await expect(page.getByTestId('discriminator-loss')).toHaveText(three(discriminatorLoss));
  for (const [name, number] of [
    ['real-verdict', 'realVerdict'],
    ['fake-verdict', 'fakeVerdict'],
  ] as const) {
    const mean = history.newest(number) ?? NaN;
    await expect(page.getByTestId(name)).toHaveText(mean.toFixed(2));
  }

  await test.step('the samples and their verdicts', async () => {
    await expectShown(playground, 3);
    const verdicts = gan.discriminate(gan.generate(gan.fixedNoise(40)));
    const shown = await page.getByTestId('fake-tile').evaluateAll((tiles) =>
      tiles.map((element) => ({
        index: Number(element.getAttribute('data-index')),
        text: element.textContent.trim(),
      })),
    );
    expect(shown).toHaveLength(40);
    for (const { index, text } of shown) {
      expect(text, index.toString()).toBe(Math.round(100 * (verdicts[index] ?? NaN)).toString());
    }
    await page.getByTestId('hide-real').check();
    await expect(page.getByTestId('fake-tile').first()).toHaveText('?');
    await expect(page.getByTestId('real-tile').first()).toHaveText('?');
  });
});

test('a round in slow motion tells its numbers, and either player can move alone', async ({
  playground,
  page,
}) => {
  const { gan, held } = await freshGan();
  await page.goto(`${exactly}#gan`);
  await playground.ready();
  const noise = gan.fixedNoise(40).slice(0, 12);
  const real = Float32Array.from(held.sample(0).pixels, (byte) => byte / 127.5 - 1);
  const look = () => {
    const [fake = NaN] = gan.discriminate(gan.generate(noise));
    const [genuine = NaN] = gan.discriminate(real);
    return { fake, genuine };
  };
  const next = page.getByTestId('round-next');
  const expectStage = (name: string, ...parts: string[]) =>
    test.step(name, async () => {
      await expect(next).toHaveText('Next stage');
      await next.click();
      for (const part of parts) {
        await expect(page.getByTestId(`stage-${name}`)).toContainText(part);
      }
    });

  const before = look();
  const first = Array.from(noise.slice(0, 3), (value) => value.toFixed(2)).join(', ');
  await expectStage('noise', '12 random numbers', first);
  await expectStage('fake', '784 pixels');
  await expectStage(
    'verdict',
    `fake ${three(before.fake)} and a real digit ${three(before.genuine)}`,
  );
  await playground.expectStep(0);
  const made = gan.generate(noise);
  const judged = gan.step('discriminator');
  const between = look();
  await expectStage(
    'discriminator',
    `loss is ${three(judged.discriminatorLoss)}`,
    `gradient ${significant(judged.discriminatorGradientNorm)} long`,
    `from ${three(before.fake)} to ${three(between.fake)}`,
    `from ${three(before.genuine)} to ${three(between.genuine)}`,
  );
  await playground.expectStep(1);
  const steepest = Math.max(...gan.exampleGradients(made).map(Math.abs));
  await expectStage('gradient', `The largest is ${significant(steepest)}.`);
  const learned = gan.step('generator');
  await expectStage(
    'generator',
    `loss on the batch is ${three(learned.generatorLoss)}`,
    `from ${three(between.fake)} to ${three(look().fake)}`,
  );
  await playground.expectStep(2);
  await expect(page.getByTestId('round').getByRole('listitem')).toHaveCount(6);
  await expect(next).toHaveText('Another round');
  await next.click();
  await expect(page.getByTestId('round').getByRole('listitem')).toHaveCount(1);

  await test.step('one player alone', async () => {
    const losses = () =>
      Promise.all(
        ['discriminator-loss', 'generator-loss'].map((id) => page.getByTestId(id).innerText()),
      );
    await expect
      .poll(losses)
      .toEqual([three(judged.discriminatorLoss), three(learned.generatorLoss)]);
    const third = gan.step('discriminator');
    await page.getByTestId('step-discriminator').click();
    await playground.expectStep(3);
    await expect
      .poll(losses)
      .toEqual([three(third.discriminatorLoss), three(learned.generatorLoss)]);
    const fourth = gan.step('generator');
    await page.getByTestId('step-generator').click();
    await playground.expectStep(4);
    await expect
      .poll(losses)
      .toEqual([three(third.discriminatorLoss), three(fourth.generatorLoss)]);
  });

  await test.step('not while it trains', async () => {
    await playground.train.click();
    await playground.expectState('running');
    for (const id of ['round-next', 'step-discriminator', 'step-generator', 'judge-now']) {
      await expect(page.getByTestId(id)).toBeDisabled();
    }
    await expect(page.getByTestId('round')).toContainText('Pause the training');
    await expect(page.getByTestId('round').getByRole('listitem')).toHaveCount(0);
    await playground.train.click();
    await expect(next).toBeEnabled();
  });
});

test('a walk goes from one sample to another', async ({ playground, page }) => {
  await playground.open('gan');
  await trainAndPause(playground, 40);
  const walk = page.getByTestId('walk');
  await walk.scrollIntoViewIfNeeded();
  const stops = walk.locator('.stops canvas');
  const here = walk.locator('.here canvas');
  // A hair of rounding on the way through the networks.
  const apart = async (a: Promise<number[]>, b: Promise<number[]>) => distance(await a, await b);

  await expect.poll(() => apart(tile(stops, 0), sample(page, 0))).toBeLessThanOrEqual(2);
  await expect.poll(() => apart(tile(stops, 6), sample(page, 1))).toBeLessThanOrEqual(2);
  await expect.poll(() => apart(tile(here), tile(stops, 3))).toBeLessThanOrEqual(2);
  expect(await apart(tile(stops, 0), tile(stops, 6))).toBeGreaterThan(30);

  const slider = page.getByTestId('walk-slider');
  const step = await playground.step();
  await slider.focus();
  await slider.press('Home');
  await expect(page.getByTestId('walk-share')).toHaveText('0% of the way');
  await expect.poll(() => apart(tile(here), sample(page, 0))).toBeLessThanOrEqual(2);
  await slider.press('End');
  await expect.poll(() => apart(tile(here), sample(page, 1))).toBeLessThanOrEqual(2);
  await slider.press('ArrowLeft');
  await expect(page.getByTestId('walk-share')).toHaveText('99% of the way');
  await playground.expectStep(step);

  await walk.getByLabel('To', { exact: true }).selectOption({ label: 'Sample 6' });
  await expect.poll(() => apart(tile(stops, 6), sample(page, 5))).toBeLessThanOrEqual(2);
  await expect.poll(() => apart(tile(stops, 0), sample(page, 0))).toBeLessThanOrEqual(2);

  await test.step('dragged from one sample to another', async () => {
    const place = (index: string) =>
      page.locator(`[data-testid="fake-tile"][data-index="${index}"]`);
    await place('2').scrollIntoViewIfNeeded();
    await place('2').hover();
    await page.mouse.down();
    await place('9').hover();
    await page.mouse.up();
    await expect(walk.getByLabel('From', { exact: true })).toHaveValue('2');
    await expect(walk.getByLabel('To', { exact: true })).toHaveValue('9');
  });
});

test('an experiment is guessed first, then tried', async ({ playground, page }) => {
  await playground.open('gan');
  await page.getByTestId('step-batch').click();
  await playground.expectStep(1);
  const settings = {
    'strong-discriminator': { 'D steps': '5', 'Rate of D': '0.003', 'Rate of G': '0.0001' },
    saturating: { Loss: 'minimax', 'D steps': '3', 'Label of real': '1' },
    'no-norm': { Networks: 'gan-no-norm', Loss: 'non_saturating', 'D steps': '1' },
  };
  for (const [name, values] of Object.entries(settings)) {
    await test.step(name, async () => {
      const experiment = page.getByTestId(`experiment-${name}`);
      await experiment.locator('summary').click();
      const attempt = page.getByTestId(`try-${name}`);
      await expect(attempt).toBeDisabled();
      await expect(experiment.locator('p')).toHaveCount(0);
      await experiment.getByRole('radio').last().check();
      await attempt.click();
      await playground.ready();
      await playground.expectStep(0);
      await expect(experiment.locator('p')).toHaveCount(1);
      for (const [label, value] of Object.entries(values)) {
        await expect(playground.field(label)).toHaveValue(value);
      }
      await page.getByTestId('step-batch').click();
      await playground.expectStep(1);
    });
  }
});

test('a learning rate that is far too large stops the run, and it can be rewound', async ({
  playground,
  page,
}) => {
  await playground.open('gan');
  await trainAndPause(playground, 5);
  await playground.enter('Rate of D', '20');
  await playground.train.click();
  const notice = page.getByTestId('run-failed');
  await expect(notice).toContainText(
    /Training diverged in (generator|discriminator)\.[a-z_\d]+_\d/,
  );
  await expect(notice.getByTestId('lower-and-reset')).toContainText('0.0002 for G and 2 for D');
  await expect(playground.train).toBeDisabled();
  for (const id of ['round-next', 'step-discriminator', 'step-generator']) {
    await expect(page.getByTestId(id)).toBeDisabled();
  }
  const failed = await playground.step();

  await notice.getByTestId('rewind').click();
  await expect(notice).toBeHidden();
  await expect(playground.field('Rate of G')).toHaveValue('0.002');
  await expect(playground.field('Rate of D')).toHaveValue('0.001');
  const back = await playground.step();
  expect(back).toBeLessThan(failed);
  await expectShown(playground, back);
  await playground.train.click();
  await expect.poll(() => playground.step(), { timeout: 30_000 }).toBeGreaterThan(failed + 5);
  await playground.expectState('running');
  await expect(notice).toBeHidden();
});

test('other networks wait for a reset, and a reload keeps what was chosen', async ({
  playground,
  page,
}) => {
  await playground.open('gan');
  await playground.trainUntilStep(3);
  await playground.field('Networks').selectOption('gan-conditional');
  await expect(page.getByTestId('pending')).toContainText('Networks');
  await playground.expectState('running');
  await page.getByRole('button', { name: 'Reset and use them' }).click();
  await playground.ready();
  await playground.expectStep(0);
  await expect(
    page.getByTestId('samples').locator('.row').last().getByTestId('real-tile'),
  ).toHaveCount(10);
  await playground.field('Loss').selectOption('hinge');
  await playground.enter('Batch size', '1');
  await playground.ready();
  await page.getByTestId('step-batch').click();
  await playground.expectStep(1);
  await expect(page.getByTestId('status')).toContainText('8,000');
  await page.getByTestId('judge-now').click();
  await expect(page.getByTestId('judge')).toContainText('Judged after 1 round');

  await page.reload();
  await playground.ready();
  await playground.expectStep(0);
  await expect(playground.field('Networks')).toHaveValue('gan-conditional');
  await expect(playground.field('Loss')).toHaveValue('hinge');
  await expect(playground.field('Batch size')).toHaveValue('1');
  for (const stage of ['noise', 'fake', 'verdict', 'discriminator', 'gradient', 'generator']) {
    await page.getByTestId('round-next').click();
    await expect(page.getByTestId(`stage-${stage}`)).toBeVisible();
  }
  await playground.expectStep(2);
});
