/** Runs other programs. */
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { UserError } from './report.mjs';

/** How much of a failed program's output is shown: its first and its last lines. */
const shownLines = { first: 30, last: 60 };

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {(line: string) => void} [onLine] called with each line of output as it comes
 */

/**
 * Runs a program to its end.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<{ code: number | null, signal: string | null, stdout: string, output: string }>}
 *   `output` holds standard output and standard error in the order they came
 */
export function execute(program, args, { cwd, env = process.env, onLine } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    const lines = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (stream === child.stdout) stdout += `${line}\n`;
        onLine?.(line);
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, output: lines.join('\n') });
    });
  });
}

/**
 * Runs a program that must succeed; its output is shown only when it fails.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<string>} its standard output
 */
export async function run(program, args, options) {
  const { code, signal, stdout, output } = await execute(program, args, options);
  if (code === 0) return stdout;
  const how = signal === null ? `exit code ${code}` : `ended by ${signal}`;
  throw new UserError(
    `${shorten(output)}\n\nThis command failed (${how}):\n  ${program} ${args.join(' ')}`,
  );
}

/** The first and the last lines of a long output. */
export function shorten(output) {
  const lines = output.split('\n');
  const left = lines.length - shownLines.first - shownLines.last;
  if (left <= 1) return output;
  return [
    ...lines.slice(0, shownLines.first),
    `... (${left} lines)`,
    ...lines.slice(-shownLines.last),
  ].join('\n');
}

/**
 * The full path of a program on PATH.
 *
 * @param {string} name
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export function findProgram(name, env = process.env) {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
