/** The pages of `bench/`, open in headless Chromium. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from './chromium.mjs';
import { prepareEngine } from './engine.mjs';
import { dataFolder } from './data.mjs';
import { root } from './folders.mjs';
import { serve } from './static_server.mjs';
import { buildPages } from './vite_build.mjs';

const benchPages = {
  title: 'the benchmark pages',
  configFile: 'bench/vite.config.ts',
  output: 'build/bench',
  inputs: ['bench/browser'],
};

/**
 * @typedef {object} Harness
 * @property {string} browser name and version
 * @property {object} manifest of `public/data`, with file names as addresses
 * @property {(page: string) => Promise<import('playwright-core').Page>} open
 */

/**
 * Builds what is needed, then lets `work` use the pages.
 *
 * @param {(harness: Harness) => Promise<void>} work
 * @param {Parameters<typeof buildPages>[0][]} [morePages] to be opened beside those of `bench/`
 */
export async function withHarness(work, morePages = []) {
  await prepareEngine();
  const folders = [];
  for (const pages of [benchPages, ...morePages]) folders.push(await buildPages(pages));
  const browser = await launchChromium();
  const server = await serve([...folders, join(root, 'public')]);
  try {
    await work({
      browser: `Chromium ${browser.version()}`,
      manifest: readManifest(server.address),
      open: (page) => openPage(browser, server.address + page),
    });
  } finally {
    await browser.close();
    server.close();
  }
}

/**
 * The page that measures, with the 10,000 digits loaded.
 *
 * @param {Harness} harness
 */
export async function openBenchPage({ open, manifest }) {
  const page = await open('bench.html');
  await page.evaluate((files) => window.bench.load(files), manifest.digits);
  return page;
}

/** With full addresses: a page and its worker would resolve relative ones differently. */
function readManifest(server) {
  const sets = JSON.parse(readFileSync(join(dataFolder, 'manifest.json'), 'utf8'));
  const address = (value) => (typeof value === 'string' ? `${server}data/${value}` : value);
  return Object.fromEntries(
    Object.entries(sets).map(([name, files]) => [
      name,
      Object.fromEntries(Object.entries(files).map(([key, file]) => [key, address(file)])),
    ]),
  );
}

async function openPage(browser, address) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => {
    console.error(error);
  });
  await page.goto(address);
  return page;
}
