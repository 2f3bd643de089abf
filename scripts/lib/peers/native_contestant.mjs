/** Kernelgarten in a contest, compiled natively. */
import { join } from 'node:path';
import { findWork } from '../bench/works.mjs';
import { buildPreset } from '../build.mjs';
import { run } from '../command.mjs';
import { root } from '../folders.mjs';
import { describeThreads, threadCounts } from './threads.mjs';

const preset = 'native-dispatch';
const program = join(root, 'build', preset, 'bench/native/kernelgarten_bench');

/** The engine has no work for more. */
const mostThreads = 8;

/**
 * @typedef {object} Share
 * @property {string} work
 * @property {string} setting
 * @property {number} share of the multiply-add peak of as many threads, measured right before
 */

/**
 * Measures in a process of its own each time, as PyTorch is measured.
 *
 * @param {NodeJS.ProcessEnv} env of `ensureToolchain`
 * @returns {Promise<import('./contest.mjs').Contestant & { shares: Share[] }>} `shares` fills while
 *   it is measured
 */
export async function startNative(env) {
  await buildPreset(preset, env, ['kernelgarten_bench']);
  const [{ instruction_set: instructionSet }] = await runProgram([]);
  const shares = [];

  return {
    name: 'kernelgarten',
    title: `Kernelgarten (${instructionSet})`,
    shares,
    async measure(work, milliseconds) {
      const counts = threadCounts(work).filter((count) => count <= mostThreads);
      const { flopsPerUnit } = findWork(work);
      const [, ...readings] = await runProgram([milliseconds, work, ...counts]);
      return readings.map(({ threads, value, peak }) => {
        const setting = describeThreads(threads);
        const gflops = flopsPerUnit && (value * flopsPerUnit) / 1e9;
        if (gflops) shares.push({ work, setting, share: gflops / (peak * threads) });
        return { setting, value };
      });
    },
  };
}

async function runProgram(args) {
  const output = await run(program, args.map(String));
  return output.trim().split('\n').map(JSON.parse);
}
