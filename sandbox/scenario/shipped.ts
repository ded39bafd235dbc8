import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ownFile } from '../../src/own-files.ts';

const shipped = ownFile('sandbox/scenarios');
const headSchema = z.object({ title: z.string() });

/** The scenarios of `sandbox/scenarios/` with their titles, by name. Only the line of the title is read as YAML. */
export async function shippedScenarios(): Promise<{ name: string; title: string }[]> {
  const entries = await readdir(shipped, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(names.sort().map(async (name) => ({ name, title: await titleOf(name) })));
}

async function titleOf(name: string): Promise<string> {
  const text = await readFile(join(shipped, name, 'scenario.yml'), 'utf8');
  const line = /^title:.*$/mu.exec(text)?.[0] ?? '';
  return headSchema.parse(parse(line)).title;
}
