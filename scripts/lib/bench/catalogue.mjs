/** The benchmarks of `npm run bench`: names are stable. */
import { measureConvShapes } from './conv_shapes.mjs';
import { measureConvTransposeShapes } from './conv_transpose_shapes.mjs';
import { measureJudgeCost } from './judge_cost.mjs';
import { measureMemory } from './memory.mjs';
import { measureScaling } from './scaling.mjs';
import { measureSizes } from './size.mjs';
import { measureGemmShapes, measureSpeed } from './speeds.mjs';
import { measureStart } from './start.mjs';
import { measureUiCost } from './ui_cost.mjs';
import { findWork } from './works.mjs';

/**
 * @typedef {object} Benchmark
 * @property {string} name
 * @property {boolean} [needsSite] whether it opens the built playground
 * @property {(bench: import('./bench.mjs').Bench) => AsyncIterable<import('./summary.mjs').Result>} run
 */

/**
 * What `--help` lists. An entry with neither `run` nor `members` is a kind of work of the bench page;
 * `members` are the names that it stands for.
 */
const entries = [
  { name: 'peak', about: 'multiply-adds in registers, one thread: the ceiling' },
  { name: 'cnn.train', about: "training of the article's CNN, batch 128" },
  { name: 'cnn.infer', about: 'its predictions' },
  { name: 'mlp.train', about: 'training of 784-128-10, batch 128' },
  { name: 'lstm.train', about: 'training of an LSTM of 128 units on rows of digits, batch 128' },
  { name: 'gru.train', about: 'the same with a GRU' },
  { name: 'gan.train', about: 'rounds of a convolutional GAN, batch 128, steps in turns' },
  { name: 'gan-default.train', about: 'rounds of the GAN that the playground begins with' },
  { name: 'charrnn.train', about: 'training of two LSTM layers of 128 units on characters' },
  {
    name: 'gemm',
    about: 'N x N x N products on one thread; gemm.N for one, N from 1 to 4096',
    members: [64, 128, 256, 512, 1024].map((size) => `gemm.${size}`),
  },
  {
    name: 'gemm.shapes',
    about: 'products as training has them, one thread',
    run: measureGemmShapes,
  },
  {
    name: 'conv.shapes',
    about: 'convolutions by every method, and whether the chosen one is the fastest; one thread',
    run: measureConvShapes,
  },
  {
    name: 'convT.shapes',
    about: 'transposed convolutions with stride 2, forward and backward; one thread',
    run: measureConvTransposeShapes,
  },
  {
    name: 'adam',
    about: 'an optimizer step, one thread; adam.N for one on N parameters',
    members: ['adam.50000', 'adam.1000000'],
  },
  { name: 'scaling', about: 'cnn.train on 1, 2, 3 ... threads over one', run: measureScaling },
  {
    name: 'start',
    about: 'the page: from opening it, and from pressing "Train", to the first step',
    needsSite: true,
    run: measureStart,
  },
  {
    name: 'ui-cost',
    about: 'training in the page over the same in a worker alone',
    needsSite: true,
    run: measureUiCost,
  },
  {
    name: 'judge-cost',
    about: 'training of the GAN that the playground begins with, judged, over the same not judged',
    run: measureJudgeCost,
  },
  {
    name: 'memory',
    about: "WebAssembly memory after training the article's CNN",
    run: measureMemory,
  },
  {
    name: 'size',
    about: 'gzipped bytes of each engine and of the page',
    needsSite: true,
    run: measureSizes,
  },
];

const everything = { name: 'all', about: 'everything', members: entries.flatMap(membersOf) };

const usual = ['peak', 'cnn.train', 'cnn.infer', 'mlp.train', 'gemm', 'adam', 'start', 'size'];

/** For messages. */
export const known = [...entries, everything].map(({ name }) => name);

/**
 * @param {string[]} names as given; a usual set for none
 * @returns {string[]} those of single benchmarks, each once
 */
export function expandNames(names) {
  const given = names.length > 0 ? names : usual;
  const single = given.flatMap((name) => {
    const entry = [...entries, everything].find((one) => one.name === name);
    return entry === undefined ? [name] : membersOf(entry);
  });
  return [...new Set(single)];
}

function membersOf({ name, members = [name] }) {
  return members;
}

/**
 * @param {string} name of a single benchmark
 * @returns {Benchmark | undefined}
 */
export function findBenchmark(name) {
  const entry = entries.find((one) => one.name === name && one.run !== undefined);
  return entry ?? (findWork(name) && { name, run: measureSpeed(name) });
}

/** One line for each name. */
export function describeNames() {
  const none = { name: '(none)', about: usual.join(', ') };
  return [...entries, everything, none]
    .map(({ name, about }) => `  ${name.padEnd(12)} ${about}`)
    .join('\n');
}
