/** PyTorch in a contest: native code on the same cores. */
import { ensurePytorch, runPytorch } from '../pytorch.mjs';
import { say } from '../report.mjs';
import { Refusal } from './contest.mjs';
import { describeThreads, threadCounts } from './threads.mjs';

export const pytorchName = 'pytorch';

/**
 * @param {{ verbose: boolean }} options `verbose` prints what PyTorch was built with
 * @returns {Promise<import('./contest.mjs').Contestant>} one that refuses where there is no PyTorch
 */
export async function startPytorch({ verbose }) {
  try {
    await ensurePytorch();
  } catch (error) {
    say(error.message);
    return contestant('PyTorch', () => {
      throw new Refusal('not measured: PyTorch could not be installed');
    });
  }
  const { about } = await runPytorch([]);
  if (verbose) say(about.config);
  return contestant(`PyTorch ${about.version} (${about.simd})`, measure);
}

function contestant(title, measureWork) {
  return { name: pytorchName, title, measure: async (...task) => measureWork(...task) };
}

async function measure(work, milliseconds) {
  const { readings } = await tryPytorch(work, milliseconds);
  return readings.map(({ threads, layout, value }) => ({
    setting: `${describeThreads(threads)}, ${layout}`,
    value,
  }));
}

async function tryPytorch(work, milliseconds) {
  try {
    return await runPytorch([work], { threads: threadCounts(work), milliseconds });
  } catch (error) {
    say(error.message);
    throw new Refusal('throws: see above');
  }
}
