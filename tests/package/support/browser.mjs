import { chromium } from 'playwright-core';
import { chromiumFlags } from '../../../scripts/lib/chromium_flags.mjs';

/** The installed Chromium; headless, and talking to nobody but the page's own server. */
export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: chromiumFlags,
  });
}

/**
 * Opens a page and waits until it has put its result into the element `#result`. Fails on any error
 * the page reports meanwhile.
 */
export async function resultOf(browser, url) {
  const page = await browser.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('response', (response) => {
    if (!response.ok()) complaints.push(`${response.status()} ${response.url()}`);
  });
  try {
    await page.goto(url);
    const result = page.locator('#result:not(:empty)');
    await result.waitFor({ timeout: 60_000 }).catch((cause) => {
      throw new Error(`no result; the page said: ${complaints.join('\n')}`, { cause });
    });
    return { result: JSON.parse(await result.innerText()), complaints };
  } finally {
    await page.close();
  }
}
