import { digitJudge } from '../../bindings/src/digit_judge.js';
import type { Dataset, SampleScores } from '../../bindings/src/index.js';
import { exactly, freshGan } from './support/gans.ts';
import { darkest, whole } from './support/pictures.ts';
import { expect, heightOf, test } from './support/playground.ts';

const fixed = (digits: number) => (value: number) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const one = fixed(1);
const two = fixed(2);

/** All images of a data set, black 0, white 1. */
function pixelsOf(digits: Dataset): Float32Array {
  const pixels = Array.from({ length: digits.count }, (_, i) => [...digits.sample(i).pixels]);
  return Float32Array.from(pixels.flat(), (byte) => byte / 255);
}

test('the scores and their curves are what the judge says of the samples', async ({
  playground,
  page,
}) => {
  const { engine, gan, held } = await freshGan();
  const judge = await engine.createJudge(digitJudge, held);
  const judged = () =>
    judge.judge(gan.generate(gan.fixedNoise(2000)).map((value) => (value + 1) / 2));
  await page.goto(`${exactly}#gan`);
  await playground.ready();
  const panel = page.getByTestId('judge');
  const canvases = panel.locator('canvas');
  const waiting = panel.getByText('A curve appears after the first judgement.');

  await test.step('before the first judgement', async () => {
    await expect(waiting).toHaveCount(2);
    // Only the line of real digits is drawn in ink.
    expect(await darkest(canvases.first())).toBeLessThan(60);
    expect(await darkest(canvases.last())).toBeGreaterThan(90);
    const real = judge.judge(pixelsOf(held));
    await expect(panel.getByTestId('legend-reference')).toHaveText(
      `Real ${one(real.inceptionScore)}`,
    );
    // Fresh networks were judged while they were built; nobody asked to hear of it, 0.6 s later.
    await page.waitForTimeout(1000);
    await expect(page.getByTestId('announcer')).toBeEmpty();
  });

  gan.step();
  await page.getByTestId('step-batch').click();
  await playground.expectStep(1);
  const empty = await heightOf(panel);
  const first = judged();
  await page.getByTestId('judge-now').click();
  await test.step('the scores', async () => {
    await expect(page.getByTestId('inception-score')).toHaveText(two(first.inceptionScore));
    await expect(page.getByTestId('frechet-distance')).toHaveText(one(first.frechetDistance));
    await expect(page.getByTestId('confidence')).toHaveText(`${one(100 * first.confidence)}%`);
    await expect(panel).toContainText('Judged after 1 round');
    // Of what the judge cannot read, shares say nothing.
    await expect(page.getByTestId('collapse')).toBeHidden();
    await expect(waiting).toHaveCount(0);
    expect(await heightOf(panel), 'nothing jumps').toBeCloseTo(empty, 0);
  });

  const dot = await whole(canvases.first());
  const { batchesPerEpoch } = gan.info();
  for (let step = 2; step <= batchesPerEpoch; step += 1) gan.step();
  const second = judged();
  await page.getByTestId('step-epoch').click();
  for (const [name, label, format] of [
    ['inceptionScore', 'Inception-style score', two],
    ['frechetDistance', 'Fréchet distance', one],
  ] as const) {
    await test.step(`the curve of ${name}`, async () => {
      const curve = panel.getByRole('slider', { name: label });
      const expectAt = async (epoch: string, scores: SampleScores) => {
        const text = `Fakes ${format(scores[name])}`;
        await expect(curve).toHaveAttribute('aria-valuetext', `Epoch ${epoch} · ${text}`);
        await expect(panel.getByTestId(`legend-${name}`)).toHaveText(text);
      };
      await expectAt('1.00', second);
      await curve.press('Home');
      await expectAt('0.00', first);
      await curve.press('ArrowRight');
      await expectAt('1.00', second);
    });
  }
  await expect.poll(() => whole(canvases.first())).not.toBe(dot);
});
