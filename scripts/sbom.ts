import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

/**
 * Prints the bill of materials of what users get, as CycloneDX JSON.
 *
 * `npm sbom --omit dev` leaves out what our tests name and a dependency needs too, so it is asked about a manifest and a
 * lockfile that have never heard of the tests. It calls the project by its folder.
 */

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '..');

const manifestSchema = z.looseObject({ name: z.string(), devDependencies: z.unknown() });
const lockSchema = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ dev: z.boolean().optional() })),
});

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(path.join(root, file), 'utf8'));
}

const { devDependencies: _tests, ...manifest } = manifestSchema.parse(await readJson('package.json'));
const lock = lockSchema.parse(await readJson('package-lock.json'));
const packages = Object.fromEntries(
  Object.entries(lock.packages)
    .filter(([, { dev }]) => dev !== true)
    .map(([place, entry]) => [place, place === '' ? { ...entry, devDependencies: undefined } : entry]),
);

const dir = await mkdtemp(path.join(tmpdir(), 'sitrep-sbom-'));
try {
  const project = path.join(dir, manifest.name);
  await mkdir(project);
  await writeFile(path.join(project, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(project, 'package-lock.json'), JSON.stringify({ ...lock, packages }));
  const { stdout } = await run(
    'npm',
    ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'],
    { cwd: project, maxBuffer: 16 * 1_024 * 1_024 },
  );
  process.stdout.write(stdout);
} finally {
  await rm(dir, { recursive: true, force: true });
}
