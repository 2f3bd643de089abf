/** Folders of unpacked Debian packages under the user's cache, shared by every clone. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './folders.mjs';
import { withLock } from './lock.mjs';
import { download, openPrivateApt, unpack } from './private_apt.mjs';
import { relocate } from './relocate.mjs';
import { step } from './report.mjs';

/** Not needed to run anything. */
const excluded = ['./usr/share/doc', './usr/share/man', './usr/share/locale', './usr/share/info'];

/**
 * @typedef {object} PrefixRecipe
 * @property {string} name of the folder; it carries a version, since it never changes once made
 * @property {string} title for messages
 * @property {string} suite Debian's name of the release that the packages come from
 * @property {string[]} packages
 * @property {boolean} [withDependencies] take all that the packages depend on as well
 * @property {boolean} [programs] whether it holds programs to run
 * @property {string[]} [excluded] more paths not to unpack, as tar patterns
 * @property {(built: string, final: string) => void | Promise<void>} [finish] last touches, before
 *   the folder moves from `built` to `final`
 * @property {(final: string) => Promise<void>} [check] tries what was made; it is thrown away when
 *   this rejects
 */

/** @param {PrefixRecipe} recipe */
export function prefixFolder({ name }) {
  return join(cacheFolder(), name);
}

/**
 * The folder of a recipe; made first if it is not there. It appears all at once: work that is
 * interrupted leaves a folder beside it, which the next one removes.
 *
 * @param {PrefixRecipe} recipe
 * @returns {Promise<string>}
 */
export async function ensurePrefix(recipe) {
  const final = prefixFolder(recipe);
  if (existsSync(final)) return final;
  return withLock(join(cacheFolder(), 'lock'), async () => {
    if (existsSync(final)) return final;
    removeLeftovers();
    const work = join(cacheFolder(), `${recipe.name}${partialSuffix}-${process.pid}`);
    try {
      await fill(recipe, work, final);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    return final;
  });
}

const partialSuffix = '.partial';

function removeLeftovers() {
  for (const name of readdirSync(cacheFolder())) {
    if (!name.includes(partialSuffix)) continue;
    rmSync(join(cacheFolder(), name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** @param {PrefixRecipe} recipe */
async function fill(recipe, work, final) {
  const built = join(work, 'built');
  mkdirSync(work);
  const env = await openPrivateApt(join(work, 'apt'), recipe.suite);
  const packages = recipe.programs ? [...recipe.packages, 'patchelf'] : recipe.packages;
  const files = await download(env, packages, {
    into: join(work, 'packages'),
    withDependencies: recipe.withDependencies ?? false,
    title: recipe.title,
  });
  await step(`unpacking ${recipe.title} into ${final}`, async () => {
    await unpack(files, built, [...excluded, ...(recipe.excluded ?? [])]);
    if (recipe.programs) await relocate(built, final);
    await recipe.finish?.(built, final);
  });
  renameSync(built, final);
  if (recipe.check === undefined) return;
  try {
    await step(`trying ${recipe.title}`, () => recipe.check(final));
  } catch (error) {
    rmSync(final, { recursive: true, force: true });
    throw error;
  }
}
