import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  acceptTemplates,
  isTemplate,
  type FoundTemplate,
  type OwnTemplates,
} from '../core/own-templates/own-templates.ts';
import type { TemplateProblem } from '../core/own-templates/problem.ts';
import { fileFault } from './files.ts';
import { InputError } from './io.ts';

/** The templates of a directory, as a repository would have them; null where there is no such directory. */
export async function readTemplateFiles(folder: string): Promise<OwnTemplates | null> {
  const kinds = await filesIn(folder, '');
  if (kinds === null) return null;
  const partials = await filesIn(join(folder, 'partials'), 'partials/');
  return acceptTemplates([...kinds, ...(partials ?? [])]);
}

async function filesIn(folder: string, prefix: string): Promise<FoundTemplate[] | null> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const templates = entries.filter((entry) => !entry.isDirectory() && isTemplate(entry.name));
    return await Promise.all(
      templates.map(async (entry) => {
        const path = prefix + entry.name;
        // A link is not followed, as GitHub does not follow it.
        if (!entry.isFile()) return { path, size: 0, text: null };
        const bytes = await readFile(join(folder, entry.name));
        return { path, size: bytes.length, text: textOf(bytes) };
      }),
    );
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing) return null;
    throw fileFault(folder, error);
  }
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The templates of a directory. @throws InputError where there is no such directory. */
export async function demandTemplateFiles(folder: string): Promise<OwnTemplates> {
  const read = await readTemplateFiles(folder);
  if (read === null) throw new InputError(`${folder}: there is no such directory`);
  return read;
}

/** One problem of a template on a line: place, message, remedy. */
export function problemLine(
  folder: string,
  { file, line, column, message, remedy }: TemplateProblem,
): string {
  const place = line === null || column === null ? '' : `:${String(line)}:${String(column)}`;
  return `${join(folder, file)}${place}: ${message}; ${remedy}`;
}
