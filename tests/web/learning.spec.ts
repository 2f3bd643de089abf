import { expect, test } from './support/playground.ts';

/** A circle a little higher than wide. */
const zero = Array.from({ length: 25 }, (_, i) => {
  const angle = (2 * Math.PI * i) / 24 - Math.PI / 2;
  return [0.5 + 0.2 * Math.cos(angle), 0.5 + 0.32 * Math.sin(angle)] as const;
});

const one = [
  [0.52, 0.15],
  [0.5, 0.5],
  [0.48, 0.85],
] as const;

/** Small, and in a corner: centring has to find it. */
const smallSeven = [
  [0.06, 0.08],
  [0.13, 0.08],
  [0.2, 0.08],
  [0.16, 0.18],
  [0.12, 0.29],
] as const;

test('learns to read held-out digits and drawings, and shows its mistakes', async ({
  playground,
  page,
}) => {
  test.setTimeout(240_000);
  await playground.open();
  await playground.train.click();

  await test.step('held-out accuracy passes 95 %', async () => {
    await expect
      .poll(() => playground.share('test-accuracy'), { timeout: 200_000, intervals: [500] })
      .toBeGreaterThan(0.95);
  });

  await test.step('a drawing is classified while training goes on', async () => {
    await page.getByText('Draw', { exact: true }).click();
    await expect(page.getByTestId('verdict')).toContainText('Nothing drawn yet');
    await playground.draw(one);
    await expect(page.getByTestId('verdict')).toContainText('for a 1');
    await expect(page.getByTestId('centred')).toBeVisible();
    await playground.expectState('running');
  });

  await test.step('and while it is paused', async () => {
    await playground.train.click();
    await playground.expectState('paused');
    await page.getByTestId('pad-clear').click();
    await expect(page.getByTestId('verdict')).toContainText('Nothing drawn yet');
    await playground.draw(zero);
    await expect(page.getByTestId('verdict')).toContainText('for a 0');
    await page.getByTestId('pad-clear').click();
    await playground.draw(smallSeven);
    await expect(page.getByTestId('verdict')).toContainText('for a 7');
  });

  await test.step('language and theme switch keep everything', async () => {
    const step = await playground.step();
    const accuracy = await page.getByTestId('test-accuracy').innerText();
    await page.getByText('简体中文').click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await expect(page).toHaveTitle(/手写数字/);
    await expect(playground.train).toContainText('继续');
    await expect(page.getByTestId('verdict')).toContainText('7');
    await page.getByText('深色', { exact: true }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await playground.expectStep(step);
    await expect(page.getByTestId('test-accuracy')).toHaveText(accuracy);
    await page.getByText('English').click();
    await expect(playground.train).toContainText('Continue');
  });

  await test.step('a cell of the confusion matrix opens its digits', async () => {
    await page.getByTestId('evaluate').click();
    await expect(page.getByTestId('confusion-summary')).toContainText('of 2,000 test digits');
    await page.locator('[data-cell="3-3"]').click();
    const digits = page.getByTestId('mistakes').getByRole('button');
    await expect(digits.first()).toBeVisible();
    await expect(digits.first()).toContainText('3 → 3');
    await digits.first().click();
    await expect(page.getByTestId('verdict')).toContainText('this 3');
  });
});
