/** The data sets that the page, the tests and the benchmarks load: `public/data/`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digits, ensureDigits } from './digits.mjs';
import { writeAtomically } from './files.mjs';
import { root } from './folders.mjs';
import { ensureMnist, findMnist } from './mnist.mjs';

export const dataFolder = join(root, 'public/data');

/**
 * Makes the digits, and full MNIST if asked for or if `$KERNELGARTEN_DATA` says where it is; then
 * lists in `manifest.json` what there is.
 *
 * @param {{ full?: boolean }} [options]
 */
export async function ensureData({ full = Boolean(process.env.KERNELGARTEN_DATA) } = {}) {
  await ensureDigits(dataFolder);
  let mnist = findMnist(dataFolder);
  if (full && mnist === undefined) {
    await ensureMnist(dataFolder);
    mnist = findMnist(dataFolder);
  }
  const manifest = `${JSON.stringify({ digits, ...(mnist && { mnist }) }, undefined, 2)}\n`;
  const file = join(dataFolder, 'manifest.json');
  if (!existsSync(file) || readFileSync(file, 'utf8') !== manifest) writeAtomically(file, manifest);
}
