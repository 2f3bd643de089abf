/** Everything that compiles: found on this machine, or installed. */
import { delimiter, join } from 'node:path';
import { root } from './folders.mjs';
import { ensureBuildTools } from './toolchain_build_tools.mjs';
import { ensureEmscripten } from './toolchain_emscripten.mjs';
import { ensureLibraries } from './toolchain_libraries.mjs';
import { checkCompiler, ensureZlib } from './toolchain_native.mjs';

/**
 * Makes sure that the engine can be built, as WebAssembly and, if asked for, natively. Quick when
 * everything is there.
 *
 * @param {{ native?: boolean }} [options]
 * @returns {Promise<NodeJS.ProcessEnv>} the environment to build in, as `CMakePresets.json` expects
 */
export async function ensureToolchain({ native = false } = {}) {
  if (native) checkCompiler();
  await ensureBuildTools();
  const emscripten = await ensureEmscripten();
  const libraries = await ensureLibraries(emscripten.prefix);
  const zlib = native ? await ensureZlib() : undefined;
  const { PATH, CMAKE_PREFIX_PATH } = process.env;
  return {
    ...process.env,
    ...emscripten.env,
    EMSCRIPTEN_ROOT: emscripten.root,
    CMAKE_GENERATOR: 'Ninja',
    ...(libraries && { KERNELGARTEN_LIBRARIES: libraries }),
    ...(zlib && { CMAKE_PREFIX_PATH: joinPaths([zlib, CMAKE_PREFIX_PATH]) }),
    // TypeScript 5 first: --emit-tsd of Emscripten runs it.
    PATH: joinPaths([join(root, 'node_modules/.bin'), emscripten.root, PATH]),
  };
}

function joinPaths(paths) {
  return paths.filter((path) => path).join(delimiter);
}
