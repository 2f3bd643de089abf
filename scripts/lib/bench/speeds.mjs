/** Speeds that the bench page measures: kinds of work by name, and products as training has them. */
import { summarize } from './summary.mjs';
import { findWork, gemm } from './works.mjs';

/** @param {string} name of `findWork` */
export function measureSpeed(name) {
  return async function* (bench) {
    yield measureWork(bench, name, findWork(name));
  };
}

/**
 * The article's network learns on batches of 128, in chunks of eight images
 * (engine/network/batch_schedule.hpp). `winograd` are the products at one position of a tile.
 */
const shapes = {
  'dense.forward': gemm(8, 10, 3136),
  'dense.weight_gradient': gemm(3136, 10, 8, 'a'),
  'dense.input_gradient': gemm(8, 3136, 10, 'b'),
  'mlp.forward': gemm(128, 128, 784),
  'mlp.weight_gradient': gemm(784, 128, 128, 'a'),
  'im2col.1-32': gemm(784, 32, 9),
  'im2col.32-64': gemm(196, 64, 288),
  'im2col.32-64.weight_gradient': gemm(288, 64, 196, 'a'),
  'im2col.32-64.input_gradient': gemm(196, 288, 64, 'b'),
  'winograd.forward': gemm(40, 64, 32),
  'winograd.weight_gradient': gemm(32, 64, 40, 'a'),
  'winograd.input_gradient': gemm(40, 32, 64),
};

export async function* measureGemmShapes(bench) {
  for (const [shape, work] of Object.entries(shapes)) {
    const { m, n, k, transposed } = work.work;
    const factors = { none: '', a: ', left one transposed', b: ', right one transposed' };
    yield {
      ...(await measureWork(bench, `gemm.shapes.${shape}`, work)),
      note: `[${m} x ${k}] x [${k} x ${n}]${factors[transposed]}`,
    };
  }
}

async function measureWork(bench, name, work) {
  const { values, peaks } = await bench.measure([work]);
  return summarize(name, work, values[0], peaks);
}
