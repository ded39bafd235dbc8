import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

/**
 * Packs Sitrep as it is published, installs that in an empty folder, and uses it there under the oldest Node that `engines`
 * allows. Takes a minute or two, so that CI runs it beside the tests.
 */

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '..');
const patienceMs = 10 * 60_000;
const output = { maxBuffer: 64 * 1_024 * 1_024, timeout: patienceMs };

/** Grows with the scenarios; what is far beyond holds something that nobody needs. */
const mostBytes = 1_500_000;

const manifestSchema = z.object({
  version: z.string(),
  engines: z.object({ node: z.string().regex(/^>=\d+\.\d+\.\d+$/u) }),
});
const packedSchema = z.tuple([
  z.object({
    filename: z.string(),
    size: z.int(),
    unpackedSize: z.int(),
    files: z.array(z.object({ path: z.string() })),
  }),
]);

const { version, engines } = manifestSchema.parse(
  JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')),
);
/** The registry has Node itself, for each platform, in packages without a script. */
const oldestNode = `node-${process.platform}-${process.arch}`;

const dir = await mkdtemp(path.join(tmpdir(), 'sitrep-packed-'));
try {
  const { file, told } = await pack(dir);
  process.stdout.write(`${told}\n`);
  const home = path.join(dir, 'home');
  await install(home, file);
  await use(home);
  process.stdout.write(
    `installed, and used under Node ${engines.node}: --version, --help, check, sandbox --once\n`,
  );
} finally {
  await rm(dir, { recursive: true, force: true });
}

/** Packs into a folder; gives the file, and what it holds in words. */
async function pack(target: string): Promise<{ file: string; told: string }> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', target], {
    cwd: root,
    ...output,
  });
  const [{ filename, size, unpackedSize, files }] = packedSchema.parse(JSON.parse(stdout));
  const strangers = files.filter(({ path: name }) => !isWanted(name));
  assert.deepEqual(strangers, [], 'the package holds what nobody needs');
  assert.ok(size <= mostBytes, `the package has ${String(size)} bytes, more than ${String(mostBytes)}`);
  return {
    file: path.join(target, filename),
    told: `${filename}: ${inKilobytes(size)}, ${inKilobytes(unpackedSize)} unpacked, ${String(files.length)} files`,
  };
}

function isWanted(name: string): boolean {
  return (
    !name.endsWith('.ts') &&
    /^(?:bin\/sitrep\.js|dist\/.+|package\.json|README\.md|CHANGELOG\.md|LICENSE|sitrep\.schema\.json)$/u.test(
      name,
    )
  );
}

function inKilobytes(bytes: number): string {
  return `${String(Math.round(bytes / 1_000))} kB`;
}

/** Installs the packed file as a user does, into a folder without anything, with the oldest Node beside it. */
async function install(home: string, file: string): Promise<void> {
  await mkdir(home);
  await writeFile(
    path.join(home, 'package.json'),
    JSON.stringify({ private: true, allowScripts: { protobufjs: false } }),
  );
  const oldest = `${oldestNode}@${engines.node.slice('>='.length)}`;
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...quietly, file, oldest], { cwd: home, ...output });
}

async function use(home: string): Promise<void> {
  await cp(path.join(root, 'docs', 'sitrep.example.yml'), path.join(home, '.github', 'sitrep.yml'));
  const templates = path.join(home, '.github', 'sitrep', 'templates');
  await mkdir(templates, { recursive: true });
  await writeFile(path.join(templates, 'brief.hbs'), '{{headline}}\n');

  assert.equal(await sitrep(home, '--version'), `${version}\n`);
  assert.match(await sitrep(home, '--help'), /Usage: sitrep/u);
  // The templates are run in a thread, whose file is another one in the package.
  assert.match(await sitrep(home, 'check'), /^\S+: no error\n\S+: no error\n$/u);
  // Its text is what the tests look at: here it counts that all that it is made of was found.
  assert.match(await sitrep(home, 'sandbox', '--once'), /^# .+ \(#\d+\)\n[\s\S]*🚀/u);
}

async function sitrep(home: string, ...args: string[]): Promise<string> {
  const node = path.join(home, 'node_modules', oldestNode, 'bin');
  const PATH = `${node}${path.delimiter}${process.env['PATH'] ?? ''}`;
  const { stdout } = await run('npx', ['--no-install', 'sitrep', ...args], {
    cwd: home,
    env: { ...process.env, PATH },
    ...output,
  });
  return stdout;
}
