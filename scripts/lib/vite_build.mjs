/** Builds pages with Vite, when their sources have changed. */
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { variants } from '../../bindings/build_package.mjs';
import { modified, writeAtomically } from './files.mjs';
import { root } from './folders.mjs';
import { step } from './report.mjs';

/** What every page depends on. */
const commonInputs = [
  'bindings/src',
  ...variants.map((variant) => `build/wasm-${variant}/bindings`),
  'public/data/manifest.json',
  'package-lock.json',
];

/** Made afresh from other inputs. */
const generated = ['bindings/src/wasm', 'bindings/src/data', 'web/i18n/generated'].map((path) =>
  join(root, path),
);

/**
 * @param {object} pages
 * @param {string} pages.title for messages
 * @param {string} pages.configFile of Vite, from the top folder
 * @param {string} pages.output where that file says that the pages are built, from the top folder
 * @param {string[]} pages.inputs their files and folders, from the top folder
 * @returns {Promise<string>} the folder with the built pages
 */
export async function buildPages({ title, configFile, output, inputs }) {
  const record = join(root, `${output}.built`);
  const paths = [configFile, ...commonInputs, ...inputs].map((path) => join(root, path));
  const isFresh =
    modified(join(root, output)) > 0 && modified(record) > Math.max(...paths.map(newestIn));
  if (!isFresh) {
    const start = new Date();
    await step(`building ${title}`, async () => {
      const { build } = await import('vite');
      await build({ configFile: join(root, configFile), logLevel: 'error' });
    });
    writeAtomically(record, '');
    // What is edited while Vite builds is newer than this.
    utimesSync(record, start, start);
  }
  return join(root, output);
}

/** When the newest file of a folder was written. */
function newestIn(path) {
  if (generated.includes(path)) return 0;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}
