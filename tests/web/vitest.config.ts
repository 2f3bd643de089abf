import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The page's pure functions; nothing here needs a browser. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: {
    alias: {
      kernelgarten: fileURLToPath(new URL('../../bindings/src/index.ts', import.meta.url)),
    },
  },
  test: { include: ['unit/**/*.test.ts'], environment: 'node' },
});
