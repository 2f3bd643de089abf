/** `node scripts/format_cpp.mjs [--check]`: formats the C++ sources, or tells which lines are not. */
import './lib/node_version.mjs';
import { parseArgs } from 'node:util';
import { execute, run } from './lib/command.mjs';
import { root } from './lib/folders.mjs';
import { runScript, UserError } from './lib/report.mjs';

await runScript(async () => {
  const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
  const listed = await run('git', ['ls-files', '*.cpp', '*.hpp'], { cwd: root });
  const files = listed.trim().split('\n');
  const how = values.check ? ['--dry-run', '--Werror'] : ['-i'];
  const args = ['--no-install', 'clang-format', ...how, ...files];
  const { code, output } = await execute('npx', args, { cwd: root });
  if (code !== 0) throw new UserError(`${output}\n\nC++ sources: try npm run format`);
});
