/** A Chromium for tests and benchmarks: the installed one, or installed now where we may. */
import { existsSync } from 'node:fs';
import { findProgram, isExecutable } from './command.mjs';
import { canInstall, distribution, install } from './debian.mjs';
import { UserError } from './report.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const macApplications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The browser, and fonts for its Latin and Chinese text. */
const debianPackages = ['chromium', 'fonts-liberation', 'fonts-wqy-zenhei'];

/** @returns {Promise<string>} the path of the program */
export async function ensureBrowser() {
  const found = findBrowser();
  if (found !== undefined) return found;
  // Ubuntu's package of that name is a snap, which does not run everywhere.
  if (canInstall() && distribution() === 'debian') {
    await install(debianPackages);
    const installed = findBrowser();
    if (installed !== undefined) return installed;
  }
  throw new UserError(`Chromium or Chrome is needed to run things in a browser, and none was found. Install one, or
set CHROMIUM to the path of one, then run this command again:

  Debian:   sudo apt-get install ${debianPackages.join(' ')}
  Ubuntu:   sudo snap install chromium
  macOS:    brew install --cask google-chrome`);
}

function findBrowser() {
  const { CHROMIUM } = process.env;
  if (CHROMIUM) {
    if (isExecutable(CHROMIUM)) return CHROMIUM;
    throw new UserError(`CHROMIUM is ${CHROMIUM}, which is not a program that can be run.`);
  }
  return (
    names.map((name) => findProgram(name)).find((path) => path) ?? macApplications.find(existsSync)
  );
}
