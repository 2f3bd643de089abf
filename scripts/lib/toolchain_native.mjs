/** What a native build needs besides CMake: a C++20 compiler, and zlib for gzipped data. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './command.mjs';
import { canInstall, canUnpack, codename, install, triplet } from './debian.mjs';
import { ensurePrefix } from './prefix.mjs';
import { UserError } from './report.mjs';

export function checkCompiler() {
  const names = [process.env.CXX, 'c++', 'g++', 'clang++'].filter((name) => name);
  if (names.some((name) => existsSync(name) || findProgram(name) !== undefined)) return;
  throw new UserError(`A C++20 compiler is needed for the native tests. Install one, then run this command again:

  Debian, Ubuntu:  sudo apt-get install g++
  Fedora:          sudo dnf install gcc-c++ libasan libubsan
  macOS:           xcode-select --install`);
}

/**
 * @returns {Promise<string | undefined>} a folder for CMAKE_PREFIX_PATH; undefined where the system
 *   has zlib, or where CMake has to fetch it
 */
export async function ensureZlib() {
  if (process.platform !== 'linux' || systemHasZlib()) return undefined;
  if (canInstall()) {
    await install(['zlib1g-dev']);
    return undefined;
  }
  const suite = codename();
  if (!canUnpack() || suite === undefined) return undefined;
  const prefix = await ensurePrefix({
    name: `zlib-${suite}`,
    title: 'zlib',
    // The system's own release, for it is linked with the system's C library.
    suite,
    packages: ['zlib1g-dev', 'zlib1g'],
  });
  return join(prefix, 'usr');
}

function systemHasZlib() {
  const folders = ['/usr/include', '/usr/local/include', `/usr/include/${triplet()}`];
  return folders.some((folder) => existsSync(join(folder, 'zlib.h')));
}
