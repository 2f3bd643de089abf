/** The figures of `npm run bench` and `npm run accept` as JSON. */
import { variants } from '../../bindings/build_package.mjs';
import { writeAtomically } from './files.mjs';
import { describeThreads } from './peers/threads.mjs';
import { say, UserError } from './report.mjs';
import { rounded } from './statistics.mjs';

/**
 * Which engine was measured, as the SDK tells.
 *
 * @typedef {{ variant: string, threads: number }} EngineInfo
 */

/** The option `--engine` of `parseArgs`. */
export const engineOption = { engine: { type: 'string' } };

/**
 * The engine to measure: the one named, or the SDK's choice.
 *
 * @param {string | undefined} variant
 * @returns {{ variant?: string }} options of the SDK's engine
 */
export function chosenEngine(variant) {
  if (variant === undefined) return {};
  checkNames([variant], (name) => variants.includes(name), variants);
  return { variant };
}

/** @param {EngineInfo} engine */
export function describeEngine({ variant, threads }) {
  return `${variant}, ${describeThreads(threads)}`;
}

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
 * @param {{ engine: EngineInfo, browser: string, peak: number, results: object[] }} measured `peak`
 *   in GFLOP/s
 */
export function writeResults(file, { engine: { variant, threads }, browser, peak, results }) {
  if (file === undefined) return;
  const content = { variant, threads, browser, peak_gflops_per_thread: rounded(peak), results };
  writeAtomically(file, `${JSON.stringify(content, undefined, 2)}\n`);
  say(`written to ${file}`);
}
