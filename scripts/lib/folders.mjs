/** Where things are. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top folder of this clone. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What every clone of this user shares: private toolchains. */
export function cacheFolder() {
  const { XDG_CACHE_HOME } = process.env;
  return join(XDG_CACHE_HOME ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'kernelgarten');
}
