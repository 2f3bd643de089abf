import type { Page } from '@playwright/test';
import {
  forecastPreset,
  loadEngine,
  type CellType,
  type Forecaster,
} from '../../bindings/src/index.js';
import { meanSquaredError } from '../../web/lessons/wave/errors.ts';
import { expect, test } from './support/playground.ts';
import { numberAt, pointAtCell } from './support/traces.ts';

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

/** What the page begins with: an untrained network, and what it reads. */
async function untrained(
  cell: CellType = 'lstm',
): Promise<{ forecaster: Forecaster; values: Float32Array }> {
  const engine = await loadEngine({ threads: 1 });
  const series = engine.noisyWave({ count: 3000, noise: 0.1, seed: 1 });
  const { network, training } = forecastPreset(cell);
  const forecaster = engine.forecaster(series, network, training);
  return { forecaster, values: series.subarray(2400, 2560) };
}

test('what is shown is what the engine computes', async ({ playground, page }) => {
  await playground.open('wave');
  const { forecaster, values } = await untrained();
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

test('the keyboard moves the moment where it is left alone', async ({ playground, page }) => {
  await playground.open('wave');
  const slider = page.getByTestId('known');
  await slider.focus();
  await slider.press('ArrowRight');
  await expect(page.getByText('Left alone after 81 values')).toBeVisible();
  await playground.expectStep(0);
});

for (const [cell, name, gate, gateName] of [
  ['lstm', 'LSTM', 'forget_gate', 'Forget gate f'],
  ['gru', 'GRU', 'update_gate', 'Update gate z'],
] as const) {
  test(`state and gates of the ${name} are those of the engine`, async ({ playground, page }) => {
    await playground.open('wave');
    await playground.field('Cell').selectOption({ label: name });
    await playground.ready();
    const { forecaster, values } = await untrained(cell);
    const [layer] = forecaster.inspect(values);
    for (const [trace, label] of [
      ['hidden', 'Hidden state h'],
      [gate, gateName],
    ] as const) {
      await playground.field('Show').selectOption({ label });
      const map = page.getByLabel(`${label} over time`);
      await pointAtCell(map, { x: 70, y: 7 }, { x: values.length, y: 24 });
      await expect(page.getByTestId('hidden')).toContainText(
        `${label}, unit 8 at time 71: ${numberAt(layer?.traces[trace], 70, 7).toFixed(3)}`,
      );
    }
  });
}

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
