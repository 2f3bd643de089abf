/** The work that is compared, the same for every peer. */

export const batchSize = 128;
export const classes = 10;
export const learningRate = 1e-3;
export const gemmSize = 256;

/** Billions of floating-point operations in one product. */
export const gemmGflop = (2 * gemmSize ** 3) / 1e9;

/** The figures in a random batch, from 0 to 1: how long a step takes does not depend on them. */
export function randomPixels() {
  return Float32Array.from({ length: batchSize * 28 * 28 }, Math.random);
}

/** @returns {number[]} one class for each image */
export function randomLabels() {
  return Array.from({ length: batchSize }, () => Math.floor(classes * Math.random()));
}

/** What He initialisation multiplies a standard normal by. */
export function heScale(fanIn) {
  return Math.sqrt(2 / fanIn);
}
