/** Full MNIST: from `$KERNELGARTEN_DATA`, else from a public mirror. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackedSha256, writeAtomically } from './files.mjs';
import { formatBytes, say, UserError } from './report.mjs';

/** After which a mirror is given up. */
const downloadMilliseconds = 120_000;

const mirrors = [
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
];

/** Files and SHA-256 of what they unpack to (the gzip wrappers differ between mirrors). */
const files = {
  trainImages: {
    name: 'train-images-idx3-ubyte.gz',
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  },
  trainLabels: {
    name: 'train-labels-idx1-ubyte.gz',
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
  testImages: {
    name: 't10k-images-idx3-ubyte.gz',
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  },
  testLabels: {
    name: 't10k-labels-idx1-ubyte.gz',
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
};

const subfolder = 'mnist';

/**
 * What the manifest says of it: paths relative to `folder`; undefined unless all files are there
 * and whole.
 *
 * @param {string} folder
 * @returns {Record<string, string> | undefined}
 */
export function findMnist(folder) {
  const entries = Object.entries(files);
  const whole = entries.every(
    ([, { name, sha256 }]) => unpackedSha256(join(folder, subfolder, name)) === sha256,
  );
  if (!whole) return undefined;
  return Object.fromEntries(entries.map(([key, { name }]) => [key, `${subfolder}/${name}`]));
}

/**
 * Brings the files that are missing into `folder`.
 *
 * @param {string} folder
 */
export async function ensureMnist(folder) {
  for (const { name, sha256 } of Object.values(files)) {
    const target = join(folder, subfolder, name);
    if (unpackedSha256(target) !== sha256) writeAtomically(target, await obtain(name, sha256));
  }
}

async function obtain(name, sha256) {
  const { KERNELGARTEN_DATA } = process.env;
  if (KERNELGARTEN_DATA) return copy(join(KERNELGARTEN_DATA, 'mnist', name), sha256);
  const problems = [];
  for (const mirror of mirrors) {
    try {
      return await fetchFile(mirror + name, sha256);
    } catch (error) {
      const reason = error.cause?.message ?? error.message;
      problems.push(`  ${mirror}${name}: ${reason}`);
    }
  }
  throw new UserError(
    `Full MNIST could not be downloaded:\n${problems.join('\n')}\n\nTry again later, or put the four ` +
      'files into a folder named mnist and set KERNELGARTEN_DATA to the folder that holds it.',
  );
}

function copy(file, sha256) {
  if (!existsSync(file)) {
    throw new UserError(
      `KERNELGARTEN_DATA should name a folder with mnist/ in it, but there is no ${file}. Correct it, ` +
        'or unset it to download MNIST.',
    );
  }
  const bytes = readFileSync(file);
  check(bytes, sha256, file);
  say(`copied ${file}`);
  return bytes;
}

async function fetchFile(url, sha256) {
  say(`downloading ${url} ...`);
  const response = await fetch(url, { signal: AbortSignal.timeout(downloadMilliseconds) });
  if (!response.ok) throw new UserError(`the server answered ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  check(bytes, sha256, url);
  say(`  ${formatBytes(bytes.length)}, checked`);
  return bytes;
}

function check(bytes, expected, origin) {
  const found = unpackedSha256(bytes);
  if (found === expected) return;
  throw new UserError(
    `${origin} does not hold what it should: SHA-256 of the unpacked content is ` +
      `${found ?? 'unknown, it is not whole'}, expected ${expected}.`,
  );
}
