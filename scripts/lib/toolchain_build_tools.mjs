/** Programs that a build runs besides the compilers: CMake, Ninja, and Python for Emscripten. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execute, findProgram } from './command.mjs';
import { canInstall, canUnpack, install } from './debian.mjs';
import { ensurePrefix } from './prefix.mjs';
import { UserError } from './report.mjs';
import { suite } from './toolchain_libraries.mjs';

/**
 * @typedef {object} Tool
 * @property {string} program its name on PATH
 * @property {string} debianPackage
 * @property {number[]} oldest version that works
 * @property {string} instructions how to get it by hand
 */

/** @type {Tool} */
const cmake = {
  program: 'cmake',
  debianPackage: 'cmake',
  oldest: [3, 24],
  instructions: `  Debian, Ubuntu:  sudo apt-get install cmake
  macOS:           brew install cmake
  anywhere:        python3 -m pip install cmake`,
};

/** @type {Tool} */
const ninja = {
  program: 'ninja',
  debianPackage: 'ninja-build',
  oldest: [1, 10],
  instructions: `  Debian, Ubuntu:  sudo apt-get install ninja-build
  macOS:           brew install ninja
  anywhere:        python3 -m pip install ninja`,
};

/** @type {Tool} */
const python = {
  program: 'python3',
  debianPackage: 'python3',
  oldest: [3, 8],
  instructions: '  Debian, Ubuntu:  sudo apt-get install python3',
};

/** Puts CMake and Ninja on the PATH of this process, whose children inherit it. */
export async function ensureBuildTools() {
  await ensureTool(cmake);
  await ensureTool(ninja);
}

/** Puts Python on the PATH of this process; Emscripten is written in it. */
export async function ensurePython() {
  await ensureTool(python);
}

/** @param {Tool} tool */
async function ensureTool(tool) {
  if (await works(tool)) return;
  if (canInstall()) {
    await install([tool.debianPackage]);
    if (await works(tool)) return;
  }
  if (canUnpack()) {
    const prefix = await ensurePrefix({
      name: `${tool.program}-${suite}`,
      title: tool.debianPackage,
      suite,
      packages: [tool.debianPackage],
      withDependencies: true,
      programs: true,
      // Only the program itself goes on PATH, none of those that came with it.
      finish: (built) => {
        mkdirSync(join(built, 'bin'));
        symlinkSync(join('../usr/bin', tool.program), join(built, 'bin', tool.program));
      },
    });
    process.env.PATH = `${join(prefix, 'bin')}:${process.env.PATH}`;
    if (await works(tool)) return;
  }
  throw new UserError(
    `${tool.program} ${tool.oldest.join('.')} or newer is needed to build the engine. Install it, then ` +
      `run this command again:\n\n${tool.instructions}`,
  );
}

/** @param {Tool} tool */
async function works({ program, oldest }) {
  if (findProgram(program) === undefined) return false;
  const { code, output } = await execute(program, ['--version']);
  const [, major, minor] = (/(\d+)\.(\d+)/.exec(output) ?? []).map(Number);
  return code === 0 && (major > oldest[0] || (major === oldest[0] && minor >= oldest[1]));
}
