import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The pages that `npm run bench` and `npm run accept` open in headless Chromium. */
export default defineConfig({
  root: path('./browser'),
  base: './',
  publicDir: false,
  resolve: {
    alias: {
      'kernelgarten/judge': path('../bindings/src/digit_judge.ts'),
      kernelgarten: path('../bindings/src/index.ts'),
    },
  },
  build: {
    outDir: path('../build/bench'),
    emptyOutDir: true,
    target: 'es2023',
    rolldownOptions: {
      input: ['bench', 'bare', 'judged', 'accept'].map((page) => path(`./browser/${page}.html`)),
    },
  },
  worker: { format: 'es' },
});
