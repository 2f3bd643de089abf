/** Makes unpacked Debian programs run from any folder, with their own C library. */
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { run } from './command.mjs';
import { triplet } from './debian.mjs';

/** Folders of programs, below the place where packages were unpacked. */
const programFolders = ['usr/bin', 'usr/lib/llvm-19/bin'];

/**
 * The programs name the system's loader and look for libraries in the system's
 * folders. After this they name the loader and the libraries of the prefix. `DT_RPATH`, and not the
 * newer `DT_RUNPATH`, because only the former holds for the libraries of a library too; and no
 * library may keep a `DT_RUNPATH` of its own, which would switch it off.
 *
 * @param {string} built where the packages are unpacked now
 * @param {string} final where they will be when they are used
 */
export async function relocate(built, final) {
  const libraries = `usr/lib/${triplet()}`;
  const loader = loaderName();
  const patchelf = (args) =>
    run(join(built, libraries, loader), [
      '--library-path',
      join(built, libraries),
      join(built, 'usr/bin/patchelf'),
      ...args,
    ]);
  const finalLoader = join(final, libraries, loader);
  const searchPath = [libraries, 'usr/lib/llvm-19/lib']
    .map((folder) => join(final, folder))
    .join(':');
  const programs = programFolders.flatMap((folder) => elfFiles(join(built, folder)));
  await forEachInParallel(programs, async (program) => {
    if (program.endsWith('/patchelf')) return; // it is running
    if (isPositionIndependent(program)) {
      await patchelf(['--set-interpreter', finalLoader, program]);
      await patchelf(['--force-rpath', '--set-rpath', searchPath, program]);
    } else {
      wrap(program, join(final, relative(built, program)), finalLoader, searchPath);
    }
  });
  const shared = elfFiles(join(built, libraries)).filter((file) => /\.so[.\d]*$/.test(file));
  await forEachInParallel(shared, async (library) => {
    const path = await patchelf(['--print-rpath', library]);
    if (path.trim() !== '') await patchelf(['--remove-rpath', library]);
  });
}

/** patchelf damages programs with a fixed address (Python is one): a script starts those. */
function wrap(program, final, loader, searchPath) {
  renameSync(program, `${program}.elf`);
  const command = `'${loader}' --argv0 '${final}' --library-path '${searchPath}' '${final}.elf'`;
  writeFileSync(program, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
}

function loaderName() {
  return process.arch === 'arm64' ? 'ld-linux-aarch64.so.1' : 'ld-linux-x86-64.so.2';
}

function elfFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((file) => lstatSync(file).isFile() && isElf(file));
}

function isElf(file) {
  return header(file).subarray(0, 4).equals(Buffer.from('\x7fELF'));
}

/** Whether the type in the ELF header is `ET_DYN`. */
function isPositionIndependent(file) {
  return header(file).readUInt16LE(16) === 3;
}

function header(file) {
  const bytes = Buffer.alloc(18);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(handle);
  }
  return bytes;
}

async function forEachInParallel(items, work) {
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
