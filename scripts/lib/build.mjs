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
 */
export async function buildPreset(preset, env) {
  const start = Date.now();
  await configure(preset, env);
  let announced = false;
  let shown = start;
  const onLine = (line) => {
    const [, done, total] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
    if (done === undefined) return;
    if (announced && Date.now() - shown < progressMilliseconds) return;
    say(announced ? `  ${done} of ${total}` : `building ${preset} (${total} parts) ...`);
    announced = true;
    shown = Date.now();
  };
  const jobs = process.env.CMAKE_BUILD_PARALLEL_LEVEL ?? String(availableParallelism());
  await run('cmake', ['--build', '--preset', preset, '--parallel', jobs], { cwd: root, env, onLine });
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
