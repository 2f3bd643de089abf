/** Kinds of work that the bench page measures, by name. */

/**
 * @typedef {object} BenchWork
 * @property {object} work as in `bench/browser/measurements.ts`
 * @property {string} unit of what the page returns
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

/**
 * 28 rows of 28 pixels through 128 units: 2 (28 + 128) 128 operations a row for each gate, four of
 * them in an LSTM, three in a GRU; backward counted as twice that.
 */
const lstmTrainFlops = 13.4e6;
const gruTrainFlops = 10.1e6;

/**
 * A character of 65 through two LSTM layers of 128: 2 (64 + 128) 512 operations, 2 (128 + 128) 512
 * and 2 128 65; backward twice that, for the embedding wants its gradient.
 */
const charrnnTrainFlops = 1.43e6;

/**
 * A round of the convolutional GAN for a real image: generator forward 3.82 million operations and
 * backward twice that without its input's gradient (7.23), discriminator 3.42 forward and 6.63
 * backward (its first layer's input gradient left out) on a real image and on a fake, and once more
 * on the fake, forward and back to its pixels, without gradients of the weights.
 */
const ganTrainFlops = 39e6;

/**
 * The playground's GAN, both steps from one pass of the fakes: generator forward 0.94 million operations,
 * backward 1.84; discriminator 1.30 forward and 2.51 backward on a real image, 0.10 more on a fake,
 * whose pixels want their gradient.
 */
const ganDefaultTrainFlops = 10.5e6;

/** What GFLOP/s are counted in. */
const giga = { unit: 'GFLOP/s', flopsPerUnit: 1e9 };

/** @type {Map<string, BenchWork>} */
const fixed = new Map([
  ['peak', { work: { kind: 'peak' }, unit: giga.unit }],
  ['cnn.train', train('cnn.train', 'images/s', cnnFlops.train)],
  ['cnn.infer', { work: { kind: 'cnn.infer' }, unit: 'images/s', flopsPerUnit: cnnFlops.infer }],
  ['lstm.train', train('lstm.train', 'sequences/s', lstmTrainFlops)],
  ['gru.train', train('gru.train', 'sequences/s', gruTrainFlops)],
  ['charrnn.train', train('charrnn.train', 'characters/s', charrnnTrainFlops)],
  ['gan.train', train('gan.train', 'images/s', ganTrainFlops)],
  ['gan-default.train', train('gan-default.train', 'images/s', ganDefaultTrainFlops)],
  ['mlp.train', train('mlp.train', 'images/s', mlpTrainFlops)],
]);

/** @returns {BenchWork} */
function train(kind, unit, flopsPerUnit) {
  return { work: { kind }, unit, flopsPerUnit };
}

const largestGemm = 4096;
const mostParameters = 100_000_000;

/**
 * @param {string} name such as `cnn.train`, `gemm.256`, `adam.50000`
 * @returns {BenchWork | undefined}
 */
export function findWork(name) {
  const [, kind, digits] = /^(gemm|adam)\.(\d+)$/.exec(name) ?? [];
  const number = Number(digits);
  if (kind === 'gemm' && number >= 1 && number <= largestGemm) return gemm(number, number, number);
  if (kind === 'adam' && number >= 1 && number <= mostParameters) {
    return { work: { kind: 'adam', parameters: number }, unit: 'parameters/s' };
  }
  return fixed.get(name);
}

/**
 * An m x k by k x n product.
 *
 * @param {'a' | 'b' | 'none'} [transposed] the factor that is stored as its transpose
 * @returns {BenchWork}
 */
export function gemm(m, n, k, transposed = 'none') {
  return { work: { kind: 'gemm', m, n, k, transposed }, ...giga };
}

/** @returns {BenchWork} */
export function convTranspose(shape, pass) {
  return { work: { kind: 'convT', shape, pass }, ...giga };
}

/** @returns {BenchWork} */
export function conv(shape, method, pass) {
  return { work: { kind: 'conv', shape, method, pass }, ...giga };
}
