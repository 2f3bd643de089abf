/** The C++ libraries that engine and tests include: Eigen, xsimd with xtl, doctest. Headers only. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canUnpack } from './debian.mjs';
import { ensurePrefix } from './prefix.mjs';

export const libraryPackages = ['libeigen3-dev', 'libxsimd-dev', 'xtl-dev', 'doctest-dev'];

/** Debian 13, the first release with the versions that we build against. */
export const suite = 'trixie';

/** What the libraries consist of, below `usr/`. */
const parts = [
  'include/eigen3',
  'include/xsimd',
  'include/xtl',
  'include/doctest',
  'lib/cmake/doctest',
  'share/eigen3/cmake',
  'share/cmake/xsimd',
  'share/cmake/xtl',
];

/**
 * Copies the libraries out of unpacked packages into a folder of their own, so that nothing else
 * (the C library's headers!) gets on the include path of a WASM build.
 *
 * @param {string} unpacked
 * @param {string} target
 */
export function gatherLibraries(unpacked, target) {
  for (const part of parts) {
    const to = join(target, part);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(unpacked, 'usr', part), to, { recursive: true, dereference: true });
  }
  makeRelocatable(join(target, 'lib/cmake/doctest/doctestTargets.cmake'));
}

/** Debian's doctest says that it is in /usr; after this it is where its CMake files are. */
function makeRelocatable(file) {
  const computed =
    'get_filename_component(_IMPORT_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)';
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('set(_IMPORT_PREFIX "/usr")', computed));
}

/**
 * The folder for CMAKE_PREFIX_PATH; undefined where there is none and CMake has to find the
 * libraries on the system, or else fetches them.
 *
 * @param {string | undefined} compilerPrefix our own emscripten's prefix, which has the libraries
 * @returns {Promise<string | undefined>}
 */
export async function ensureLibraries(compilerPrefix) {
  const included = compilerPrefix && join(compilerPrefix, 'libraries');
  if (included && existsSync(included)) return included;
  if (!canUnpack()) return undefined;
  const prefix = await ensurePrefix({
    name: 'libraries-1',
    title: 'Eigen, xsimd and doctest',
    suite,
    packages: libraryPackages,
    finish: (built) => {
      gatherLibraries(built, join(built, 'libraries'));
    },
  });
  return join(prefix, 'libraries');
}
