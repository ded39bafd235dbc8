import { configDefaults, defineConfig } from 'vitest/config';

// Processes that the tests start find what Node made of the source before them.
process.env['NODE_COMPILE_CACHE'] ??= new URL(
  'node_modules/.cache/sitrep-compiled/',
  import.meta.url,
).pathname;

/** Files that start no server of ours and change nothing of their process: those of one worker share what they load. */
const sharing = [
  'collectors',
  'commands',
  'config',
  'core',
  'inventory',
  'publish',
  'scenarios',
  'templates',
  'worker',
].map((folder) => `test/${folder}/**/*.test.ts`);

const common = {
  pool: 'forks',
  sequence: { shuffle: true },
  restoreMocks: true,
  unstubEnvs: true,
  testTimeout: 30_000,
  hookTimeout: 60_000,
} as const;

export default defineConfig({
  test: {
    // One less than the cores by default: but these tests wait for servers more than they compute.
    maxWorkers: '100%',
    projects: [
      { test: { ...common, name: 'sharing', include: sharing, isolate: false } },
      {
        test: {
          ...common,
          name: 'apart',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...sharing],
          // The embedded database runs for seconds in each process: machine code that is made quickly costs less in all
          // than code that runs quickly.
          execArgv: ['--liftoff-only'],
        },
      },
    ],
  },
});
