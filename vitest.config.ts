import { configDefaults, defineConfig } from 'vitest/config';

// Processes that the tests start find what Node made of the source before them.
process.env['NODE_COMPILE_CACHE'] ??= new URL(
  'node_modules/.cache/sitrep-compiled/',
  import.meta.url,
).pathname;

const filesOf = (folder: string): string => `test/${folder}/**/*.test.ts`;

/**
 * Files that start no app and change nothing of their process: those of one worker share what they load, and the
 * scenarios' stories that they have told.
 */
const sharing = [
  ...[
    'collectors',
    'commands',
    'config',
    'core',
    'gallery',
    'inventory',
    'publish',
    'scenarios',
    'templates',
    'worker',
  ].map(filesOf),
  'test/security/public-{hostile,kinds}.test.ts',
];

/**
 * Files that start the app, the stand-ins or databases in their own process, and stop them: they share what is loaded, the
 * stand-ins' compiled checks and the machine code of the embedded database, which cost as much as a few tests. One file
 * stays out, since it loads modules anew.
 */
const playing = [
  ...['app', 'browser', 'cli', 'composition', 'docs', 'faults', 'intake', 'queue', 'sandbox'].map(filesOf),
  'test/security/!(linear).test.ts',
];

/** Files about the database itself, or about what is left of it, each of which starts it. */
const storing = [filesOf('store'), 'test/cli/start.test.ts'];

/** All others have one in memory running already, as it was left fresh by the test before. */
const setupFiles = ['test/kept/databases.ts'];

/**
 * The embedded database runs for seconds in each process: machine code that is made quickly costs less in all than code that
 * runs quickly.
 */
const execArgv = ['--liftoff-only'];

const common = {
  pool: 'forks',
  sequence: { shuffle: true },
  restoreMocks: true,
  unstubEnvs: true,
  // Ends what hangs; how long something takes on a busy machine says nothing of it.
  testTimeout: 120_000,
  hookTimeout: 240_000,
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
          name: 'playing',
          include: playing,
          exclude: [...configDefaults.exclude, ...sharing, ...storing],
          isolate: false,
          execArgv,
          setupFiles,
        },
      },
      { test: { ...common, name: 'storing', include: storing, isolate: false, execArgv } },
      {
        test: {
          ...common,
          name: 'apart',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...sharing, ...playing, ...storing],
          execArgv,
          setupFiles,
        },
      },
    ],
  },
});
