/** What a test suite comes to. */

/**
 * @typedef {object} SuiteResult
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string} output what to show when something failed
 */

/**
 * A suite that crashed, ended badly or ran nothing has failed, whatever it counted.
 *
 * @param {{ passed: number, failed: number, skipped?: number } | undefined} counts undefined when
 *   the suite ended without saying
 * @param {{ code: number | null, signal: string | null, output: string }} ended
 * @returns {SuiteResult}
 */
export function judge(counts, { code, signal, output }) {
  const { passed = 0, failed = 0, skipped = 0 } = counts ?? {};
  const wrong = problem(counts, code, signal);
  if (failed > 0 || wrong === undefined) return { passed, failed, skipped, output };
  return { passed, failed: 1, skipped, output: `${output}\n${wrong}` };
}

function problem(counts, code, signal) {
  if (signal !== null) return `The suite was ended by ${signal}.`;
  if (counts === undefined) return `The suite ended without a result (exit code ${code}).`;
  if (code !== 0) return `The suite ended with exit code ${code}.`;
  if (counts.passed + counts.failed === 0) return 'The suite ran no test.';
  return undefined;
}
