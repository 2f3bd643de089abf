import type { Page } from '@playwright/test';
import { forecastPreset, loadEngine } from '../../bindings/src/index.js';
import { meanSquaredError } from '../../web/lessons/wave/errors.ts';
import { expect, test } from './support/playground.ts';

/** The two errors that the page names. */
async function errors(page: Page): Promise<{ forced: number; free: number }> {
  const text = await page.getByTestId('forecast-verdict').innerText();
  const found = /error ([\d.]+) with teacher forcing, ([\d.]+) in the free run/.exec(text);
  return { forced: Number(found?.[1]), free: Number(found?.[2]) };
}

test('learns to foresee the wave almost as well as its noise allows', async ({
  playground,
  page,
}) => {
  test.setTimeout(120_000);
  await playground.open('wave');
  await playground.train.click();
  // No better than 0.01, the square of the noise.
  await expect
    .poll(async () => Number(await page.getByTestId('test-loss').innerText()), {
      timeout: 100_000,
      intervals: [500],
    })
    .toBeLessThan(0.02);
  await expect.poll(async () => (await errors(page)).forced).toBeLessThan(0.03);
});

test('what is shown is what the engine computes', async ({ playground, page }) => {
  await playground.open('wave');
  const engine = await loadEngine({ threads: 1 });
  const series = engine.noisyWave({ count: 3000, noise: 0.1, seed: 1 });
  const { network, training } = forecastPreset();
  const forecaster = engine.forecaster(series, network, training);
  const values = series.subarray(2400, 2560);
  const forced = meanSquaredError(forecaster.foresee(values), values.subarray(1));
  for (const known of [80, 1, 159]) {
    await page.getByTestId('known').fill(known.toString());
    const free = meanSquaredError(
      forecaster.forecast(values.subarray(0, known), 160 - known),
      values.subarray(known),
    );
    await expect
      .poll(async () => {
        const shown = await errors(page);
        return Math.max(Math.abs(shown.forced / forced - 1), Math.abs(shown.free / free - 1));
      })
      .toBeLessThan(0.006); // three digits are shown
  }
});

test('the keyboard moves the moment where it is left alone; gates can be looked at', async ({
  playground,
  page,
}) => {
  await playground.open('wave');
  const slider = page.getByTestId('known');
  await slider.focus();
  await slider.press('ArrowRight');
  await expect(page.getByText('Left alone after 81 values')).toBeVisible();
  await playground.expectStep(0);
  await playground.field('Show').selectOption({ label: 'Forget gate f' });
  await expect(page.getByLabel('Forget gate f over time')).toBeVisible();
  await playground.field('Cell').selectOption({ label: 'GRU' });
  await playground.ready();
  await playground.field('Show').selectOption({ label: 'Update gate z' });
  await expect(page.getByLabel('Update gate z over time')).toBeVisible();
});

test('a wave of another noise is another wave', async ({ playground, page }) => {
  await playground.open('wave');
  await playground.enter('Noise', '-1');
  await expect(page.getByRole('alert')).toContainText('from 0 to 2');
  const curves = page.getByTestId('curves');
  await expect(curves).toContainText('always says the mean has 0.269.');
  await playground.enter('Noise', '0');
  await playground.ready();
  // About the mean squares of 0.6 and 0.4 times a sine, (0.36 + 0.16) / 2; 0.2606 over 3,000 values.
  await expect(curves).toContainText('always says the mean has 0.261.');
  await expect(curves).toContainText('no prediction gets below 0 ');
  await page.reload();
  await playground.ready();
  await expect(playground.field('Noise')).toHaveValue('0');
});

test('a loss that explodes is caught, and a smaller rate offered', async ({ playground, page }) => {
  await playground.open('wave');
  await playground.field('Optimizer').selectOption('sgd');
  await playground.enter('Clip norm', '0');
  await playground.enter('Learning rate', '100');
  await playground.train.click();
  await expect(page.getByTestId('run-failed').or(page.getByTestId('overshoot'))).toBeVisible({
    timeout: 30_000,
  });
  await page.getByRole('button', { name: 'Reset with learning rate 10' }).click();
  await playground.expectStep(0);
  await expect(playground.field('Learning rate')).toHaveValue('10');
});
