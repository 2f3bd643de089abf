/** What Debian's (and Ubuntu's) package manager can do for us on this machine. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, run } from './command.mjs';
import { formatBytes, step } from './report.mjs';

/** GNU triplets of the machines for which packages are unpacked privately. */
const triplets = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/** @returns {string | undefined} such as `x86_64-linux-gnu` */
export function triplet() {
  return triplets[process.arch];
}

/** @returns {string | undefined} `debian`, `ubuntu` ...: the ID of os-release */
export function distribution() {
  return osRelease().ID;
}

/** @returns {string | undefined} such as `bookworm` */
export function codename() {
  return osRelease().VERSION_CODENAME;
}

function osRelease() {
  if (!existsSync('/etc/os-release')) return {};
  const pairs = readFileSync('/etc/os-release', 'utf8').matchAll(/^([A-Z_]+)="?([^"\n]*)"?$/gm);
  return Object.fromEntries([...pairs].map(([, key, value]) => [key, value]));
}

/** Whether `apt-get install` is possible without asking anyone. */
export function canInstall() {
  return (
    process.platform === 'linux' && process.getuid?.() === 0 && findProgram('apt-get') !== undefined
  );
}

/** Whether Debian packages can be unpacked into a folder of our own: needs no root. */
export function canUnpack() {
  return (
    distribution() === 'debian' &&
    triplet() !== undefined &&
    findProgram('apt-get') !== undefined &&
    mirror() !== undefined
  );
}

/**
 * The package mirror that this system uses, from `/etc/apt`.
 *
 * @returns {{ uri: string, signedBy: string | undefined } | undefined}
 */
export function mirror() {
  const lists = '/etc/apt/sources.list.d';
  const files = existsSync(lists) ? readdirSync(lists).map((name) => join(lists, name)) : [];
  const found = ['/etc/apt/sources.list', ...files]
    .filter((file) => /\.(list|sources)$/.test(file) && existsSync(file))
    .flatMap((file) => {
      const text = readFileSync(file, 'utf8').replace(/^#.*$/gm, '');
      return file.endsWith('.sources') ? parseStanzas(text) : parseLines(text);
    })
    .find(({ suites, components }) => components.includes('main') && isArchive(suites));
  if (found === undefined) return undefined;
  return { uri: found.uri, signedBy: found.signedBy ?? keyring() };
}

/** Whether these are suites of the archive itself and not of its security updates. */
function isArchive(suites) {
  return suites.every((suite) => !suite.includes('security'));
}

/** @param {string} text a `.sources` file */
function parseStanzas(text) {
  return text
    .split(/\n\s*\n+(?=\S)/)
    .map((stanza) => {
      const fields = [...stanza.matchAll(/^([\w-]+):[ \t]*(.*)$/gm)];
      return Object.fromEntries(fields.map(([, key, value]) => [key.toLowerCase(), value.trim()]));
    })
    .filter((fields) => fields.uris && fields.enabled !== 'no')
    .map((fields) => ({
      uri: words(fields.uris)[0],
      suites: words(fields.suites ?? ''),
      components: words(fields.components ?? ''),
      signedBy: fields['signed-by']?.startsWith('/') ? fields['signed-by'] : undefined,
    }));
}

/** @param {string} text a `.list` file */
function parseLines(text) {
  return [...text.matchAll(/^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)$/gm)].map(
    ([, options = '', uri, suite, components]) => ({
      uri,
      suites: [suite],
      components: words(components),
      signedBy: /signed-by=(\S+)/.exec(options)?.[1],
    }),
  );
}

function words(text) {
  return text.split(/\s+/).filter((word) => word !== '');
}

function keyring() {
  return ['pgp', 'gpg']
    .map((suffix) => `/usr/share/keyrings/debian-archive-keyring.${suffix}`)
    .find((file) => existsSync(file));
}

let listsAreFresh = false;

/**
 * Installs system packages; only where {@link canInstall}.
 *
 * @param {string[]} packages
 */
export async function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await refreshLists();
  const args = ['install', '-y', '--no-install-recommends', ...packages];
  const size = await downloadSize(args, env);
  await step(`installing ${packages.join(', ')} (apt-get, ${formatBytes(size)})`, () =>
    run('apt-get', ['-q', ...args], { env }),
  );
}

/** The version of a system package that {@link install} would install. */
export async function candidateVersion(name) {
  await refreshLists();
  return /Candidate: (\S+)/.exec(await run('apt-cache', ['policy', name]))?.[1];
}

async function refreshLists() {
  if (listsAreFresh) return;
  await step('reading the package lists (apt-get update)', () => run('apt-get', ['-q', 'update']));
  listsAreFresh = true;
}

/** @returns {Promise<number>} bytes that `apt-get` with these arguments would download */
export async function downloadSize(args, env) {
  const uris = await run('apt-get', ['-qq', '--print-uris', ...args], { env });
  return [...uris.matchAll(/^'\S+' \S+ (\d+)/gm)].reduce(
    (sum, [, bytes]) => sum + Number(bytes),
    0,
  );
}
