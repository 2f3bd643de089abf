/** `npm run setup`: prepares the machine, then prints the environment to run CMake by hand. */
import './lib/node_version.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { runScript } from './lib/report.mjs';
import { ensureToolchain } from './lib/toolchain.mjs';

const names = [
  'EM_CONFIG',
  'EM_NODE_JS',
  'EMSCRIPTEN_ROOT',
  'KERNELGARTEN_LIBRARIES',
  'CMAKE_PREFIX_PATH',
  'PATH',
];

await runScript(async () => {
  await ensureDependencies();
  const env = await ensureToolchain({ native: true });
  for (const name of names) {
    if (env[name] !== undefined) console.log(`export ${name}='${env[name]}'`);
  }
});
