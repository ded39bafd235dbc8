import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DockerfileParser, type JSONInstruction } from 'dockerfile-ast';
import { z } from 'zod';

/** How the image runs a server: what it passes to Node before the script, and what it sets beside the server's own. */
export interface ImageStart {
  nodeArgs: string[];
  environment: Record<string, string>;
}

/** What concerns the server itself, or the image's own folders, is not of interest beside it. */
const ofTheServer = new Set(['HOST', 'PORT', 'NODE_ENV', 'NODE_COMPILE_CACHE']);

/** Reads from the Dockerfile how Node is started there. */
export async function imageStart(): Promise<ImageStart> {
  const text = await readFile(path.join(import.meta.dirname, '..', 'Dockerfile'), 'utf8');
  const dockerfile = DockerfileParser.parse(text);
  const entry = dockerfile.getENTRYPOINTs()[0];
  if (entry === undefined) throw new Error('the Dockerfile has no ENTRYPOINT');
  const words = z.array(z.string()).parse(JSON.parse(contentOf(entry)));
  const set = dockerfile.getENVs().flatMap((one) => one.getProperties());
  return {
    nodeArgs: words.slice(1, -1),
    environment: Object.fromEntries(
      set
        .map((one) => [one.getName(), one.getValue() ?? ''] as const)
        .filter(([name]) => !ofTheServer.has(name)),
    ),
  };
}

function contentOf(instruction: JSONInstruction): string {
  const content = instruction.getRawArgumentsContent() ?? '';
  return content.slice(content.indexOf('['));
}
