/** One at a time, across processes. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { say, UserError } from './report.mjs';

/**
 * Runs `work` while no other process holds the lock of that file. The kernel gives the lock back
 * when this process ends, however it ends: `flock` lives as long as its standard input is open.
 *
 * @template Result
 * @param {string} file
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = setTimeout(() => {
    say('waiting for another set-up of this user to finish ...');
  }, 1000);
  try {
    await new Promise((resolve, reject) => {
      createInterface({ input: holder.stdout }).once('line', resolve);
      holder.once('error', reject);
      holder.once('exit', (code) => {
        reject(new UserError(`flock could not lock ${file} (exit code ${code}).`));
      });
    });
    clearTimeout(waiting);
    return await work();
  } finally {
    clearTimeout(waiting);
    holder.stdin.end();
  }
}
