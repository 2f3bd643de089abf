/** Emscripten: the newest enough one of this machine, or a private one. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findProgram, run } from './command.mjs';
import { canInstall, canUnpack, candidateVersion, distribution, install } from './debian.mjs';
import { ensurePrefix, prefixFolder } from './prefix.mjs';
import { UserError } from './report.mjs';
import { ensurePython } from './toolchain_build_tools.mjs';
import { gatherLibraries, libraryPackages, suite } from './toolchain_libraries.mjs';

/** Older ones lack the final relaxed-SIMD instructions. */
const oldest = [3, 1, 60];

/** The version that Debian 13 ships, which is the one of our private prefix. */
const privateVersion = '3.1.69';

/**
 * @typedef {object} Emscripten
 * @property {string} root the folder of `emcc` and `cmake/`
 * @property {string} version
 * @property {NodeJS.ProcessEnv} env what it needs in the environment, besides `root` on PATH
 * @property {string} [prefix] the private prefix, if it is ours
 */

/** @returns {Promise<Emscripten>} */
export async function ensureEmscripten() {
  const found = findEmscripten();
  if (found !== undefined) return found;
  if (existsSync(prefixFolder(recipe))) return privateEmscripten();
  if (await systemPackageIsNewEnough()) {
    await install(['emscripten']);
    const installed = findEmscripten();
    if (installed !== undefined) return installed;
  }
  if (canUnpack()) return privateEmscripten();
  throw new UserError(instructions());
}

function findEmscripten() {
  const { EMSDK } = process.env;
  const onPath = findProgram('emcc');
  const roots = [
    EMSDK ? join(EMSDK, 'upstream/emscripten') : undefined,
    onPath ? dirname(realpathSync(onPath)) : undefined,
    // Homebrew's emcc is a script in another folder than what it starts.
    onPath ? join(dirname(dirname(realpathSync(onPath))), 'libexec') : undefined,
  ];
  for (const root of roots) {
    const version = root && versionOf(root);
    if (version && isNewEnough(version)) {
      return { root, version, env: {} };
    }
  }
  return undefined;
}

/** @returns {string | undefined} such as `3.1.69` */
function versionOf(root) {
  const file = join(root, 'emscripten-version.txt');
  return existsSync(file) ? /\d+\.\d+\.\d+/.exec(readFileSync(file, 'utf8'))?.[0] : undefined;
}

function isNewEnough(version) {
  const numbers = version.split('.').map(Number);
  const different = oldest.findIndex((number, index) => number !== numbers[index]);
  return different === -1 || numbers[different] > oldest[different];
}

async function systemPackageIsNewEnough() {
  if (!canInstall() || !['debian', 'ubuntu'].includes(distribution() ?? '')) return false;
  const version = /\d+\.\d+\.\d+/.exec((await candidateVersion('emscripten')) ?? '')?.[0];
  return version !== undefined && isNewEnough(version);
}

/** @type {import('./prefix.mjs').PrefixRecipe} */
const recipe = {
  name: `emscripten-${privateVersion}`,
  title: `Emscripten ${privateVersion} and the C++ libraries`,
  suite,
  programs: true,
  packages: [
    ...['emscripten', 'clang-19', 'lld-19', 'llvm-19', 'llvm-19-linker-tools', 'libllvm19'],
    ...['libclang-cpp19', 'libclang-common-19-dev', 'binaryen', 'libc6', 'libstdc++6', 'libgcc-s1'],
    ...['gcc-14-base', 'libz3-4', 'libxml2', 'libedit2', 'libbsd0', 'libmd0', 'libtinfo6'],
    ...['libzstd1', 'zlib1g', 'libffi8', 'libicu76', 'liblzma5', 'node-acorn', ...libraryPackages],
  ],
  // 800 MB of libraries for shared objects, which we do not build.
  excluded: [
    './usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/pic',
    './usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/lto-pic',
    './usr/share/emscripten/test',
  ],
  finish: configure,
  check: compileSomething,
};

function configure(built, final) {
  const modules = join(built, 'usr/share/emscripten/node_modules');
  mkdirSync(modules, { recursive: true });
  // Only acorn: with all of Debian's modules beside it, --emit-tsd breaks.
  symlinkSync('../../nodejs/acorn', join(modules, 'acorn'));
  gatherLibraries(built, join(built, 'libraries'));
  const settings = {
    LLVM_ROOT: 'usr/lib/llvm-19/bin',
    BINARYEN_ROOT: 'usr',
    EMSCRIPTEN_ROOT: 'usr/share/emscripten',
    CACHE: 'usr/share/emscripten/cache',
  };
  const lines = Object.entries(settings).map(([key, path]) => `${key} = '${join(final, path)}'\n`);
  // Which node is used comes from the environment: EM_NODE_JS.
  writeFileSync(
    join(built, 'em_config'),
    `${lines.join('')}NODE_JS = 'node'\nFROZEN_CACHE = False\n`,
  );
}

/** Compiles a program as our modules are compiled, which also fills the compiler's caches. */
async function compileSomething(prefix) {
  const { root, env } = describe(prefix);
  const folder = mkdtempSync(join(tmpdir(), 'kernelgarten-'));
  try {
    const source = join(folder, 'check.cpp');
    writeFileSync(source, checkProgram);
    const flags = ['-O2', '-msimd128', '-fwasm-exceptions', '-lembind', '-sMODULARIZE'];
    await run(join(root, 'em++'), [...flags, source, '-o', join(folder, 'check.mjs')], {
      env: { ...process.env, ...env },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const checkProgram = `#include <emscripten/bind.h>
#include <wasm_simd128.h>
float twice(float x) {
  if (x < 0) throw x;
  return wasm_f32x4_extract_lane(wasm_f32x4_add(wasm_f32x4_splat(x), wasm_f32x4_splat(x)), 0);
}
EMSCRIPTEN_BINDINGS(check) { emscripten::function("twice", &twice); }
`;

/** @returns {Promise<Emscripten>} */
async function privateEmscripten() {
  await ensurePython();
  return describe(await ensurePrefix(recipe));
}

/** @returns {Emscripten} */
function describe(prefix) {
  return {
    root: join(prefix, 'usr/share/emscripten'),
    version: privateVersion,
    prefix,
    env: { EM_CONFIG: join(prefix, 'em_config'), EM_NODE_JS: process.execPath },
  };
}

function instructions() {
  return `Emscripten ${oldest.join('.')} or newer is needed to build the engine, and was found neither on PATH nor in
$EMSDK. On this machine it cannot be installed automatically. These commands install it:

  git clone https://github.com/emscripten-core/emsdk.git
  cd emsdk
  ./emsdk install ${privateVersion}
  ./emsdk activate ${privateVersion}
  source ./emsdk_env.sh

Then run this command again in the same terminal.`;
}
