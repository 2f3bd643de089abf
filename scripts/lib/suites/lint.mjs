/** Format, lint and types: all or nothing, so it counts as one test. */
import { execute } from '../command.mjs';
import { root } from '../folders.mjs';
import { judge } from './result.mjs';

export async function runLint() {
  const ended = await execute('npm', ['run', '--silent', 'lint'], { cwd: root });
  const passed = ended.code === 0;
  return judge({ passed: passed ? 1 : 0, failed: passed ? 0 : 1 }, ended);
}
