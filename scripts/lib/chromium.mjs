/** Starts the installed Chromium, headless and with a fresh profile. */
import { ensureBrowser } from './browser.mjs';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns {Promise<import('playwright-core').Browser>} */
export async function launchChromium() {
  const executablePath = await ensureBrowser();
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath, headless: true, args: flags });
}
