import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/sdk/**/*.test.ts'],
    globalSetup: 'tests/sdk/global_setup.ts',
    environment: 'node',
    testTimeout: 20_000,
  },
});
