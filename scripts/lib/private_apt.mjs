/** Downloads Debian packages of any suite without root and without touching the system's apt. */
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { downloadSize, mirror } from './debian.mjs';
import { formatBytes, say, step, UserError } from './report.mjs';

/** How often a download says how far it is. */
const progressMilliseconds = 5000;

/**
 * An apt of our own in `folder`: own lists, own cache, an empty list of installed packages, and the
 * system's mirror. Of the system's settings it keeps those of the network (proxies and such).
 *
 * @param {string} folder
 * @param {string} suite such as `trixie`
 * @returns {Promise<NodeJS.ProcessEnv>} the environment in which `apt-get` uses it
 */
export async function openPrivateApt(folder, suite) {
  const source = mirror();
  if (source === undefined) throw new UserError('No Debian mirror is named in /etc/apt.');
  for (const name of ['lists/partial', 'cache/archives/partial', 'empty']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  const options = source.signedBy ? `[signed-by=${source.signedBy}] ` : '';
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(join(folder, 'sources.list'), `deb ${options}${source.uri} ${suite} main\n`);
  const configuration = join(folder, 'apt.conf');
  writeFileSync(configuration, await settings(folder));
  const env = { ...process.env, APT_CONFIG: configuration };
  await step(`reading the package lists of Debian ${suite}`, () =>
    run('apt-get', ['-q', 'update'], { env }),
  );
  return env;
}

async function settings(folder) {
  const network = (await run('apt-config', ['dump']))
    .split('\n')
    .filter((line) => line.startsWith('Acquire::') && !line.startsWith('Acquire::IndexTargets'));
  const own = {
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::State::extended_states': join(folder, 'extended_states'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Cache::archives': 'archives',
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': join(folder, 'empty'),
    'Dir::Etc::preferences': join(folder, 'empty/none'),
    'Dir::Etc::preferencesparts': join(folder, 'empty'),
    'Dir::Etc::main': join(folder, 'empty/none'),
    'Dir::Etc::parts': join(folder, 'empty'),
    'Acquire::Languages': 'none',
    'APT::Install-Recommends': 'false',
    'APT::Sandbox::User': 'root',
    // Nothing is installed, so apt need not lock the system's package database.
    'Debug::NoLocking': 'true',
  };
  return [...network, ...Object.entries(own).map(([key, value]) => `${key} "${value}";`)]
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * Downloads packages, or these and all they depend on.
 *
 * @param {NodeJS.ProcessEnv} env of {@link openPrivateApt}
 * @param {string[]} packages
 * @param {{ into: string, withDependencies: boolean, title: string }} options
 * @returns {Promise<string[]>} the package files
 */
export async function download(env, packages, { into, withDependencies, title }) {
  mkdirSync(join(into, 'partial'), { recursive: true });
  const args = withDependencies
    ? ['install', '-y', '--download-only', '-o', `Dir::Cache::archives=${into}`, ...packages]
    : ['download', ...packages];
  const total = await downloadSize(args, env);
  const progress = setInterval(() => {
    say(`  ${formatBytes(folderSize(into))} of ${formatBytes(total)}`);
  }, progressMilliseconds);
  try {
    await step(`downloading ${title} (${formatBytes(total)})`, () =>
      run('apt-get', ['-q', ...args], { env, cwd: into }),
    );
  } finally {
    clearInterval(progress);
  }
  return packageFiles(into);
}

function packageFiles(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(folder, name));
}

function folderSize(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/**
 * Unpacks package files into `folder`, without the paths that match `excluded`.
 *
 * @param {string[]} files
 * @param {string} folder
 * @param {string[]} excluded tar patterns such as `./usr/share/doc`
 */
export async function unpack(files, folder, excluded) {
  mkdirSync(folder, { recursive: true });
  const tar = ['tar', '-x', '--no-same-owner', '-C', quote(folder)].concat(
    excluded.map((pattern) => `--exclude=${quote(pattern)}`),
  );
  for (const file of files) {
    const pipe = `dpkg-deb --fsys-tarfile ${quote(file)} | ${tar.join(' ')}`;
    await run('bash', ['-o', 'pipefail', '-c', pipe]);
  }
}

function quote(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
