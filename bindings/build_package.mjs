/**
 * Builds the npm package into `dist/`: one ES module per source file, their types, the engine and the
 * digits. With `--stage` it only puts the engine and the digits beside the sources, which is what the
 * playground and the tests need to run from source.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dataFolder = join(root, 'public/data');
const sourceFolder = join(root, 'bindings/src');
const outputFolder = join(root, 'dist');

/** The builds of the engine; each has a CMake preset `wasm-VARIANT`. */
export const variants = ['simd128', 'simd128-threads', 'relaxed', 'relaxed-threads'];

class MissingInput extends Error {}

/** Copies the four builds of the engine, and the types that Embind made, to `bindings/src/wasm/`. */
export function stageEngine() {
  const types = readFileSync(built('simd128', '.d.ts'), 'utf8');
  for (const variant of variants) {
    const name = `kernelgarten-${variant}`;
    stage(built(variant, '.mjs'), 'wasm', `${name}.mjs`);
    stage(built(variant, '.wasm'), 'wasm', `${name}.wasm`);
    // The bindings name the SDK's types as seen from bindings/; a module .mjs has its types in .d.mts.
    const staged = join(sourceFolder, 'wasm', `${name}.d.mts`);
    writeFileSync(staged, types.replaceAll("import('./src/", "import('../"));
  }
}

/** A file of the engine as CMake built it. */
function built(variant, extension) {
  const preset = `wasm-${variant}`;
  const file = join(root, 'build', preset, 'bindings', `kernelgarten-${variant}${extension}`);
  if (existsSync(file)) return file;
  throw new MissingInput(
    `${file} is missing. Build the engine first: npm start does it, or ` +
      `cmake --preset ${preset} && cmake --build --preset ${preset}.`,
  );
}

/** Copies the digits that come with the package to `bindings/src/data/`, under fixed names. */
export function stageDigits() {
  const manifest = join(dataFolder, 'manifest.json');
  if (!existsSync(manifest)) {
    throw new MissingInput(`${manifest} is missing. Make the data first: npm run data.`);
  }
  const { digits } = JSON.parse(readFileSync(manifest, 'utf8'));
  stage(join(dataFolder, digits.images), 'data', 'digits-images-idx3-ubyte.gz');
  stage(join(dataFolder, digits.labels), 'data', 'digits-labels-idx1-ubyte.gz');
}

/** Compiles the SDK and copies the staged files; those of the digits may be absent. */
export function emit() {
  rmSync(outputFolder, { recursive: true, force: true });
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const project = join(root, 'bindings/tsconfig.json');
  const { status } = spawnSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The SDK does not compile; see the messages above.');
  for (const folder of ['wasm', 'data']) {
    const from = join(sourceFolder, folder);
    if (existsSync(from)) cpSync(from, join(outputFolder, folder), { recursive: true });
  }
}

function stage(from, folder, name) {
  mkdirSync(join(sourceFolder, folder), { recursive: true });
  copyFileSync(from, join(sourceFolder, folder, name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    stageEngine();
    if (process.argv.includes('--stage')) {
      if (existsSync(dataFolder)) stageDigits();
    } else {
      stageDigits();
      emit();
      console.log('The package is in dist/.');
    }
  } catch (error) {
    if (!(error instanceof MissingInput)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
