import type { Page } from '@playwright/test';
import { embeddedDigits } from '../../bindings/src/digits.js';
import {
  loadEngine,
  presets,
  type LayerInspection,
  type PresetName,
} from '../../bindings/src/index.js';
import { expect, test } from './support/playground.ts';
import { numberAt, pointAtCell } from './support/traces.ts';

/** The probability that a sentence on the page gives, as it is written there. */
async function share(page: Page, testId: string): Promise<string | undefined> {
  return /([\d.]+%)/.exec(await page.getByTestId(testId).innerText())?.[1];
}

/** How much of the last row's gradient the page says is left at the first. */
async function gradientLeft(page: Page, cell: string): Promise<number> {
  const text = await page.getByTestId('gradient-verdict').innerText();
  const found = new RegExp(`${cell}[^:]*: at the first row ([\\d.E-]+) of`).exec(text)?.[1];
  return Number(found);
}

/** The recurrent layer after the first test digit, of an untrained network of the SDK in this process. */
async function inspected(preset: PresetName): Promise<LayerInspection | undefined> {
  const engine = await loadEngine({ threads: 1 });
  const { train, test: held } = await engine.loadData(embeddedDigits);
  const { network, training } = presets[preset];
  const classifier = engine.classifier(train, held, network, training);
  const { pixels, label } = held.sample(0);
  return classifier.inspect(pixels, label)[0];
}

async function computedGradientLeft(preset: PresetName): Promise<number> {
  const gradient = (await inspected(preset))?.traces['hidden_gradient'];
  const [rows = 0, units = 0] = gradient?.shape ?? [];
  const norm = (row: number): number =>
    Math.hypot(...(gradient?.values.subarray(row * units, (row + 1) * units) ?? []));
  return norm(0) / norm(rows - 1);
}

test('reads digits row by row, and shows after each what it knows and remembers', async ({
  playground,
  page,
}) => {
  test.setTimeout(240_000);
  await playground.open('rows');
  await playground.train.click();
  await expect
    .poll(() => playground.share('test-accuracy'), { timeout: 200_000, intervals: [500] })
    .toBeGreaterThan(0.9);
  await playground.expectState('running');
  await playground.train.click();
  await playground.expectState('paused');

  await test.step('after the last row it says what it says of the whole digit', async () => {
    await expect(page.getByTestId('reading-verdict')).toContainText('After row 28 it says');
    // The last look inside while it trained comes before the first after the pause.
    await expect(async () => {
      expect(await share(page, 'reading-verdict')).toBe(await share(page, 'verdict'));
    }).toPass({ timeout: 10_000 });
  });

  await test.step('the keyboard scrubs through the rows', async () => {
    const slider = page.getByTestId('row');
    await slider.focus();
    await slider.press('Home');
    await expect(page.getByTestId('reading-verdict')).toContainText('After row 1 it says');
    const step = await playground.step();
    await slider.press('ArrowRight');
    await expect(page.getByTestId('reading-verdict')).toContainText('After row 2 it says');
    await playground.expectStep(step);
  });

  await test.step('playing ends at the last row', async () => {
    await page.getByTestId('play-rows').click();
    await expect(page.getByTestId('reading-verdict')).toContainText('After row 28', {
      timeout: 10_000,
    });
    await expect(page.getByTestId('play-rows')).toContainText('Read');
  });
});

test('state, memory and gates after each row are those of the engine', async ({
  playground,
  page,
}) => {
  await playground.open('rows');
  const layer = await inspected('rnn-rows');
  for (const [kind, label] of [
    ['hidden', 'Hidden state h'],
    ['memory', 'Memory c'],
    ['forget_gate', 'Forget gate f'],
    ['output_gate', 'Output gate o'],
  ] as const) {
    await playground.field('Show').selectOption({ label });
    const map = page.getByLabel(`${label} over time`);
    for (const [row, unit] of [
      [3, 100],
      [27, 5],
    ] as const) {
      await pointAtCell(map, { x: unit, y: row }, { x: 128, y: 28 });
      const value = numberAt(layer?.traces[kind], row, unit).toFixed(3);
      await expect(page.getByTestId('reading')).toContainText(
        `${label}, unit ${(unit + 1).toString()} after row ${(row + 1).toString()}: ${value}`,
      );
    }
  }
});

test('an Elman network stands beside the LSTM, with the gradients that the engine computes', async ({
  playground,
  page,
}) => {
  await playground.open('rows');
  await expect(page.getByTestId('gradient-verdict')).toContainText('LSTM, after 0 steps');
  await playground.field('Cell').selectOption('rnn-rows-simple');
  await playground.ready();
  await expect(page.getByTestId('gradient-verdict')).toContainText('Elman');
  await expect(page.getByTestId('gradient-verdict')).toContainText('LSTM, after 0 steps');
  for (const [cell, preset] of [
    ['LSTM', 'rnn-rows'],
    ['Elman', 'rnn-rows-simple'],
  ] as const) {
    const computed = await computedGradientLeft(preset);
    // Three digits are shown.
    expect((await gradientLeft(page, cell)) / computed).toBeCloseTo(1, 2);
  }
  await expect(page.getByLabel('Forget-gate bias')).toHaveCount(0);
});

test('a drawing has no right answer, so no gradient is shown, and nothing is lost', async ({
  playground,
  page,
}) => {
  await playground.open('rows');
  await expect(page.getByTestId('legend-rnn-rows')).toBeVisible();
  await page.getByText('Draw', { exact: true }).click();
  await expect(page.getByTestId('reading-verdict')).toContainText('Nothing drawn yet');
  await playground.draw([
    [0.5, 0.15],
    [0.5, 0.85],
  ]);
  await expect(page.getByTestId('reading-verdict')).toContainText('After row 28 it says');
});

test('a forget bias that is no number is refused, another waits for a fresh network', async ({
  playground,
  page,
}) => {
  await playground.open('rows');
  await playground.enter('Forget-gate bias', '99');
  await expect(page.getByRole('alert')).toContainText('from -10 to 10');
  await page.getByTestId('step-batch').click();
  await playground.expectStep(1);
  await playground.enter('Forget-gate bias', '-2');
  await expect(page.getByTestId('pending')).toContainText('Forget-gate bias');
  await page.reload();
  await playground.ready();
  await expect(playground.field('Forget-gate bias')).toHaveValue('-2');
});
