/** Numbers of threads to try. */
import { availableParallelism } from 'node:os';

/**
 * One, two, four and so on, and all cores. The peak and products are measured on one thread.
 *
 * @param {string} work
 * @returns {number[]}
 */
export function threadCounts(work) {
  if (work === 'peak' || work.startsWith('gemm')) return [1];
  const cores = availableParallelism();
  const counts = [];
  for (let count = 1; count < cores; count *= 2) counts.push(count);
  return [...counts, cores];
}

export function describeThreads(count) {
  return count === 1 ? '1 thread' : `${count} threads`;
}
