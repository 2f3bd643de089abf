import { defineConfig } from '@playwright/test';
import { chromiumFlags } from './scripts/lib/chromium_flags.mjs';

// Playwright reads this file once more in each worker: the first reading chooses the port for all.
process.env['KERNELGARTEN_TEST_PORT'] ??= (20_000 + (process.pid % 20_000)).toString();
const address = `http://localhost:${process.env['KERNELGARTEN_TEST_PORT']}/`;

/** The page as built into build/site, in the Chromium of this machine. */
export default defineConfig({
  testDir: 'tests/web',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  // Training uses a core of its own; two tests at once would fight over them.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL: address,
    locale: 'en-US',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: chromiumFlags,
    },
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: `npx vite preview --port ${process.env['KERNELGARTEN_TEST_PORT']} --strictPort`,
    url: address,
    reuseExistingServer: false,
  },
});
