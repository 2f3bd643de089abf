import { expect, test as base, type Locator, type Page } from '@playwright/test';

/** The page under test, with the words its tests need. */
export class Playground {
  readonly page: Page;
  readonly state: Locator;
  readonly train: Locator;

  constructor(page: Page) {
    this.page = page;
    this.state = page.getByTestId('run-state');
    this.train = page.getByTestId('train');
  }

  /** @param lesson by the name in its address; the first one if it is left out */
  async open(lesson?: string): Promise<void> {
    await this.page.goto(lesson === undefined ? './' : `./#${lesson}`);
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.state).toHaveAttribute('data-phase', 'ready', { timeout: 30_000 });
  }

  /** Steps since the network was built, as shown. */
  async step(): Promise<number> {
    return Number(await this.state.getAttribute('data-step'));
  }

  async expectStep(step: number): Promise<void> {
    await expect(this.state).toHaveAttribute('data-step', step.toString());
  }

  async expectState(state: string): Promise<void> {
    await expect(this.state).toHaveAttribute('data-state', state);
  }

  async trainUntilStep(step: number): Promise<void> {
    await this.train.click();
    await expect.poll(() => this.step(), { timeout: 30_000 }).toBeGreaterThanOrEqual(step);
  }

  /** A percentage on the page as a share from 0 to 1; NaN while it shows a dash. */
  async share(testId: string): Promise<number> {
    const text = await this.page.getByTestId(testId).innerText();
    return Number(text.replace('%', '').trim() || NaN) / 100;
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  async enter(label: string, text: string): Promise<void> {
    await this.field(label).fill(text);
    await this.field(label).press('Enter');
  }

  /** Draws with the mouse; the pad is the unit square. */
  async draw(points: readonly (readonly [number, number])[]): Promise<void> {
    const box = await this.page.getByTestId('pad').boundingBox();
    if (box === null) throw new Error('expected the drawing pad on the page, got none');
    for (const [i, [x, y]] of points.entries()) {
      await this.page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 4 });
      if (i === 0) await this.page.mouse.down();
    }
    await this.page.mouse.up();
  }
}

export const heightOf = (element: Locator): Promise<number> =>
  element.evaluate((box) => box.getBoundingClientRect().height);

interface Fixtures {
  playground: Playground;
  /** texts of console errors that a test provokes on purpose */
  expectedErrors: RegExp[];
}

/** Every test also fails on a console error, an uncaught exception or a request to another host. */
export const test = base.extend<Fixtures>({
  expectedErrors: [[], { option: true }],
  playground: async ({ page, baseURL, expectedErrors }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol === 'data:' || protocol === 'blob:') return;
      if (hostname !== new URL(baseURL ?? request.url()).hostname) complaints.push(request.url());
    });
    await use(new Playground(page));
    const unexpected = complaints.filter(
      (text) => !expectedErrors.some((known) => known.test(text)),
    );
    expect(unexpected, 'console errors, exceptions and foreign requests').toEqual([]);
  },
});

export { expect } from '@playwright/test';
