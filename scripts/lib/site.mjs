/** The playground as a static site. */
import { buildPages } from './vite_build.mjs';

/** Where `vite.config.ts` puts it, from the top folder. */
export const siteFolder = 'build/site';

/** For `buildPages`. */
export const sitePages = {
  title: 'the playground',
  configFile: 'vite.config.ts',
  output: siteFolder,
  inputs: ['web', 'svelte.config.js', 'public'],
};

/** Builds it if anything has changed; the engine must be staged. */
export function buildSite() {
  return buildPages(sitePages);
}
