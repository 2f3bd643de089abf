import { defineConfig } from 'vitest/config';
import { relaxedSimdFlags } from './scripts/lib/relaxed_simd.mjs';

export default defineConfig({
  test: {
    include: ['tests/sdk/**/*.test.ts'],
    globalSetup: 'tests/sdk/global_setup.ts',
    environment: 'node',
    execArgv: await relaxedSimdFlags(),
    testTimeout: 20_000,
  },
});
