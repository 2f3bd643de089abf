/** The built playground in Chromium, driven as a person would. */

/** As in most tests of the page. */
const view = { locale: 'en-US', viewport: { width: 1440, height: 900 } };

/** What a click is given to find its button. */
const patience = 60_000;

/**
 * Opens the page with nothing in its caches and waits until it is ready to train.
 *
 * @param {{ newContext: import('playwright-core').Browser['newContext'], address: string }} harness
 * @param {{ variant?: string }} options of the SDK's engine
 */
export async function openPlayground({ newContext, address }, { variant }) {
  const context = await newContext(view);
  await context.addInitScript(recordMilestones);
  const page = await context.newPage();
  const query = variant === undefined ? '' : `?engine=${variant}`;
  await page.goto(`${address}index.html${query}`);
  await page.locator('[data-testid="run-state"][data-phase="ready"]').waitFor({
    state: 'attached',
    timeout: patience,
  });
  return {
    page,
    pressTrain: () => page.getByTestId('train').click({ timeout: patience }),
    milestones: () => page.evaluate(() => window.milestones),
    close: () => context.close(),
  };
}

/**
 * Runs in the page before anything else: when, in milliseconds since it was opened, it was ready, a
 * button was pressed and a first step shown.
 */
function recordMilestones() {
  const milestones = {};
  window.milestones = milestones;
  const observer = new MutationObserver(() => {
    const state = document.querySelector('[data-testid="run-state"]');
    if (state?.dataset.phase === 'ready') milestones.ready ??= performance.now();
    if (Number(state?.dataset.step) > 0) {
      milestones.step = performance.now();
      observer.disconnect();
    }
  });
  observer.observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: ['data-phase', 'data-step'],
  });
  const onPress = (event) => {
    milestones.press ??= event.timeStamp;
  };
  addEventListener('click', onPress, { capture: true });
}
