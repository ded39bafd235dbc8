import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  build,
  RolldownMagicString,
  type ChunkingContext,
  type LogLevel,
  type Plugin,
  type RolldownLog,
} from 'rolldown';
import type { ESTree } from 'rolldown/utils';

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
 * Packages of which a running server has all in memory. Hundreds of small modules take longer to find and read than to run,
 * and their texts stay in memory with what nobody calls, so these are in the bundle; all others are loaded from where npm has
 * put them.
 */
const bundled = new Set([
  '@marcbachmann/cel-js',
  '@octokit/auth-app',
  '@octokit/rest',
  '@opentelemetry/api',
  'commander',
  'fastest-levenshtein',
  'google-auth-library',
  'handlebars',
  'kysely',
  'minisearch',
  'node-diff3',
  'pg',
  'pg-boss',
  'pino',
  'probot',
  'remark-gfm',
  'remark-parse',
  'standardwebhooks',
  'unified',
  'uuid',
  'ws',
  'yaml',
  'zod',
]);

/**
 * What packages load for what Sitrep does not do with them, by the package that would load it, with the names it takes; null
 * for what is one function.
 */
const leftOut = [
  // pg-boss' schedules are off (`src/queue/boss.ts`); this is a third of all that is loaded before the first webhook.
  { id: 'cron-parser', by: 'pg-boss', names: ['CronExpressionParser'] },
  { id: 'rrule-temporal', by: 'pg-boss', names: ['RRuleTemporal'] },
  // No subcommand is a program of its own. Node loads half of its network for it.
  { id: 'node:child_process', by: 'commander', names: ['spawn'] },
  // The log is written by this thread.
  { id: 'thread-stream', by: 'pino', names: null },
];

const withoutUnused: Plugin = {
  name: 'without-unused',
  resolveId(id, importer) {
    const left = leftOut.find(
      (one) => one.id === id && importer?.includes(`/node_modules/${one.by}/`) === true,
    );
    return left === undefined ? null : `\0left-out:${id}`;
  },
  load(id) {
    const left = leftOut.find((one) => `\0left-out:${one.id}` === id);
    if (left === undefined) return null;
    const fault = `throw new Error(${JSON.stringify(`${left.id} is not in this build`)});`;
    if (left.names === null) return `module.exports = function leftOut() { ${fault} }`;
    return left.names.map((name) => `export function ${name}() { ${fault} }`).join('\n');
  },
};

/**
 * Node's own modules are taken as they are. An import of one names all that it exports, and so loads what is behind each name:
 * with `node:crypto` the whole of Web Crypto, with `node:http` the client behind `fetch`; together a third of a start.
 */
const plainBuiltins: Plugin = {
  name: 'plain-builtins',
  renderChunk(code) {
    const changed = new RolldownMagicString(code);
    for (const statement of this.parse(code).body)
      if (statement.type === 'ImportDeclaration' && statement.source.value.startsWith('node:'))
        changed.overwrite(statement.start, statement.end, taken(statement));
    return { code: changed.toString() };
  },
};

/** What an import of one of Node's modules says, as declarations. */
function taken({ source, specifiers }: ESTree.ImportDeclaration): string {
  const builtin = `process.getBuiltinModule(${JSON.stringify(source.value)})`;
  const whole = specifiers.filter(({ type }) => type !== 'ImportSpecifier');
  const named = specifiers.flatMap((one) => (one.type === 'ImportSpecifier' ? [renamed(one)] : []));
  return [
    ...whole.map(({ local }) => `var ${local.name} = ${builtin};`),
    ...(named.length === 0 ? [] : [`var { ${named.join(', ')} } = ${builtin};`]),
  ].join('');
}

function renamed({ imported, local }: ESTree.ImportSpecifier): string {
  const name = imported.type === 'Identifier' ? imported.name : JSON.stringify(imported.value);
  return `${name}: ${local.name}`;
}

/** Whether a module is left where npm puts it: what our code imports of the packages that are not bundled. */
function isExternal(id: string, importer: string | undefined): boolean {
  const isOurs = importer?.includes('/node_modules/') !== true;
  return isOurs && !/^[./]|^\0|^node:/u.test(id) && !bundled.has(packageOf(id));
}

/** `@scope/name` of `@scope/name/file`. */
function packageOf(id: string): string {
  return id.split('/', id.startsWith('@') ? 2 : 1).join('/');
}

/** Warnings that are known, with where they come from. */
const known: readonly { code: string; of: RegExp }[] = [
  // It looks for Redis so, where it is asked to share limits: Sitrep's own do not go through it.
  { code: 'EVAL', of: /[/]bottleneck[/]/u },
  // The checkout loads it at the same place, as a module of its own.
  { code: 'INEFFECTIVE_DYNAMIC_IMPORT', of: /composition[/]front\.ts/u },
];

function failOnWarning(level: LogLevel, { code, id, message }: RolldownLog): void {
  if (level !== 'warn') return;
  if (known.some((one) => one.code === code && one.of.test(`${id ?? ''} ${message}`))) return;
  throw new Error(message);
}

/**
 * What a start reads, stage by stage: all that a stage imports is in one file, since a file more costs a start a millisecond or
 * two. Each stage holds what those before it do not.
 */
const stages = [
  { name: 'command', begins: ['src/cli.ts'] },
  { name: 'connection', begins: ['src/cli/serve.ts'] },
  { name: 'intake', begins: ['src/intake/server.ts'] },
  { name: 'store', begins: ['src/composition/taking.ts'] },
];
const stageOf = new Map<string, string>();

/** The stage of a module; null for what a start reads later, or never. */
function stage(id: string, context: ChunkingContext): string | null {
  if (stageOf.size === 0)
    for (const { name, begins } of stages)
      for (const begin of begins) enter(path.join(root, begin), name, context);
  // What the command awaits at its top imports from the stages in turn: it must not be in one of them.
  return entries.some((entry) => path.join(root, entry) === id) ? null : (stageOf.get(id) ?? null);
}

/** Puts a module into a stage with all that it imports, except what is in one already. */
function enter(id: string, name: string, context: ChunkingContext): void {
  if (stageOf.has(id)) return;
  stageOf.set(id, name);
  for (const imported of context.getModuleInfo(id)?.importedIds ?? []) enter(imported, name, context);
}

/**
 * Escapes what is not ASCII: with one other character in it V8 keeps a file's text in two bytes for each, and takes longer to
 * read it. Strings, templates and regular expressions mean the same with escapes.
 */
async function writeAsAscii(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (/\.raw`[^`]*[^\0-\x7f]/u.test(text)) throw new Error(`${file} has a text in which an escape is none`);
  await writeFile(
    file,
    text.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

await rm(target, { recursive: true, force: true });
await build({
  cwd: root,
  input: entries,
  platform: 'node',
  external: isExternal,
  plugins: [withoutUnused, plainBuiltins],
  onLog: failOnWarning,
  output: {
    dir: target,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    codeSplitting: { groups: [{ name: stage, debugName: 'stages of a start' }] },
    // The names of functions and classes stay, so that a stack trace can be read.
    minify: { compress: true, mangle: { toplevel: false, keepNames: true }, codegen: true },
    comments: { legal: true, annotation: false, jsdoc: false },
  },
});
for (const file of await readdir(target))
  if (stages.some(({ name }) => file.startsWith(`${name}-`))) await writeAsAscii(path.join(target, file));
for (const name of read)
  await cp(path.join(root, name), path.join(target, name), {
    recursive: true,
    filter: (file) => !file.endsWith('.ts'),
  });
