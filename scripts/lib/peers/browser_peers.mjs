/** The peers that run in the browser: npm packages of `bench/peers`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../folders.mjs';
import { Refusal } from './contest.mjs';
import { describeThreads, threadCounts } from './threads.mjs';

export const peersFolder = join(root, 'bench/peers');

export const peerPages = {
  title: 'the page of the peers',
  configFile: 'bench/peers/vite.config.mjs',
  output: 'build/peers',
  inputs: ['bench/peers/browser', 'bench/peers/package-lock.json'],
};

/** More than the slowest of them needs for two batches. */
const limit = 120_000;

const networks = ['cnn.train', 'cnn.infer', 'mlp.train'];

/**
 * `name` is the one in `bench/peers/browser/peer_worker.js`; `threaded` ones are measured with
 * several numbers of threads.
 */
export const browserPeers = [
  {
    name: 'tfjs-wasm',
    title: 'TensorFlow.js wasm',
    npm: '@tensorflow/tfjs-backend-wasm',
    threaded: true,
    works: [...networks, 'lstm.train', 'gemm.256'],
  },
  {
    name: 'tfjs-cpu',
    title: 'TensorFlow.js cpu',
    npm: '@tensorflow/tfjs-backend-cpu',
    works: [...networks, 'lstm.train'],
  },
  {
    name: 'jax-js',
    title: 'jax-js',
    npm: '@jax-js/jax',
    threaded: true,
    works: [...networks, 'gemm.256'],
  },
  { name: 'convnetjs', title: 'ConvNetJS', npm: 'convnetjs', works: networks },
];

/** @returns {import('./contest.mjs').Contestant & { works: string[] }} */
export function browserContestant({ name, title, npm, threaded = false, works }, open) {
  const pages = new Map();

  async function measureOn(threads, work, milliseconds) {
    if (!pages.has(threads)) pages.set(threads, await startPeer(open, name, threads));
    return pages
      .get(threads)
      .evaluate((task) => window.peer.measure(task.work, task.milliseconds), {
        work,
        milliseconds,
      });
  }

  async function closePages() {
    // With a page ends its worker, which would slow down the others.
    await Promise.all([...pages.values()].map((page) => page.close()));
    pages.clear();
  }

  return {
    name,
    title: `${title} ${versionOf(npm)}`,
    works,
    async measure(work, milliseconds) {
      const readings = [];
      try {
        for (const threads of threaded ? threadCounts(work) : [1]) {
          const value = await within(limit, measureOn(threads, work, milliseconds));
          readings.push({ setting: describeThreads(threads), value });
        }
      } catch (error) {
        await closePages();
        throw new Refusal(`throws: ${firstLine(error)}`);
      }
      return readings;
    },
  };
}

function versionOf(npm) {
  const file = join(peersFolder, 'package.json');
  return JSON.parse(readFileSync(file, 'utf8')).dependencies[npm];
}

async function startPeer(open, name, threads) {
  const page = await open('peers.html');
  await page.evaluate((task) => window.peer.start(task.name, { threads: task.threads }), {
    name,
    threads,
  });
  return page;
}

/** Rejects when `work` takes longer than that. */
async function within(milliseconds, work) {
  let timer;
  const tooSlow = new Promise((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no result within ${milliseconds / 1000} s`));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, tooSlow]);
  } finally {
    clearTimeout(timer);
  }
}

function firstLine(error) {
  return error.message.split('\n')[0].replace(/^page\.evaluate: (Error: )*/, '');
}
