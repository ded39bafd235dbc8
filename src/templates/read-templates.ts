import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ownFile } from '../own-files.ts';

/** The built-in templates of this folder, or of one in it, each with its name. */
export function readTemplates(folder: '.' | 'partials'): [name: string, text: string][] {
  const path = join(ownFile('src/templates'), folder);
  return readdirSync(path)
    .filter((file) => file.endsWith('.hbs'))
    .sort()
    .map((file) => [basename(file, '.hbs'), readFileSync(join(path, file), 'utf8')]);
}
