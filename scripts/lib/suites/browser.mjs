/** The playground in Chromium, by Playwright. */
import { join } from 'node:path';
import { ensureBrowser } from '../browser.mjs';
import { execute } from '../command.mjs';
import { root } from '../folders.mjs';
import { buildSite } from '../site.mjs';
import { readJsonReport } from './json_report.mjs';
import { judge } from './result.mjs';

export async function runBrowserTests(env) {
  const browser = await ensureBrowser();
  await buildSite();
  return readJsonReport(async (file) => {
    const program = join(root, 'node_modules/@playwright/test/cli.js');
    return execute(process.execPath, [program, 'test', '--reporter=list,json'], {
      cwd: root,
      env: { ...env, CHROMIUM: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: file, NO_COLOR: '1' },
    });
  }, judgeReport);
}

function judgeReport(report, ended) {
  const counts = report && {
    passed: report.stats.expected + report.stats.flaky,
    failed: report.stats.unexpected,
    skipped: report.stats.skipped,
  };
  return judge(counts, ended);
}
