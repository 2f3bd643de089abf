import type { Page } from '@playwright/test';
import { characterPreset, loadEngine, type LanguageModel } from '../../bindings/src/index.js';
import { sums } from '../../web/texts/sums.ts';
import { english } from '../../web/texts/english.ts';
import { expect, test } from './support/playground.ts';

const writing = (page: Page) => page.getByTestId('sample');
const facts = (page: Page) => page.getByTestId('source-facts');

/** The untrained network of the lesson, in this process. */
async function untrained(text: string): Promise<LanguageModel> {
  const engine = await loadEngine({ threads: 1 });
  const source = engine.text(text);
  const { network, training } = characterPreset(source.vocabulary.length);
  const optimizer = { type: 'adam', learningRate: 3e-3, clipNorm: 1 } as const;
  return engine.languageModel(
    source,
    { ...network, input: [32] },
    { ...training, batchSize: 16, optimizer },
  );
}

async function paste(page: Page, text: string): Promise<void> {
  await page.getByTestId('edit-text').click();
  await page.getByTestId('own-text').fill(text);
  await page.getByTestId('use-text').click();
}

test('learns to add: more and more of the sums it writes are right', async ({
  playground,
  page,
}) => {
  test.setTimeout(240_000);
  await playground.open('characters');
  await playground.field('Data').selectOption({ label: 'Sums' });
  await playground.ready();
  await expect(page.getByTestId('sums-right')).toContainText('0 of');
  await playground.train.click();
  const perplexity = async (): Promise<number> =>
    Number(await page.getByTestId('test-perplexity').innerText());
  await expect.poll(perplexity, { timeout: 200_000, intervals: [500] }).toBeLessThan(3.2);

  await test.step('the samples on the way there are kept', async () => {
    const milestones = page.getByTestId('milestones').getByRole('listitem');
    expect(await milestones.count()).toBeGreaterThanOrEqual(1);
    await expect(milestones.last()).toContainText('After epoch 1, perplexity');
  });

  await test.step('sampling differently begins anew, and the same seed writes the same', async () => {
    await playground.train.click();
    await playground.expectState('paused');
    // The last sample while it trained comes before the one after the pause.
    const step = (await playground.step()).toLocaleString('en-US');
    await expect(page.getByTestId('writing')).toContainText(`After ${step} steps`);
    const before = await writing(page).innerText();
    await page.getByTestId('another-sample').click();
    await expect(writing(page)).not.toHaveText(before);
    await expect(page.getByTestId('milestones')).toHaveCount(0);
    await playground.enter('Sample seed', '1');
    await expect.poll(() => writing(page).innerText()).toBe(before);
  });

  await test.step('it goes on from what it is given', async () => {
    await page.getByTestId('prime').fill('12+');
    await expect(writing(page)).toHaveText(/^12\+\d+=/);
    await page.getByTestId('prime').fill('x');
    await expect(page.getByText('It cannot begin with that')).toBeVisible();
    await page.getByTestId('prime').fill('');
    await expect(page.getByText('It cannot begin with that')).toBeHidden();
  });
});

test('what is shown is what the engine computes', async ({ playground, page }) => {
  await playground.open('characters');
  const model = await untrained(english);
  model.forget(1);
  model.read('\n');
  const written = model.write(300, { temperature: 0.7 });
  await expect.poll(() => writing(page).textContent()).toBe(written);

  const text = 'The box was small and grey';
  await page.getByTestId('line').fill(text);
  const characters = page.getByTestId('characters');
  await expect(characters).toHaveText(text);
  await characters.focus();
  await characters.press('Home');
  for (let i = 0; i < 12; i += 1) await characters.press('ArrowRight');
  const { probabilities, layers } = model.inspect(text, { target: 12 });
  const share = new Intl.NumberFormat('en-US', {
    style: 'percent',
    minimumFractionDigits: 1,
  }).format(Math.round(1000 * (probabilities[12] ?? 0)) / 1000);
  const readout = page.getByTestId('dependence-readout');
  await expect(readout).toContainText('“s”, character 13');
  await expect(readout).toContainText(`a probability of ${share}`);

  const gradient = layers[0]?.gradient;
  const [, units = 0] = gradient?.shape ?? [];
  const norms = Array.from({ length: 12 }, (_, row) =>
    Math.hypot(...(gradient?.values.subarray(row * units, (row + 1) * units) ?? [])),
  );
  const strongest = norms.indexOf(Math.max(...norms));
  await expect(readout).toContainText(`(${(12 - strongest).toString()} before)`);
  await expect(readout).toContainText(/depended most on “[^”]+” \(\d+ before\)/);
  await characters.press('Escape');
  await expect(readout).toContainText('Point at a character');

  await test.step('another unit of another layer is chosen', async () => {
    const colour = (): Promise<string | null> =>
      characters.locator('span').nth(3).getAttribute('style');
    const before = await colour();
    await page.getByTestId('unit').focus();
    await page.getByTestId('unit').press('ArrowRight');
    await expect(page.getByText('Unit 2 of 128')).toBeVisible();
    await expect.poll(colour).not.toBe(before);
    await playground.field('Layer').selectOption({ label: 'lstm_1' });
    await playground.field('Show').selectOption({ label: 'Forget gate f' });
    await expect(page.getByLabel('Forget gate f: one line per unit')).toBeVisible();
  });
});

test('one’s own text: any characters, kept over a reload', async ({ playground, page }) => {
  await playground.open('characters');
  const text = '你好，世界！🌱🤖 '.repeat(80);
  await paste(page, text);
  await playground.ready();
  await expect(page.getByTestId('source-text')).toContainText('🌱🤖');
  await expect(facts(page)).toContainText('9 different ones');
  await page.getByTestId('step-epoch').click();
  await expect(page.getByTestId('test-loss')).not.toHaveText('–');
  await page.reload();
  await playground.ready();
  await expect(page.getByTestId('source-text')).toContainText('🌱🤖');
  await expect(playground.field('Data')).toHaveValue('own');
});

test('a text that cannot be used is refused, and nothing is lost', async ({ playground, page }) => {
  await playground.open('characters');
  await page.getByTestId('step-batch').click();
  await playground.expectStep(1);
  const before = await facts(page).innerText();
  await page.getByTestId('edit-text').click();
  for (const [text, message] of [
    ['', 'It has 0 characters'],
    ['too short', 'It has 9 characters. With sequences of 32, it takes at least 321'],
    [`${'good '.repeat(100)}\ud83d`, 'half of one (a lone surrogate, U+D83D)'],
  ] as const) {
    // Not filled in: the tool cannot hand over half of a character.
    await page.getByTestId('own-text').evaluate((area, typed) => {
      if (!(area instanceof HTMLTextAreaElement)) return;
      area.value = String(JSON.parse(typed));
      area.dispatchEvent(new Event('input'));
    }, JSON.stringify(text));
    await page.getByTestId('use-text').click();
    await expect(page.getByTestId('source').getByRole('alert')).toContainText(message);
    await playground.expectStep(1);
    await expect(facts(page)).toHaveText(before);
  }
  await page.getByTestId('step-batch').click();
  await playground.expectStep(2);
});

test('files: five megabytes are learned from, what is no text is refused', async ({
  playground,
  page,
}) => {
  test.setTimeout(120_000);
  await playground.open('characters');
  await page.getByTestId('text-file').setInputFiles({
    name: 'picture.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  });
  await expect(page.getByTestId('source').getByRole('alert')).toContainText('UTF-8');
  const large = sums(700_000, 2);
  expect(large.length).toBeGreaterThan(5_000_000);
  await page.getByTestId('text-file').setInputFiles({
    name: 'sums.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from(large),
  });
  await expect(page.getByText('too long for the browser’s storage')).toBeVisible({
    timeout: 30_000,
  });
  await playground.ready();
  await playground.trainUntilStep(20);
  await playground.train.click();
  await playground.expectState('paused');
});

test('one character over and over is learned: nothing to foresee, nothing breaks', async ({
  playground,
  page,
}) => {
  await playground.open('characters');
  await paste(page, 'a'.repeat(1000));
  await playground.ready();
  await expect(facts(page)).toContainText('1 different ones');
  await page.getByTestId('step-epoch').click();
  await expect(page.getByTestId('test-perplexity')).toHaveText('1.00');
  await expect(writing(page)).toHaveText('a'.repeat(300));
});

test('sequences of no length, or longer than the text, are refused', async ({
  playground,
  page,
}) => {
  await playground.open('characters');
  await playground.enter('Sequence length', '0');
  await expect(page.getByRole('alert')).toContainText('Expected a whole number from 1 to');
  await playground.enter('Sequence length', '100000');
  await expect(page.getByRole('alert')).toContainText('got “100000”');
  await playground.enter('Sequence length', '64');
  await expect(page.getByRole('alert')).toBeHidden();
  await playground.ready();
  await page.getByTestId('step-batch').click();
  await playground.expectStep(1);
});
