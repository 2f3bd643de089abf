/** The engine's doctest program, native or under Node. */
import { join } from 'node:path';
import { buildPreset } from '../build.mjs';
import { execute } from '../command.mjs';
import { root } from '../folders.mjs';
import { relaxedSimdFlags } from '../relaxed_simd.mjs';
import { judge } from './result.mjs';

/** Sanitizers: stop at the first finding, so that it cannot be overlooked. */
const sanitizers = {
  ASAN_OPTIONS: 'detect_leaks=1:halt_on_error=1',
  UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
};

/**
 * @param {string} preset
 * @param {NodeJS.ProcessEnv} env of `ensureToolchain`
 */
export async function runDoctest(preset, env) {
  await buildPreset(preset, env);
  const program = join(root, 'build', preset, 'tests/engine/engine_tests');
  const [command, ...args] = preset.startsWith('wasm')
    ? [process.execPath, ...(await relaxedSimdFlags()), `${program}.cjs`]
    : [program];
  const ended = await execute(command, [...args, '--no-colors=true'], {
    cwd: root,
    env: { ...env, ...sanitizers },
  });
  return judge(readSummary(ended.output), ended);
}

/** Such as `[doctest] test cases: 93 | 92 passed | 1 failed | 0 skipped`. */
function readSummary(output) {
  const found =
    /^\[doctest\] test cases: *\d+ *\| *(\d+) passed *\| *(\d+) failed *\| *(\d+) skipped/m.exec(
      output,
    );
  if (found === null) return undefined;
  const [passed, failed, skipped] = found.slice(1).map(Number);
  return { passed, failed, skipped };
}
