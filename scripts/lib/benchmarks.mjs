/** The benchmarks of `npm run bench`: names are stable. */

/**
 * @typedef {object} Benchmark
 * @property {object} work as in `bench/browser/measurements.ts`
 * @property {string} unit
 * @property {number} [flopsPerUnit] floating-point operations behind one unit of the value
 */

/**
 * Operations of the article's CNN per image, counted directly: forward 0.45 million for the first
 * convolution, 7.23 for the second, 0.06 for the dense layer; backward twice that, without the
 * gradient of the input, which the first layer does not need.
 */
const cnnFlops = { train: 22.8e6, infer: 7.74e6 };

/** 784-128-10, counted in the same way. */
const mlpTrainFlops = 0.41e6;

const gemmUnit = 'GFLOP/s';

/** @type {Map<string, Benchmark>} */
const fixed = new Map([
  ['peak', { work: { kind: 'peak' }, unit: 'GFLOP/s' }],
  ['cnn.train', { work: { kind: 'cnn.train' }, unit: 'images/s', flopsPerUnit: cnnFlops.train }],
  ['cnn.infer', { work: { kind: 'cnn.infer' }, unit: 'images/s', flopsPerUnit: cnnFlops.infer }],
  ['mlp.train', { work: { kind: 'mlp.train' }, unit: 'images/s', flopsPerUnit: mlpTrainFlops }],
  ['gemm', gemm(512)],
]);

/** Run when no names are given. */
export const usual = [...fixed.keys(), 'gemm.128', 'gemm.256'];

/** For messages. */
export const known = [...fixed.keys(), 'gemm.N (an N x N x N product, N from 1 to 4096)'];

/** @returns {Benchmark | undefined} */
export function findBenchmark(name) {
  const size = Number(/^gemm\.(\d+)$/.exec(name)?.[1]);
  return size >= 1 && size <= 4096 ? gemm(size) : fixed.get(name);
}

function gemm(size) {
  return { work: { kind: 'gemm', size }, unit: gemmUnit, flopsPerUnit: 1e9 };
}
