/** Several engines on the same work, in turns. */
import { median, rounded } from '../statistics.mjs';

/**
 * @typedef {object} Reading
 * @property {string} setting such as `2 threads`
 * @property {number} value
 */

/**
 * @typedef {object} Contestant
 * @property {string} name on the command line
 * @property {string} title with its version
 * @property {(work: string, milliseconds: number) => Promise<Reading[]>} measure one reading for
 *   each setting; throws a Refusal for work that it does not do
 */

/**
 * @typedef {object} Outcome
 * @property {Contestant} contestant
 * @property {Map<string, number[]>} values of the rounds, by setting
 * @property {string} [refusal] why there are none
 */

/** Why there is no figure, in words for the table. */
export class Refusal extends Error {}

/**
 * Each round measures every contestant once, so that all see the same machine.
 *
 * @param {string} work
 * @param {Contestant[]} contestants
 * @param {{ rounds: number, milliseconds: number, budget: number }} limits a contestant that has
 *   used up its budget, in milliseconds, takes part in no further round
 * @returns {Promise<Outcome[]>} in the order of the contestants
 */
export async function compete(work, contestants, { rounds, milliseconds, budget }) {
  const entries = contestants.map((contestant) => ({ contestant, values: new Map(), used: 0 }));
  for (let round = 0; round < rounds; round += 1) {
    for (const entry of entries) {
      if (entry.refusal !== undefined || entry.used >= budget) continue;
      const start = performance.now();
      await takePart(entry, work, milliseconds);
      entry.used += performance.now() - start;
    }
  }
  return entries;
}

async function takePart(entry, work, milliseconds) {
  try {
    for (const { setting, value } of await entry.contestant.measure(work, milliseconds)) {
      entry.values.set(setting, [...(entry.values.get(setting) ?? []), value]);
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    entry.refusal = error.message;
  }
}

/**
 * The settings of an outcome, fastest first.
 *
 * @param {Outcome} outcome
 */
export function rank({ values }) {
  return [...values]
    .map(([setting, all]) => ({
      setting,
      value: rounded(median(all)),
      lowest: rounded(Math.min(...all)),
      highest: rounded(Math.max(...all)),
      rounds: all.length,
    }))
    .sort((a, b) => b.value - a.value);
}
