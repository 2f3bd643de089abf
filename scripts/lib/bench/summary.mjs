/** From the figures of several rounds to a result, and to a line that tells it. */
import { median, rounded } from '../statistics.mjs';

/** @typedef {{ name: string, value: number, unit: string }} Result with whatever else there is */

/**
 * @param {number[]} values of the rounds
 * @returns {{ value: number, lowest: number, highest: number, rounds: number }} value is the median
 */
export function spread(values) {
  return {
    value: rounded(median(values)),
    lowest: rounded(Math.min(...values)),
    highest: rounded(Math.max(...values)),
    rounds: values.length,
  };
}

/**
 * @param {string} name
 * @param {import('./works.mjs').BenchWork} work
 * @param {number[]} values
 * @param {number[]} peaks of the same rounds, in GFLOP/s
 * @returns {Result}
 */
export function summarize(name, { unit, flopsPerUnit }, values, peaks) {
  const { value, ...rest } = spread(values);
  return {
    name,
    value,
    unit,
    ...(flopsPerUnit && besidePeak(values, flopsPerUnit, peaks)),
    ...rest,
    peak_gflops_per_thread: rounded(median(peaks)),
  };
}

function besidePeak(values, flopsPerUnit, peaks) {
  const gflops = values.map((value) => (value * flopsPerUnit) / 1e9);
  return {
    effective_gflops: rounded(median(gflops)),
    peak_share: rounded(median(gflops.map((one, round) => one / peaks[round]))),
  };
}

const nameWidth = 44;

/** @param {Result} result */
export function describe(result) {
  const { name, value, unit, lowest, highest, note } = result;
  const range = lowest === undefined ? '' : ` (${amount(lowest)} to ${amount(highest)})`;
  const notes = [peakNote(result), note].filter(Boolean).map((text) => `; ${text}`);
  return `${name.padEnd(nameWidth)} ${amount(value)} ${unit}${range}${notes.join('')}`;
}

function peakNote({
  unit,
  effective_gflops: gflops,
  peak_share: share,
  peak_gflops_per_thread: peak,
}) {
  if (gflops === undefined) return undefined;
  const speed = unit === 'GFLOP/s' ? '' : `${gflops} GFLOP/s, `;
  return `${speed}${percent(share)} of one thread's peak ${peak}`;
}

/** @param {number} share such as 0.83 @returns {string} such as `83 %` */
export function percent(share) {
  return `${Math.round(100 * share)} %`;
}

/** With commas between thousands. */
function amount(value) {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 });
}
