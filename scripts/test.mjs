/** `npm test -- [NAMES]`: all test suites, or those named. */
import './lib/node_version.mjs';
import { parseArgs } from 'node:util';
import { shorten } from './lib/command.mjs';
import { prepareEngine } from './lib/engine.mjs';
import { elapsed, runScript, say, UserError } from './lib/report.mjs';
import { suites } from './lib/suites/index.mjs';

await runScript(async () => {
  const chosen = choose(parseArgs({ allowPositionals: true }).positionals);
  const prepared = await prepare();
  const results = [];
  for (const suite of chosen) results.push(await runSuite(suite, prepared));
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  const skipped = total('skipped');
  if (total('failed') > 0) process.exitCode = 1;
  console.log(
    `\n${total('passed')} passed, ${total('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  );
});

/** @param {string[]} names */
function choose(names) {
  const known = suites.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UserError(`There is no suite ${unknown.join(', ')}. Known: ${known.join(', ')}.`);
  }
  return names.length === 0 ? suites : suites.filter(({ name }) => names.includes(name));
}

/** @returns {Promise<{ env: NodeJS.ProcessEnv } | { error: unknown }>} */
async function prepare() {
  console.log('== set-up');
  try {
    return { env: await prepareEngine({ native: true }) };
  } catch (error) {
    return { error };
  }
}

/**
 * @param {import('./lib/suites/index.mjs').Suite} suite
 * @param {Awaited<ReturnType<typeof prepare>>} prepared
 * @returns {Promise<import('./lib/suites/result.mjs').SuiteResult>}
 */
async function runSuite(suite, prepared) {
  console.log(`\n== ${suite.name}: ${suite.title}`);
  const start = Date.now();
  const result = await attempt(async () => {
    if ('error' in prepared) throw prepared.error;
    return suite.run(prepared.env);
  });
  if (result.failed > 0) console.log(shorten(result.output));
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
  say(
    `${suite.name}: ${result.passed} passed, ${result.failed} failed${skipped} in ${elapsed(start)}`,
  );
  return result;
}

/** A suite that cannot run has failed, and the others go on. */
async function attempt(run) {
  try {
    return await run();
  } catch (error) {
    const output = error instanceof UserError ? error.message : String(error.stack);
    return { passed: 0, failed: 1, skipped: 0, output };
  }
}
