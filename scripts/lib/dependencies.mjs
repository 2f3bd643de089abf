/** The npm packages of `package-lock.json`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { root } from './folders.mjs';
import { step } from './report.mjs';

/** Runs `npm ci` unless `node_modules` already holds what the lock file asks for. */
export async function ensureDependencies() {
  if (areInstalled()) return;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await step('installing npm packages (npm ci)', () =>
    run(npm, ['ci', '--no-audit', '--no-fund'], { cwd: root }),
  );
}

/** npm leaves a copy of the lock file behind, with what it installed on this platform. */
function areInstalled() {
  const installed = packages(join(root, 'node_modules/.package-lock.json'));
  const wanted = packages(join(root, 'package-lock.json'));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || optional || installed[path]?.version === version,
  );
}

function packages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}
