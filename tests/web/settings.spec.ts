import { expect, test } from './support/playground.ts';

const refusals = [
  ['Learning rate', 'fast', 'Expected a number from 1e-8 to 100, got “fast”. 0.001 stays in use'],
  ['Learning rate', '-1', 'Expected a number from 1e-8 to 100, got “-1”.'],
  ['Learning rate', 'NaN', 'Expected a number from 1e-8 to 100, got “NaN”.'],
  ['Learning rate', '1e6', 'Expected a number from 1e-8 to 100, got “1e6”.'],
  ['Batch size', '0', 'Expected a whole number from 1 to 8,000, got “0”. 128 stays in use'],
  ['Batch size', '8001', 'Expected a whole number from 1 to 8,000, got “8001”.'],
  ['Batch size', '', 'Expected a whole number from 1 to 8,000, got nothing.'],
  ['Epochs', '1.5', 'Expected a whole number from 1 to 1,000, got “1.5”.'],
  ['Seed', '-3', 'Expected a whole number from 0 to 4,294,967,295, got “-3”.'],
] as const;

test('bad values are refused beside their field and nothing is lost', async ({
  playground,
  page,
}) => {
  await playground.open();
  await page.getByTestId('step-batch').click();
  await playground.expectStep(1);
  for (const [label, typed, message] of refusals) {
    await test.step(`${label} ${JSON.stringify(typed)}`, async () => {
      const good = await playground.field(label).inputValue();
      await playground.enter(label, typed);
      await expect(page.getByRole('alert')).toContainText(message);
      await expect(playground.field(label)).toHaveAttribute('aria-invalid', 'true');
      await expect(playground.field(label)).toHaveValue(typed);
      await playground.enter(label, good);
      await expect(page.getByRole('alert')).toBeHidden();
    });
  }
  await playground.expectStep(1);
  await expect(page.getByTestId('pending')).toBeHidden();
  await page.getByTestId('step-batch').click();
  await playground.expectStep(2);
});

test('what needs a fresh network waits for it, the learning rate does not', async ({
  playground,
  page,
}) => {
  await playground.open();
  await page.getByTestId('step-batch').click();
  await playground.expectStep(1);
  await page.getByRole('button', { name: 'Learning rate: larger' }).click();
  await expect(playground.field('Learning rate')).toHaveValue('0.003');
  await expect(page.getByTestId('pending')).toBeHidden();

  await playground.enter('Batch size', '64');
  await expect(page.getByTestId('pending')).toContainText('Batch size');
  await playground.expectStep(1);
  await page.getByRole('button', { name: 'Keep the old values' }).click();
  await expect(playground.field('Batch size')).toHaveValue('128');

  await playground.enter('Batch size', '64');
  await page.getByRole('button', { name: 'Reset and use them' }).click();
  await playground.expectStep(0);
  await expect(page.getByTestId('pending')).toBeHidden();
  await page.getByTestId('step-batch').click();
  await expect(page.getByTestId('status')).toContainText('batch 1 of 125');
});

test('settings survive a reload', async ({ playground, page }) => {
  await playground.open();
  await playground.enter('Seed', '77');
  await playground.field('Initial weights').selectOption('cnn-article');
  await playground.field('Optimizer').selectOption('nesterov');
  await page.getByText('Dark', { exact: true }).click();
  await page.getByText('简体中文').click();
  await page.reload();
  await playground.ready();
  await expect(playground.field('随机种子')).toHaveValue('77');
  await expect(playground.field('初始化方案')).toHaveValue('cnn-article');
  await expect(playground.field('优化算法')).toHaveValue('nesterov');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('what is changed while a network is being built is in the next one', async ({
  playground,
  page,
}) => {
  await page.addInitScript(() => {
    globalThis.Worker = class extends Worker {
      override postMessage(
        message: unknown,
        transfer: Transferable[] | StructuredSerializeOptions = [],
      ): void {
        const options = Array.isArray(transfer) ? { transfer } : transfer;
        const slow = JSON.stringify(message).includes('"build"');
        setTimeout(
          () => {
            super.postMessage(message, options);
          },
          slow ? 1500 : 0,
        );
      }
    };
  });
  await page.goto('./');
  await expect(playground.state).toHaveAttribute('data-phase', 'building');
  await playground.enter('Batch size', '64');
  await expect(playground.state).toHaveAttribute('data-phase', 'building');
  await playground.ready();
  await expect(page.getByTestId('pending')).toBeHidden();
  await page.getByTestId('step-batch').click();
  await expect(page.getByTestId('status')).toContainText('batch 1 of 125');
});
