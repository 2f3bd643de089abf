/** For test runners that write what happened into a JSON file. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @template Ended, Result
 * @param {(file: string) => Promise<Ended>} runSuite lets the runner write its report to `file`
 * @param {(report: any, ended: Ended) => Result} judge gets undefined if there is no report
 * @returns {Promise<Result>}
 */
export async function readJsonReport(runSuite, judge) {
  const folder = mkdtempSync(join(tmpdir(), 'kernelgarten-'));
  const file = join(folder, 'report.json');
  try {
    const ended = await runSuite(file);
    return judge(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined, ended);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
