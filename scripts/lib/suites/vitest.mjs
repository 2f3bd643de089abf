/** Tests of the TypeScript sources, by Vitest. */
import { join } from 'node:path';
import { execute } from '../command.mjs';
import { root } from '../folders.mjs';
import { readJsonReport } from './json_report.mjs';
import { judge } from './result.mjs';

/**
 * @param {string} config from the top folder
 * @param {NodeJS.ProcessEnv} env
 */
export async function runVitest(config, env) {
  return readJsonReport(async (file) => {
    const program = join(root, 'node_modules/vitest/vitest.mjs');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    return execute(process.execPath, [program, 'run', '--config', config, ...reporters], {
      cwd: root,
      env: { ...env, NO_COLOR: '1' },
    });
  }, judgeReport);
}

function judgeReport(report, ended) {
  const counts = report && {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  return judge(counts, ended);
}
