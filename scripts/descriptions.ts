import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { githubDescriptions } from './descriptions/github.ts';
import { googleDescriptions } from './descriptions/google.ts';
import { graphqlDescription } from './descriptions/graphql.ts';
import type { DescriptionSource } from './descriptions/source.ts';

/**
 * Makes the trimmed descriptions of `sandbox/descriptions/` from the packages that carry them in full.
 *
 *   node scripts/descriptions.ts [--check] [--from DIR]
 *
 * `--check` writes nothing and ends with 1 where a committed file differs, naming it. `--from` takes packages
 * that are installed below DIR/node_modules; without it they are installed into a directory that is removed.
 */

const sources: DescriptionSource[] = [githubDescriptions, graphqlDescription, googleDescriptions];
const target = join(import.meta.dirname, '..', 'sandbox', 'descriptions');

function run(command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))));
  });
}

async function withPackages<T>(
  from: string | undefined,
  use: (nodeModules: string) => Promise<T>,
): Promise<T> {
  if (from !== undefined) return use(join(from, 'node_modules'));
  const directory = await mkdtemp(join(tmpdir(), 'sitrep-descriptions-'));
  try {
    const wanted = sources
      .flatMap(({ packages }) => Object.entries(packages))
      .map((entry) => entry.join('@'));
    await run('npm', ['install', '--ignore-scripts', '--no-save', '--prefix', directory, ...wanted]);
    return await use(join(directory, 'node_modules'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A description made of another version would differ without telling why. */
async function demandVersions(nodeModules: string): Promise<void> {
  for (const [name, version] of sources.flatMap(({ packages }) => Object.entries(packages))) {
    const manifest = await readFile(join(nodeModules, name, 'package.json'), 'utf8');
    const installed = z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
    if (installed !== version)
      throw new Error(`${name} is ${installed} in ${nodeModules}, ${version} is wanted`);
  }
}

async function make(nodeModules: string): Promise<Record<string, string>> {
  await demandVersions(nodeModules);
  const made: Record<string, string> = {};
  for (const source of sources) Object.assign(made, await source.outputs(nodeModules));
  return made;
}

async function committed(file: string): Promise<string | null> {
  try {
    return await readFile(join(target, file), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Where the committed text leaves the made one; null where they are the same. */
function difference(file: string, have: string | null, want: string): string | null {
  if (have === want) return null;
  if (have === null) return `${file} is missing`;
  const [haveLines, wantLines] = [have.split('\n'), want.split('\n')];
  const line = wantLines.findIndex((text, index) => text !== haveLines[index]);
  const at = line < 0 ? wantLines.length : line;
  return `${file}, line ${at + 1}: committed ${haveLines[at] ?? '(end)'} | made ${wantLines[at] ?? '(end)'}`;
}

async function check(made: Record<string, string>): Promise<void> {
  const differences: string[] = [];
  for (const [file, text] of Object.entries(made)) {
    const found = difference(file, await committed(file), text);
    if (found !== null) differences.push(found);
  }
  if (differences.length > 0) throw new Error(differences.join('\n'));
  process.stdout.write(`${Object.keys(made).length} descriptions are as the packages have them\n`);
}

async function write(made: Record<string, string>): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const [file, text] of Object.entries(made)) {
    await writeFile(join(target, file), text);
    process.stdout.write(`${file}: ${Buffer.byteLength(text)} bytes\n`);
  }
}

try {
  const options = { check: { type: 'boolean', default: false }, from: { type: 'string' } } as const;
  const { values } = parseArgs({ options });
  const made = await withPackages(values.from, make);
  await (values.check ? check(made) : write(made));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
