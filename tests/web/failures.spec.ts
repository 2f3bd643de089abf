import { PlainServer } from './support/plain_server.ts';
import { expect, test } from './support/playground.ts';

test.describe('a download that breaks off', () => {
  test.use({ expectedErrors: [[/ERR_|Failed to load resource/], { scope: 'test' }] });

  test('says so, keeps nothing, and works on a second try', async ({ playground, page }) => {
    const server = new PlainServer();
    server.broken = true;
    try {
      await page.goto(await server.open());
      const notice = page.getByTestId('load-failed');
      await expect(notice).toContainText('The digits could not be loaded');
      await expect(playground.train).toBeDisabled();
      await notice.getByRole('button', { name: 'Try again' }).click();
      await expect(notice).toBeHidden();
      await expect(notice).toBeVisible();
      server.broken = false;
      await notice.getByRole('button', { name: 'Try again' }).click();
      await playground.ready();
      await page.getByTestId('step-batch').click();
      await playground.expectStep(1);
    } finally {
      server.close();
    }
  });
});

test('a worker that dies is replaced without a reload', async ({ playground, page }) => {
  await page.addInitScript(() => {
    const Original = window.Worker;
    window.Worker = class extends Original {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        window.addEventListener('kill-worker', () => {
          this.terminate();
          this.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
        });
      }
    };
  });
  await playground.open();
  await playground.enter('Seed', '9');
  await playground.ready();
  await playground.trainUntilStep(2);
  await page.evaluate(() => window.dispatchEvent(new Event('kill-worker')));
  const notice = page.getByTestId('lost');
  await expect(notice).toContainText('The training worker stopped');
  await expect(notice).toContainText('out of memory');
  await expect(playground.train).toHaveText('Train');
  await expect(playground.train).toBeDisabled();
  await notice.getByRole('button', { name: 'Start it again' }).click();
  await playground.ready();
  await playground.expectStep(0);
  await expect(playground.field('Seed')).toHaveValue('9');
  await playground.trainUntilStep(2);
  await expect(page.getByTestId('train-loss')).not.toHaveText('–');
});

test('after a defect in the engine the page goes on with a new one', async ({
  playground,
  page,
}) => {
  let broken = true;
  await page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    const trap = '(() => { throw new WebAssembly.RuntimeError("unreachable"); })()';
    const body = await response.text();
    await route.fulfill({
      response,
      body: broken ? body.replace(/\w+\.advance_step\(\)/, trap) : body,
    });
  });
  await playground.open();
  await playground.train.click();
  const notice = page.getByTestId('run-failed');
  await expect(notice).toContainText('Something went wrong');
  await expect(notice).toContainText('unreachable');
  await expect(notice.getByTestId('lower-and-reset')).toBeHidden();
  broken = false;
  await notice.getByRole('button', { name: 'Reset' }).click();
  await expect(notice).toBeHidden();
  await playground.trainUntilStep(2);
  await expect(page.getByTestId('train-loss')).not.toHaveText('–');
});

test('numbers that are no longer finite stop the run and name the layer', async ({
  playground,
  page,
}) => {
  // The article's network with weights of 1e30: the second convolution must overflow.
  await page.route('**/assets/index-*.js', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/(kind:.normal.,scale:)\.01/, '$11e30');
    await route.fulfill({ response, body });
  });
  await playground.open();
  await playground.field('Initial weights').selectOption('cnn-article');
  await playground.ready();
  await playground.train.click();
  const notice = page.getByTestId('run-failed');
  await expect(notice).toContainText(/Training diverged in (conv2d|max_pool2d|relu|dense)_\d/);
  await expect(notice).toContainText('learning rate of 0.001');
  await expect(playground.train).toBeDisabled();
  await playground.field('Initial weights').selectOption('cnn-default');
  await notice.getByTestId('lower-and-reset').click();
  await expect(notice).toBeHidden();
  await playground.ready();
  await playground.expectStep(0);
  await expect(playground.field('Learning rate')).toHaveValue('0.0001');
  await playground.trainUntilStep(2);
  await playground.expectState('running');
});

test('a learning rate that is far too large is explained', async ({ playground, page }) => {
  await playground.open();
  await playground.enter('Learning rate', '10');
  await playground.trainUntilStep(3);
  const notice = page.getByTestId('overshoot');
  await expect(notice).toContainText('The steps are too large');
  await expect(notice).toContainText('blind guessing gives 2.30');
  await notice.getByRole('button', { name: 'Reset with learning rate 1' }).click();
  await expect(notice).toBeHidden();
  await expect(playground.field('Learning rate')).toHaveValue('1');
  await playground.expectStep(0);
});

test('a browser without WebAssembly SIMD is told what to do', async ({ playground, page }) => {
  await page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    const body = `WebAssembly.validate = () => false;\n${await response.text()}`;
    await route.fulfill({ response, body });
  });
  await page.goto('./');
  await expect(page.getByTestId('load-failed')).toContainText('This browser cannot run the engine');
  await expect(playground.train).toBeDisabled();
});
