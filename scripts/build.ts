import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'rolldown';

/**
 * Makes `dist/`, which is what the package and the image run: the code in few files, and beside it, under the paths of the
 * checkout, what it reads when it runs (`src/own-files.ts`).
 */

const root = path.join(import.meta.dirname, '..');
const target = path.join(root, 'dist');

/** What a process begins with: the command, and the modules that run in threads of their own. */
const entries = ['src/cli.ts', 'src/store/embedded.worker.ts', 'src/templates/own/render.worker.ts'];

/** Read when Sitrep runs. What is code in them is in the bundle. */
const read = [
  'app.yml',
  'migrations',
  'sandbox/descriptions',
  'sandbox/page/assets',
  'sandbox/scenarios',
  'src/templates',
];

/**
 * Packages that the server needs before it takes its first webhook. Hundreds of small modules take longer to find and read
 * than to run, so these are in the bundle; all others are loaded from where npm has put them.
 */
const bundled = new Set([
  'commander',
  'fastest-levenshtein',
  'kysely',
  'pg',
  'pg-boss',
  'pino',
  'uuid',
  'yaml',
  'zod',
]);

/**
 * What pg-boss reads schedules with. Its schedules are off (`src/queue/boss.ts`), and this is a third of all that is loaded
 * before the first webhook.
 */
const ofSchedules = new Set(['cron-parser', 'rrule-temporal']);

const withoutSchedules: Plugin = {
  name: 'without-schedules',
  resolveId: (id) => (ofSchedules.has(id) ? `\0${id}` : null),
  load: (id) =>
    ofSchedules.has(id.slice(1))
      ? `const left = () => { throw new Error("${id.slice(1)} is not in this build"); };
         export { left as CronExpressionParser, left as RRuleTemporal };`
      : null,
};

/** Whether a module is left where npm puts it: what our code imports of the packages that are not bundled. */
function isExternal(id: string, importer: string | undefined): boolean {
  const isOurs = importer?.includes('/node_modules/') !== true;
  return isOurs && !/^[./]|^\0|^node:/u.test(id) && !bundled.has(packageOf(id));
}

/** `@scope/name` of `@scope/name/file`. */
function packageOf(id: string): string {
  return id.split('/', id.startsWith('@') ? 2 : 1).join('/');
}

await rm(target, { recursive: true, force: true });
await build({
  cwd: root,
  input: entries,
  platform: 'node',
  external: isExternal,
  plugins: [withoutSchedules],
  logLevel: 'warn',
  output: {
    dir: target,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    // Names stay, so that a stack trace can be read.
    minify: { compress: true, mangle: false, codegen: true },
    comments: { legal: true, annotation: false, jsdoc: false },
  },
});
for (const name of read)
  await cp(path.join(root, name), path.join(target, name), {
    recursive: true,
    filter: (file) => !file.endsWith('.ts'),
  });
