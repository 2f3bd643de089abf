import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** The page's pure functions; nothing here needs a browser. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: {
    alias: {
      kernelgarten: fileURLToPath(new URL('../../bindings/src/index.ts', import.meta.url)),
    },
  },
  // Runes in modules, without components.
  plugins: [
    svelte({ configFile: fileURLToPath(new URL('../../svelte.config.js', import.meta.url)) }),
  ],
  test: { include: ['unit/**/*.test.ts'], environment: 'node' },
});
