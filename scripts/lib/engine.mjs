/** The WASM engine, put where the SDK's sources load it from. */
import { stageDigits, stageEngine, variants } from '../../bindings/build_package.mjs';
import { buildPreset } from './build.mjs';
import { ensureData } from './data.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { ensureToolchain } from './toolchain.mjs';

/**
 * Everything that the SDK needs to run from source: npm packages, toolchain, engine, data.
 *
 * @param {{ native?: boolean }} [options] whether native builds will follow
 * @returns {Promise<NodeJS.ProcessEnv>} the environment to build in
 */
export async function prepareEngine(options) {
  await ensureDependencies();
  const env = await ensureToolchain(options);
  for (const variant of variants) {
    await buildPreset(`wasm-${variant}`, env, ['kernelgarten_module']);
  }
  await ensureData();
  stageEngine();
  stageDigits();
  return env;
}
