/** Builds a CMake preset. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { sha256, writeAtomically } from './files.mjs';
import { root } from './folders.mjs';
import { elapsed, say } from './report.mjs';

/** How often a build says how far it is. */
const progressMilliseconds = 10_000;

/** What a configured build folder depends on besides CMake's own files. */
const relevant = [
  'EM_CONFIG',
  'EMSCRIPTEN_ROOT',
  'KERNELGARTEN_LIBRARIES',
  'CMAKE_PREFIX_PATH',
  'CXX',
  'CXXFLAGS',
];

/**
 * Configures if needed, then builds what has changed. Says nothing when that is nothing.
 *
 * @param {string} preset of `CMakePresets.json`
 * @param {NodeJS.ProcessEnv} env of `ensureToolchain`
 * @param {string[]} [targets] all by default
 */
export async function buildPreset(preset, env, targets = ['all']) {
  const start = Date.now();
  await configure(preset, env);
  let announced = false;
  let shown = start;
  const onLine = (line) => {
    const [, done, total] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
    // Step 0 only looks whether CMake has to run again.
    if (done === undefined || done === '0') return;
    if (announced && Date.now() - shown < progressMilliseconds) return;
    say(announced ? `  ${done} of ${total}` : `building ${preset} ...`);
    announced = true;
    shown = Date.now();
  };
  const jobs = process.env.CMAKE_BUILD_PARALLEL_LEVEL ?? String(availableParallelism());
  const args = ['--build', '--preset', preset, '--parallel', jobs, '--target', ...targets];
  await run('cmake', args, { cwd: root, env, onLine });
  if (announced) say(`building ${preset}: done in ${elapsed(start)}`);
}

async function configure(preset, env) {
  const record = join(root, 'build', preset, '.configured');
  const settings = relevant.map((name) => `${name}=${env[name] ?? ''}`).join('\n');
  const signature = sha256(settings + readFileSync(join(root, 'CMakePresets.json'), 'utf8'));
  if (read(record) === signature) return;
  say(`configuring ${preset} ...`);
  await run('cmake', ['--fresh', '--preset', preset], { cwd: root, env });
  writeAtomically(record, signature);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
