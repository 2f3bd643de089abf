/** The packed npm package, tried as its users would; by Node's own test runner. */
import { join } from 'node:path';
import { emit } from '../../../bindings/build_package.mjs';
import { ensureBrowser } from '../browser.mjs';
import { execute } from '../command.mjs';
import { root } from '../folders.mjs';
import { judge } from './result.mjs';

export async function runPackageTests(env) {
  const browser = await ensureBrowser();
  emit();
  const file = join(root, 'tests/package/package.test.mjs');
  const ended = await execute(process.execPath, ['--test', '--test-reporter=spec', file], {
    cwd: root,
    env: { ...env, CHROMIUM: browser, NO_COLOR: '1' },
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
