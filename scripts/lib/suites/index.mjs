/** The suites of `npm test`, in the order in which they run. */
import { runBrowserTests } from './browser.mjs';
import { runDoctest } from './doctest.mjs';
import { runLint } from './lint.mjs';
import { runNodeTests } from './node_test.mjs';
import { runPackageTests } from './package.mjs';
import { runVitest } from './vitest.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name on the command line
 * @property {string} title
 * @property {(env: NodeJS.ProcessEnv) => Promise<import('./result.mjs').SuiteResult>} run
 */

/** @type {Suite[]} */
export const suites = [
  { name: 'lint', title: 'format, lint and types', run: runLint },
  {
    name: 'native',
    title: 'engine, native with address and undefined-behaviour sanitizers',
    run: (env) => runDoctest('native-debug', env),
  },
  {
    name: 'emulated',
    title: "engine, native with WebAssembly's four lanes emulated",
    run: (env) => runDoctest('native-emulated128', env),
  },
  {
    name: 'wasm',
    title: 'engine, as WebAssembly under Node',
    run: (env) => runDoctest('wasm-simd128', env),
  },
  {
    name: 'wasm-relaxed-threads',
    title: 'engine, as WebAssembly with relaxed SIMD and threads under Node',
    run: (env) => runDoctest('wasm-relaxed-threads', env),
  },
  { name: 'sdk', title: 'SDK', run: (env) => runVitest('vitest.config.ts', env) },
  {
    name: 'unit',
    title: 'playground, functions without a page',
    run: (env) => runVitest('tests/web/vitest.config.ts', env),
  },
  {
    name: 'scripts',
    title: 'scripts, functions that measure nothing',
    run: (env) => runNodeTests('tests/scripts', env),
  },
  { name: 'package', title: 'npm package', run: runPackageTests },
  { name: 'web', title: 'playground in Chromium', run: runBrowserTests },
];
