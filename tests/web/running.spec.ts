import { expect, test } from './support/playground.ts';

test('opens with data loaded and the network built', async ({ playground, page }) => {
  await playground.open();
  await expect(page.getByTestId('status')).toHaveText('Ready to train');
  await expect(page.getByTestId('layer-0')).toContainText('28 × 28 × 32');
  await expect(page.getByTestId('layer-0')).toContainText('320');
  await expect(page.getByTestId('layer-7')).toContainText('31,370');
  await page.getByTestId('layer-3').click();
  await expect(page.getByTestId('layer-panel')).toContainText('conv2d_2');
  await expect(page.getByTestId('filters')).toContainText('one slice for each of 32 inputs');
});

test('pause holds and a step is exactly one batch', async ({ playground, page }) => {
  await playground.open();
  await page.getByTestId('step-batch').click();
  await playground.expectStep(1);
  await page.getByTestId('step-batch').click();
  await playground.expectStep(2);

  await playground.trainUntilStep(4);
  await expect(page.getByTestId('train-loss')).not.toHaveText('–');
  await playground.train.click();
  await playground.expectState('paused');
  const held = await playground.step();
  await page.waitForTimeout(800);
  await playground.expectStep(held);
  await page.getByTestId('step-batch').click();
  await playground.expectStep(held + 1);

  await page.getByTestId('reset').click();
  await playground.expectStep(0);
  await expect(page.getByTestId('train-loss')).toHaveText('–');
});

test('the confusion matrix comes with the first test and opens the worst mistake', async ({
  playground,
  page,
}) => {
  await playground.open();
  const matrix = page.getByTestId('confusion');
  await expect(page.getByTestId('confusion-summary')).toContainText('A table then shows');
  await expect(matrix).toBeHidden();
  await page.getByTestId('step-batch').click();
  await playground.expectStep(1);
  await page.getByTestId('evaluate').click();
  await expect(matrix).toBeVisible();
  const worst = (await page.getByTestId('confusion-summary').innerText())
    .match(/a (\d) is taken for a (\d): (\d+) times/)
    ?.slice(1);
  const [actual = '', predicted = '', times = ''] = worst ?? [];
  await expect(page.locator(`[data-cell="${actual}-${predicted}"]`)).toHaveText(times);
  const mistakes = page.getByTestId('mistakes');
  await expect(mistakes).toContainText(`${actual} taken for ${predicted}`);
  await expect(mistakes.getByRole('button').first()).toContainText(`${actual} → ${predicted}`);
  await page.locator('[data-cell="0-0"]').click();
  await expect(mistakes).toContainText('0, recognised');

  await page.getByTestId('reset').click();
  await playground.expectStep(0);
  await expect(matrix).toBeHidden();
});

test('the same seed gives the same numbers, another seed others', async ({ playground, page }) => {
  await playground.open();
  const lossAfterThree = async (): Promise<string> => {
    for (let step = 1; step <= 3; step += 1) {
      await page.getByTestId('step-batch').click();
      await playground.expectStep(step);
    }
    return page.getByTestId('train-loss').innerText();
  };
  const first = await lossAfterThree();
  await page.getByTestId('reset').click();
  await playground.expectStep(0);
  expect(await lossAfterThree()).toBe(first);
  await page.getByTestId('reset').click();
  await playground.expectStep(0);
  await playground.enter('Seed', '2');
  await playground.ready();
  expect(await lossAfterThree()).not.toBe(first);
});

test('keys run, step and reset, but not while typing', async ({ playground, page }) => {
  await playground.open();
  await page.keyboard.press('ArrowRight');
  await playground.expectStep(1);
  await page.keyboard.press('Space');
  await playground.expectState('running');
  await expect.poll(() => playground.step()).toBeGreaterThan(1);
  await page.keyboard.press('Space');
  await playground.expectState('paused');
  await page.keyboard.press('Shift+ArrowRight');
  await playground.expectState('running');
  await page.keyboard.press('Space');
  await playground.expectState('paused');

  const step = await playground.step();
  await playground.field('Seed').focus();
  await page.keyboard.press('r');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await playground.expectStep(step);
  await playground.expectState('paused');
  await playground.field('Seed').fill('1');
  await playground.field('Seed').blur();

  await page.keyboard.press('r');
  await playground.expectStep(0);

  await page.getByRole('button', { name: 'Keys and hints' }).click();
  await expect(page.getByRole('dialog')).toContainText('Train or pause');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await playground.expectStep(0);
});

test('a digit can be drawn with the keyboard alone', async ({ playground, page }) => {
  await playground.open();
  await page.getByText('Draw', { exact: true }).click();
  await page.getByTestId('pad').focus();
  await page.keyboard.press('Space');
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Space');
  await expect(page.getByTestId('verdict')).toContainText('takes your drawing for');
  await playground.expectState('idle');
  await page.keyboard.press('Backspace');
  await expect(page.getByTestId('verdict')).toContainText('Nothing drawn yet');
});

test('a chart is read by keyboard', async ({ playground, page }) => {
  await playground.open();
  for (let step = 1; step <= 3; step += 1) {
    await page.getByTestId('step-batch').click();
    await playground.expectStep(step);
  }
  const chart = page.getByRole('slider', { name: 'Loss over epochs' });
  await chart.focus();
  await page.keyboard.press('Home');
  await expect(chart).toHaveAttribute('aria-valuetext', /^Epoch 0\.02 · train \d\.\d{3}$/);
  await page.keyboard.press('ArrowRight');
  await expect(chart).toHaveAttribute('aria-valuetext', /^Epoch 0\.03 /);
  await playground.expectStep(3);
});

test('a hidden tab goes on training', async ({ playground, page }) => {
  await playground.open();
  // What a browser does to a hidden tab: it says so, and grants no animation frame.
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
    Object.defineProperty(document, 'hidden', { get: () => true });
    window.requestAnimationFrame = () => 0;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await playground.trainUntilStep(3);
  const before = await playground.step();
  await expect.poll(() => playground.step()).toBeGreaterThan(before + 2);
});
