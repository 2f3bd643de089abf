/** Cores on which drawing at the full pace does not slow the training down by more than a few per cent. */
const enoughCores = 4;

/**
 * How many times less often than usual the page looks at a run and draws. Drawing keeps a fifth of a
 * core busy: where every core trains and there are few, that would be missed.
 *
 * @param threads that train
 * @param cores of the machine
 */
export function drawingSlowdown(threads: number, cores: number): number {
  return threads < cores ? 1 : Math.max(1, enoughCores / cores);
}
