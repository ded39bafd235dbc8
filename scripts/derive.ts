import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { scenarioJsonSchema } from '../sandbox/scenario/load.ts';
import { commandsPage } from './docs-commands.ts';
import { configurationPage, schemaFile } from './docs-configuration.ts';
import { diagnosisReference } from './docs-diagnosis.ts';
import { evidencePage } from './docs-evidence.ts';
import { operationsPage } from './docs-operations.ts';
import { galleryIndex, galleryPage, galleryPages } from './docs-gallery.ts';
import { diagnosisJsonSchema, snapshotJsonSchema, templatesJsonSchema } from './schemas.ts';

/**
 * Writes everything that is derived from the code: `node scripts/derive.ts`. A test says whether it is up to date.
 * The copies of GitHub's and Google's descriptions are made by `scripts/descriptions.ts`.
 */

/** A derived file: its path from the root, and its content as it should be. */
export interface Derived {
  file: string;
  content: () => Promise<string>;
}

/** All of them. */
export const derived: readonly Derived[] = [
  { file: 'sitrep.schema.json', content: () => Promise.resolve(schemaFile()) },
  schema('sandbox/scenario.schema.json', scenarioJsonSchema),
  schema('docs/schemas/snapshot.schema.json', snapshotJsonSchema),
  schema('docs/schemas/diagnosis.schema.json', diagnosisJsonSchema),
  schema('docs/schemas/templates.schema.json', templatesJsonSchema),
  {
    file: 'docs/configuration.md',
    content: async () => configurationPage(await readFile(pathOf('docs/sitrep.example.yml'), 'utf8')),
  },
  { file: 'docs/diagnosis.md', content: diagnosisReference },
  { file: 'docs/evidence.md', content: () => formatted('docs/evidence.md', evidencePage()) },
  { file: 'docs/commands.md', content: () => formatted('docs/commands.md', commandsPage()) },
  {
    file: 'docs/operations.md',
    content: async () =>
      formatted('docs/operations.md', operationsPage(await readFile(pathOf('docs/operations.md'), 'utf8'))),
  },
  { file: 'docs/gallery.md', content: async () => formatted('docs/gallery.md', await galleryIndex()) },
  ...galleryPages.map(({ name, kind, file }) => ({ file, content: () => galleryPage(name, kind) })),
];

function schema(file: string, make: () => Record<string, unknown>): Derived {
  return { file, content: () => formatted(file, JSON.stringify(make())) };
}

async function formatted(file: string, text: string): Promise<string> {
  const path = pathOf(file);
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

/** Where a file of the project stands. */
export function pathOf(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}

if (import.meta.main) {
  for (const { file, content } of derived) {
    await mkdir(dirname(pathOf(file)), { recursive: true });
    await writeFile(pathOf(file), await content());
  }
}
