import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const root = path.join(import.meta.dirname, '..');

/**
 * What the changelog says of a version: the lines below its heading, `## 1.2.3 - 2026-11-28`, up to the next one.
 *
 * @throws where it has no such heading: it is still called Unreleased
 */
export function changesOf(changelog: string, version: string): string {
  const parts = changelog.split(/^## (?=\S)/mu);
  const part = parts.find((text) => text.startsWith(`${version} - `));
  if (part === undefined)
    throw new Error(`CHANGELOG.md has no heading for ${version}: name what is Unreleased, with its date`);
  return part.slice(part.indexOf('\n')).trim();
}

if (import.meta.main) {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')));
  const changelog = await readFile(path.join(root, 'CHANGELOG.md'), 'utf8');
  process.stdout.write(`${changesOf(changelog, version)}\n`);
}
