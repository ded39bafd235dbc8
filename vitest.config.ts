import { defineConfig } from 'vitest/config';

// Processes that the tests start find what Node made of the source before them.
process.env['NODE_COMPILE_CACHE'] ??= new URL(
  'node_modules/.cache/sitrep-compiled/',
  import.meta.url,
).pathname;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // The embedded database runs for seconds in each process: machine code that is made quickly costs less in all than
    // code that runs quickly.
    execArgv: ['--liftoff-only'],
    // One less than the cores by default: but these tests wait for servers more than they compute.
    maxWorkers: '100%',
    sequence: { shuffle: true },
    restoreMocks: true,
    unstubEnvs: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
