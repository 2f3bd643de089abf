import { fileURLToPath } from 'node:url';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** What makes a page cross-origin isolated, which threads need. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  root: path('./web'),
  base: './',
  publicDir: path('./public'),
  cacheDir: path('./node_modules/.vite'),
  resolve: {
    alias: {
      'kernelgarten/judge': path('./bindings/src/digit_judge.ts'),
      kernelgarten: path('./bindings/src/index.ts'),
    },
  },
  build: { outDir: path('./build/site'), emptyOutDir: true, target: 'es2023' },
  worker: { format: 'es' },
  server: { headers },
  preview: { headers },
  plugins: [
    paraglideVitePlugin({
      project: path('./web/project.inlang'),
      outdir: path('./web/i18n/generated'),
      strategy: ['globalVariable', 'baseLocale'],
    }),
    svelte({ configFile: path('./svelte.config.js') }),
  ],
});
