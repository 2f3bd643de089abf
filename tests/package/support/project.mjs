import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** No program takes nearly so long, not even on a busy machine; in milliseconds. */
const timeout = 300_000;

/** Runs a program; throws with all it said when it fails or does not end. */
export function run(folder, program, ...args) {
  const options = { cwd: folder, encoding: 'utf8', timeout };
  const { status, stdout, stderr } = spawnSync(program, args, options);
  if (status !== 0) {
    throw new Error(`${program} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
  }
  return stdout;
}

/** A new folder with these files in it, gone when the tests are over. */
export function makeProject(files) {
  const folder = mkdtempSync(join(tmpdir(), 'kernelgarten-package-'));
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** What `npm publish` would send: the tarball and the list of what is in it. */
export function packTarball() {
  if (!existsSync(join(repository, 'dist/index.js'))) {
    throw new Error('There is no package in dist/; run npm run build:lib first.');
  }
  const folder = makeProject({});
  const packed = run(repository, 'npm', 'pack', '--json', '--pack-destination', folder);
  const [{ filename, files }] = JSON.parse(packed);
  return { tarball: join(folder, filename), paths: files.map(({ path }) => path) };
}

/** Installs the tarball with its dependencies, as anybody would. */
export function install(folder, tarball) {
  run(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', tarball);
}
