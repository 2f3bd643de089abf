import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** The page that `npm run bench:peers` opens in headless Chromium. */
export default defineConfig({
  root: path('./browser'),
  base: './',
  publicDir: false,
  build: {
    outDir: path('../../build/peers'),
    emptyOutDir: true,
    target: 'es2023',
    // TensorFlow.js starts its threads from the source text of one of its functions.
    minify: false,
    rolldownOptions: { input: path('./browser/peers.html') },
  },
  worker: { format: 'es' },
});
