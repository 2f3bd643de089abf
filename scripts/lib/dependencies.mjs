/** The npm packages of a `package-lock.json`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { root } from './folders.mjs';
import { step } from './report.mjs';

/**
 * Runs `npm ci` unless `node_modules` already holds what the lock file asks for.
 *
 * @param {string} [folder] with the two files of npm
 */
export async function ensureDependencies(folder = root) {
  if (areInstalled(folder)) return;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await step('installing npm packages (npm ci)', () =>
    run(npm, ['ci', '--no-audit', '--no-fund'], { cwd: folder }),
  );
}

/** npm leaves a copy of the lock file behind, with what it installed on this platform. */
function areInstalled(folder) {
  const installed = packages(join(folder, 'node_modules/.package-lock.json'));
  const wanted = packages(join(folder, 'package-lock.json'));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || optional || installed[path]?.version === version,
  );
}

function packages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}
