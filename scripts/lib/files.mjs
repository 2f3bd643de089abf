/** Reading and writing files. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Writes a file all at once: a reader sees the old one or the new one. */
export function writeAtomically(file, bytes) {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.partial-${process.pid}`;
  writeFileSync(partial, bytes);
  renameSync(partial, file);
}

/** @returns {string} SHA-256 as hexadecimal digits */
export function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * SHA-256 of what a gzipped file or buffer holds; undefined when it is missing or damaged.
 *
 * @param {string | Uint8Array} source a path or bytes
 */
export function unpackedSha256(source) {
  try {
    return sha256(gunzipSync(typeof source === 'string' ? readFileSync(source) : source));
  } catch {
    return undefined;
  }
}

/** When a file was last written, in milliseconds; 0 if there is none. */
export function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
