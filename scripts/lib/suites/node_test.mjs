/** Tests in plain JavaScript, by Node's own test runner. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from '../command.mjs';
import { root } from '../folders.mjs';
import { judge } from './result.mjs';

/**
 * @param {string} folder of the `.test.mjs` files, from the top folder
 * @param {NodeJS.ProcessEnv} env
 */
export async function runNodeTests(folder, env) {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.test.mjs'));
  const files = names.map((name) => join(root, folder, name));
  const ended = await execute(process.execPath, ['--test', '--test-reporter=spec', ...files], {
    cwd: root,
    env: { ...env, NO_COLOR: '1' },
  });
  return judge(readSummary(ended.stdout), ended);
}

/** The report ends with lines such as `ℹ pass 3`. */
function readSummary(output) {
  const count = (name) => Number(new RegExp(`^ℹ ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? NaN);
  const [passed, failed, cancelled] = ['pass', 'fail', 'cancelled'].map(count);
  if (Number.isNaN(passed)) return undefined;
  return { passed, failed: failed + cancelled, skipped: count('skipped') + count('todo') };
}
