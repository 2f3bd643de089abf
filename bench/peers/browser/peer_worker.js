/** Measures one peer in the thread of a worker, where Kernelgarten is measured too. */
import { expose } from 'comlink';

/**
 * @typedef {object} Task
 * @property {number} amount what one step counts for: images, or billions of operations
 * @property {() => number | Promise<number>} step done when it returns; a loss or an output
 */

/** @type {Record<string, (setting: { threads: number }) => Promise<Record<string, () => Task>>>} */
const peers = {
  'tfjs-wasm': async (setting) => (await import('./tfjs.js')).createWasm(setting),
  'tfjs-cpu': async () => (await import('./tfjs.js')).createCpu(),
  'jax-js': async (setting) => (await import('./jax_js.js')).createJax(setting),
  convnetjs: async () => (await import('./convnetjs.js')).createConvnetjs(),
};

let works = {};
const tasks = new Map();

async function start(peer, setting) {
  works = await peers[peer](setting);
}

/** How much of that work is done in a second. */
async function measure(work, milliseconds) {
  if (!tasks.has(work)) tasks.set(work, works[work]());
  const task = tasks.get(work);
  await rate(task, milliseconds / 4);
  return rate(task, milliseconds);
}

async function rate({ amount, step }, milliseconds) {
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  while (elapsed < milliseconds) {
    const value = await step();
    if (!Number.isFinite(value)) throw new Error(`a step gave ${value}`);
    count += 1;
    elapsed = performance.now() - start;
  }
  return (1000 * amount * count) / elapsed;
}

expose({ start, measure });
