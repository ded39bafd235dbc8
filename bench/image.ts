import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { z } from 'zod';

/** What the image tells Node itself before the script, by its Dockerfile. */
export async function imageNodeArgs(): Promise<string[]> {
  const text = await readFile(path.join(import.meta.dirname, '..', 'Dockerfile'), 'utf8');
  const entry = DockerfileParser.parse(text).getENTRYPOINTs()[0]?.getRawArgumentsContent() ?? '[]';
  const words = z.array(z.string()).parse(JSON.parse(entry.slice(entry.indexOf('['))));
  if (words.length < 2) throw new Error('the Dockerfile starts no script with Node');
  return words.slice(1, -1);
}
