/** The figures of `npm run bench` and `npm run accept` as JSON. */
import { writeAtomically } from './files.mjs';
import { say, UserError } from './report.mjs';
import { rounded } from './statistics.mjs';

/** The build of the engine that is measured. There is one. */
export const build = { variant: 'simd128', threads: 1 };

/**
 * Throws, naming what there is, when a name is not among them.
 *
 * @param {string[]} names
 * @param {(name: string) => boolean} exists
 * @param {string[]} known
 */
export function checkNames(names, exists, known) {
  const unknown = names.filter((name) => !exists(name));
  if (unknown.length === 0) return;
  throw new UserError(`There is no ${unknown.join(', ')}. Known names: ${known.join(', ')}.`);
}

/**
 * @param {string | undefined} file nothing is written without one
 * @param {{ browser: string, peak: number, results: object[] }} measured `peak` in GFLOP/s
 */
export function writeResults(file, { browser, peak, results }) {
  if (file === undefined) return;
  const content = { ...build, browser, peak_gflops_per_thread: rounded(peak), results };
  writeAtomically(file, `${JSON.stringify(content, undefined, 2)}\n`);
  say(`written to ${file}`);
}
