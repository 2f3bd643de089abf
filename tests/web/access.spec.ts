import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import english from '../../web/i18n/messages/en.json' with { type: 'json' };
import chinese from '../../web/i18n/messages/zh-CN.json' with { type: 'json' };
import { expect, test } from './support/playground.ts';

/** What axe calls serious or critical, with the elements at fault. */
async function violations(page: Page): Promise<unknown> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes.map((node) => node.html)]);
}

/** What is wider than the box it stands in: the page itself, a panel, a button. */
async function wideElements(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('html, .panel, .button')]
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => `${element.className} ${element.textContent.trim().slice(0, 40)}`),
  );
}

for (const locale of ['en-US', 'zh-CN']) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${locale}, ${colorScheme}`, () => {
      test.use({ locale, colorScheme });

      test('axe finds nothing serious', async ({ playground, page }) => {
        await playground.open();
        await page.getByTestId('step-batch').click();
        await playground.expectStep(1);
        await page.getByTestId('evaluate').click();
        await expect(page.locator('[data-cell="0-0"]')).toBeEnabled();
        await page.locator('[data-cell="1-1"]').click();
        expect(await violations(page)).toEqual([]);
      });
    });
  }
}

/** The other lessons, and what is there once they are looked into. */
const lessons = [
  { name: 'wave', seen: 'forecast-verdict' },
  { name: 'rows', seen: 'legend-rnn-rows' },
  { name: 'characters', seen: 'sample' },
  { name: 'points', seen: 'plane' },
  { name: 'gan', seen: 'samples' },
] as const;

for (const { name, seen } of lessons) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${name}, ${colorScheme}`, () => {
      test.use({ colorScheme });

      test(`axe finds nothing serious in the lesson ${name}`, async ({ playground, page }) => {
        await playground.open(name);
        await page.getByTestId('step-batch').click();
        await expect(page.getByTestId(seen)).toBeVisible();
        expect(await violations(page)).toEqual([]);
      });
    });
  }

  for (const locale of ['en-US', 'zh-CN']) {
    test.describe(`${name}, ${locale}`, () => {
      test.use({ locale, hasTouch: true, isMobile: true });

      test(`nothing in the lesson ${name} sticks out sideways`, async ({ playground, page }) => {
        await playground.open(name);
        await page.getByTestId('step-batch').click();
        await expect(page.getByTestId(seen)).toBeVisible();
        for (const width of [1440, 1024, 768, 360, 320]) {
          await page.setViewportSize({ width, height: 800 });
          await expect.poll(() => wideElements(page), { message: width.toString() }).toEqual([]);
        }
      });
    });
  }
}

for (const locale of ['en-US', 'zh-CN']) {
  for (const hasTouch of [false, true]) {
    test.describe(`header, ${locale}, ${hasTouch ? 'finger' : 'mouse'}`, () => {
      test.use({ locale, hasTouch, isMobile: hasTouch });

      test('brand and help share a line at any width', async ({ playground, page }) => {
        await playground.open();
        const middle = (selector: string) =>
          page.locator(`header ${selector}`).evaluate((element) => {
            const { top, height } = element.getBoundingClientRect();
            return top + height / 2;
          });
        for (const width of [1440, 1281, 1280, 1024, 768, 641, 640, 360, 320]) {
          await page.setViewportSize({ width, height: 800 });
          await expect
            .poll(async () => Math.abs((await middle('.brand')) - (await middle('.help'))), {
              message: width.toString(),
            })
            .toBeLessThan(4);
        }
      });
    });
  }
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`gan, ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('axe finds nothing serious in a round, a verdict of the judge and an experiment', async ({
      playground,
      page,
    }) => {
      await playground.open('gan');
      for (let stage = 1; stage <= 6; stage += 1) {
        await page.getByTestId('round-next').click();
        await expect(page.getByTestId('round').getByRole('listitem')).toHaveCount(stage);
      }
      await page.getByTestId('judge-now').click();
      await expect(page.getByTestId('inception-score')).not.toHaveText('–');
      await page.getByTestId('experiment-no-norm').locator('summary').click();
      expect(await violations(page)).toEqual([]);
    });
  });
}

for (const name of ['gan', 'points']) {
  test(`keys run, step and reset the lesson ${name}, but not from its own controls`, async ({
    playground,
    page,
  }) => {
    await playground.open(name);
    await page.keyboard.press('ArrowRight');
    await playground.expectStep(1);
    await page.keyboard.press('ArrowRight');
    await playground.expectStep(2);
    const film = page.getByTestId('film');
    await expect(film).toBeEnabled();
    await film.focus();
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByTestId('film-position')).toContainText('Wound back: after');
    await page.keyboard.press('ArrowRight');
    await expect(page.getByTestId('film-position')).toHaveText('Newest: after 2 rounds');
    await playground.expectStep(2);
    await playground.field('Rate of D').focus();
    await page.keyboard.press('r');
    await page.keyboard.press('Space');
    await playground.expectStep(2);
    await playground.expectState('idle');
    await page.keyboard.press('Tab');
    await page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    });
    await page.keyboard.press('Space');
    await playground.expectState('running');
    await page.keyboard.press('Space');
    await playground.expectState('paused');
    await page.keyboard.press('r');
    await playground.expectStep(0);
  });
}

const messages = { 'en-US': english, 'zh-CN': chinese };
const headings = {
  points: ['points_heading', 'plane_title', 'players_title', 'balance_title', 'modes_title'],
  gan: ['gan_heading', 'samples_title', 'walk_title', 'round_title', 'judge_title'],
} as const;

for (const locale of ['en-US', 'zh-CN'] as const) {
  test.describe(`lessons of GANs, ${locale}`, () => {
    test.use({ locale });

    test(`the lessons of GANs speak ${locale}`, async ({ playground, page }) => {
      for (const lesson of ['points', 'gan'] as const) {
        await playground.open(lesson);
        for (const key of headings[lesson]) {
          const name = messages[locale][key];
          await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
        }
      }
    });
  });
}

test('axe finds nothing serious while drawing and with a bad value', async ({
  playground,
  page,
}) => {
  await playground.open();
  await page.getByTestId('layer-output').click();
  await page.getByText('Draw', { exact: true }).click();
  await playground.enter('Batch size', '0');
  await expect(page.getByRole('alert')).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

for (const locale of ['en-US', 'zh-CN']) {
  test.describe(locale, () => {
    // Touch makes controls larger, so they need the most room.
    test.use({ locale, hasTouch: true, isMobile: true });

    test('nothing sticks out sideways at any width, messages beside fields included', async ({
      playground,
      page,
    }) => {
      await playground.open();
      await page.getByTestId('step-batch').click();
      await playground.expectStep(1);
      await page.getByTestId('evaluate').click();
      await expect(page.getByTestId('test-loss')).not.toHaveText('–');
      for (const input of await page.locator('.settings input').all()) {
        await input.fill('NaN');
        await input.press('Enter');
      }
      await page.locator('.settings select').first().selectOption('cnn-article');
      for (const width of [1440, 1024, 768, 360, 320]) {
        await page.setViewportSize({ width, height: 800 });
        await page.locator('.settings details').evaluate((details) => {
          if (details instanceof HTMLDetailsElement) details.open = true;
        });
        await expect(page.getByRole('alert')).toHaveCount(4);
        await expect.poll(() => wideElements(page), { message: width.toString() }).toEqual([]);
      }
    });
  });
}

test.describe('with a finger', () => {
  test.use({ viewport: { width: 360, height: 800 }, hasTouch: true, isMobile: true });

  for (const lesson of [undefined, ...lessons.map(({ name }) => name)]) {
    test(`targets are at least 44 pixels high, lesson ${lesson ?? 'cnn'}`, async ({
      playground,
      page,
    }) => {
      await playground.open(lesson);
      const small = await page.evaluate(() =>
        [
          ...document.querySelectorAll(
            'button, .button, select, input:not([type=radio], [type=checkbox], [type=file])',
          ),
        ]
          .filter((element) => element.closest('table, dialog') === null)
          .map((element) => ({ element, box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.height > 0 && box.height < 44)
          .map(({ element }) => element.outerHTML),
      );
      expect(small).toEqual([]);
    });
  }

  test('a character is explained once it is tapped, and stays so', async ({ playground, page }) => {
    await playground.open('characters');
    await page.getByTestId('characters').locator('span').nth(40).tap();
    const readout = page.getByTestId('dependence-readout');
    await expect(readout).toContainText('character 41: the unit is at');
    await expect(readout).toContainText('depended most on');
  });

  test('a digit is drawn, undone and drawn again', async ({ playground, page }) => {
    await playground.open();
    await page.getByText('Draw', { exact: true }).tap();
    await page.getByTestId('pad').scrollIntoViewIfNeeded();
    await drawWithFinger(page);
    const verdict = page.getByTestId('verdict');
    await expect(verdict).toContainText('takes your drawing for');
    await expect(page.getByTestId('centred')).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(verdict).toContainText('Nothing drawn yet');
    await page.getByTestId('pad').scrollIntoViewIfNeeded();
    await drawWithFinger(page);
    await expect(verdict).toContainText('takes your drawing for');
  });
});

/** A stroke from top to bottom; the page must not scroll under it. */
async function drawWithFinger(page: Page): Promise<void> {
  const box = await page.getByTestId('pad').boundingBox();
  if (box === null) throw new Error('expected the drawing pad on the page, got none');
  const scrolled = await page.evaluate(() => scrollY);
  const touch = await page.context().newCDPSession(page);
  const x = box.x + box.width / 2;
  for (const share of [0.2, 0.4, 0.6, 0.8]) {
    await touch.send('Input.dispatchTouchEvent', {
      type: share === 0.2 ? 'touchStart' : 'touchMove',
      touchPoints: [{ x, y: box.y + share * box.height }],
    });
  }
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  expect(await page.evaluate(() => scrollY)).toBe(scrolled);
}
