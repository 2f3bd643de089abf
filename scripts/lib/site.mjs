/** The playground as a static site. */
import { buildPages } from './vite_build.mjs';

/** Builds it if anything has changed; the engine must be staged. */
export function buildSite() {
  return buildPages('the playground', 'vite.config.ts', ['web', 'svelte.config.js', 'public']);
}
