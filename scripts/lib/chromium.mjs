/** Starts the installed Chromium, headless and with a fresh profile. */
import { ensureBrowser } from './browser.mjs';
import { chromiumFlags } from './chromium_flags.mjs';

/** @returns {Promise<import('playwright-core').Browser>} */
export async function launchChromium() {
  const executablePath = await ensureBrowser();
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath, headless: true, args: chromiumFlags });
}
