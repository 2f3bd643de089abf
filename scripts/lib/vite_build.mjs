/** Builds pages with Vite, when their sources have changed. */
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { modified, writeAtomically } from './files.mjs';
import { root } from './folders.mjs';
import { step } from './report.mjs';

/** What every page depends on; the staged copies are told apart by the engine they come from. */
const commonInputs = [
  'bindings/src',
  'build/wasm-release/bindings',
  'public/data/manifest.json',
  'package-lock.json',
];

/** Copies made at every build. */
const copies = [join(root, 'bindings/src/wasm'), join(root, 'bindings/src/data')];

/**
 * @param {string} title
 * @param {string} configFile of Vite, from the top folder
 * @param {string[]} inputs files and folders of this page, from the top folder
 * @returns {Promise<string>} the folder with the built pages
 */
export async function buildPages(title, configFile, inputs) {
  const { build, resolveConfig } = await import('vite');
  const options = { configFile: join(root, configFile), logLevel: 'warn', mode: 'production' };
  const config = await resolveConfig(options, 'build', 'production', 'production');
  const folder = resolve(config.root, config.build.outDir);
  const record = join(root, 'build', `.built-${configFile.replaceAll('/', '-')}`);
  const paths = [configFile, ...commonInputs, ...inputs].map((path) => join(root, path));
  const newest = Math.max(...paths.map(newestIn));
  if (modified(record) > newest && modified(folder) > 0) return folder;
  await step(`building ${title}`, () => build(options));
  writeAtomically(record, '');
  return folder;
}

/** When the newest file of a folder was written. */
function newestIn(path) {
  if (copies.includes(path)) return 0;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}
