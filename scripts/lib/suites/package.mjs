/** The packed npm package, tried as its users would. */
import { emit } from '../../../bindings/build_package.mjs';
import { ensureBrowser } from '../browser.mjs';
import { runNodeTests } from './node_test.mjs';

export async function runPackageTests(env) {
  const browser = await ensureBrowser();
  emit();
  return runNodeTests('tests/package', { ...env, CHROMIUM: browser });
}
