import type { Page } from '@playwright/test';
import { PlainServer } from './support/plain_server.ts';
import { expect, test, type Playground } from './support/playground.ts';

const variants = ['simd128', 'simd128-threads', 'relaxed', 'relaxed-threads'];

/** The line that tells which engine runs, once the engine has taken a step. */
async function engineLine(playground: Playground, page: Page) {
  await playground.ready();
  await page.getByTestId('step-batch').click();
  await playground.expectStep(1);
  return page.getByTestId('engine');
}

/** Threads the engine takes where nothing is in the way. */
function allThreads(page: Page): Promise<string> {
  return page.evaluate(() => Math.min(navigator.hardwareConcurrency, 8).toString());
}

test('an isolated page has the fastest engine, in both languages', async ({ playground, page }) => {
  await page.goto('./');
  const line = await engineLine(playground, page);
  const threads = await allThreads(page);
  await expect(line).toHaveAttribute('data-variant', 'relaxed-threads');
  await expect(line).toHaveAttribute('data-threads', threads);
  await expect(line).toHaveText(
    `Engine: 128-bit relaxed SIMD, ${threads} threads. It is the fastest there is.`,
  );
  await page.getByText('简体中文').click();
  await expect(line).toHaveText(
    `引擎：128 位宽松 SIMD（relaxed SIMD），${threads} 个线程。这是最快的一种。`,
  );
});

for (const variant of variants) {
  test(`the address can ask for ${variant}`, async ({ playground, page }) => {
    await page.goto(`./?engine=${variant}`);
    const line = await engineLine(playground, page);
    await expect(line).toHaveAttribute('data-variant', variant);
    await expect(line).toContainText('The address of this page asks for it.');
    await expect(page.getByTestId('engine-refused')).toBeHidden();
  });
}

test('an engine that does not exist is refused, and the page works', async ({
  playground,
  page,
}) => {
  await page.goto('./?engine=fast');
  await expect(page.getByTestId('engine-refused')).toContainText(
    "expected one of simd128, simd128-threads, relaxed, relaxed-threads, got 'fast'",
  );
  await expect(await engineLine(playground, page)).toHaveAttribute(
    'data-variant',
    'relaxed-threads',
  );
});

test('without SharedArrayBuffer the engine has one thread, and the page says so', async ({
  playground,
  page,
}) => {
  await page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    const body = `delete globalThis.SharedArrayBuffer;\n${await response.text()}`;
    await route.fulfill({ response, body });
  });
  await page.goto('./');
  const line = await engineLine(playground, page);
  await expect(line).toHaveAttribute('data-variant', 'relaxed');
  await expect(line).toContainText('does not share memory between threads');
});

test.describe('a policy that forbids more workers', () => {
  test.use({ expectedErrors: [[/Content Security Policy/], { scope: 'test' }] });

  test('leaves one thread, and the page says so', async ({ playground, page }) => {
    await page.route('**/assets/worker-*.js', async (route) => {
      const response = await route.fetch();
      const policy = { 'content-security-policy': "worker-src 'none'" };
      await route.fulfill({ response, headers: { ...response.headers(), ...policy } });
    });
    await page.goto('./');
    const line = await engineLine(playground, page);
    await expect(line).toHaveAttribute('data-threads', '1');
    await expect(line).toContainText('More threads could not be started.');
  });
});

test.describe('on a host without the headers of isolation', () => {
  let server: PlainServer;
  let address: string;

  test.beforeEach(async () => {
    server = new PlainServer();
    address = await server.open();
  });

  test.afterEach(() => {
    server.close();
  });

  async function expectOneThread(playground: Playground, page: Page): Promise<void> {
    const line = await engineLine(playground, page);
    await expect(line).toHaveAttribute('data-threads', '1');
    await expect(line).toContainText('need a page that is isolated from others');
  }

  test('a service worker isolates the page, after one reload', async ({ playground, page }) => {
    await page.goto(address);
    await expect.poll(() => page.evaluate(() => crossOriginIsolated).catch(() => false)).toBe(true);
    const line = await engineLine(playground, page);
    await expect(line).toHaveAttribute('data-threads', await allThreads(page));
    expect(server.visits).toBe(2);
    await page.reload();
    await expect(await engineLine(playground, page)).toHaveAttribute(
      'data-variant',
      'relaxed-threads',
    );
    expect(server.visits).toBe(3);
  });

  test('where there are no service workers, one thread is used', async ({ playground, page }) => {
    await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
    await page.goto(address);
    await expectOneThread(playground, page);
    expect(server.visits).toBe(1);
  });

  test('where they are refused, one thread is used', async ({ playground, page }) => {
    await page.addInitScript(() => {
      ServiceWorkerContainer.prototype.register = () => Promise.reject(new Error('refused'));
    });
    await page.goto(address);
    await expectOneThread(playground, page);
    expect(server.visits).toBe(1);
  });

  test('a reload that does not help is not tried again', async ({ playground, page }) => {
    server.serviceWorker = 'addEventListener("install", () => skipWaiting());';
    await page.goto(address);
    await expect.poll(() => server.visits).toBe(2);
    await expectOneThread(playground, page);
    await page.reload();
    await expectOneThread(playground, page);
    expect(server.visits).toBe(3);
  });

  test('an engine with threads is refused, and the page works', async ({ playground, page }) => {
    await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
    await page.goto(`${address}?engine=relaxed-threads`);
    await expect(page.getByTestId('engine-refused')).toContainText('Cross-Origin-Opener-Policy');
    await expectOneThread(playground, page);
  });
});
