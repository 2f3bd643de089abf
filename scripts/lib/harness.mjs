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
 * @property {string} address of the folder that holds all pages
 * @property {(page: string) => Promise<import('playwright-core').Page>} open one of `bench/browser`
 * @property {import('playwright-core').Browser['newContext']} newContext
 */

/** @typedef {import('./results.mjs').EngineInfo} EngineInfo */

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
      address: server.address,
      open: (page) => openPage(browser, server.address + page),
      newContext: (settings) => browser.newContext(settings),
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
 * @param {{ variant?: string, threads?: number }} options of the SDK's engine
 * @returns {Promise<{ page: import('playwright-core').Page, engine: EngineInfo }>}
 */
export async function openBenchPage({ open, manifest }, options) {
  const page = await open('bench.html');
  const engine = await page.evaluate((task) => window.bench.load(task.files, task.options), {
    files: manifest.digits,
    options,
  });
  return { page, engine };
}

/**
 * The data sets that are here, as the SDK takes them: always the digits, full MNIST where it is.
 *
 * @param {Harness['manifest']} manifest
 */
export function dataSources({ digits: { images, labels }, mnist }) {
  return {
    digits: { images, labels },
    ...(mnist && {
      mnist: {
        images: mnist.trainImages,
        labels: mnist.trainLabels,
        test: { images: mnist.testImages, labels: mnist.testLabels },
      },
    }),
  };
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
