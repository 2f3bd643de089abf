/** PyTorch in a Python environment of its own, for comparisons. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execute, findProgram, run } from './command.mjs';
import { root } from './folders.mjs';
import { step, UserError } from './report.mjs';

const folder = join(root, 'build/peers-venv');
const python = join(folder, 'bin/python');
const script = join(root, 'bench/peers/pytorch_bench.py');

/** Installs PyTorch from the Python package index unless it is there. Throws when that fails. */
export async function ensurePytorch() {
  if (existsSync(python) && (await execute(python, ['-c', 'import torch'])).code === 0) return;
  const system = findProgram('python3');
  if (system === undefined) throw new UserError('There is no python3.');
  await step('installing PyTorch in build/peers-venv (several GB)', async () => {
    await run(system, ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--progress-bar', 'off', 'torch']);
  });
}

/**
 * @typedef {object} PytorchReport
 * @property {{ version: string, simd: string, config: string }} about
 * @property {{ work: string, threads: number, layout: string, value: number, unit: string }[]} readings
 */

/**
 * Measures in a process of its own, so that nothing of it is left while others are measured.
 *
 * @param {string[]} works names in `bench/peers/pytorch_bench.py`; none to be told the version
 * @param {{ threads?: number[], milliseconds?: number }} [settings]
 * @returns {Promise<PytorchReport>}
 */
export async function runPytorch(works, { threads = [1], milliseconds = 800 } = {}) {
  const settings = ['--seconds', milliseconds / 1000, '--threads', ...threads];
  const output = await run(python, [script, ...works, ...settings.map(String)], { env: plain() });
  const [about, ...readings] = output.trim().split('\n').map(JSON.parse);
  return { about, readings };
}

/** Without what tunes OpenBLAS for one machine: PyTorch is measured as it comes. */
function plain() {
  const { OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE, ...env } = process.env;
  return env;
}
