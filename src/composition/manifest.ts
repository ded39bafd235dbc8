import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { ownFile } from '../own-files.ts';

const manifestSchema = z.object({
  name: z.string(),
  url: z.string(),
  description: z.string(),
  public: z.boolean(),
  default_permissions: z.record(z.string(), z.string()),
  default_events: z.array(z.string()),
});

/** What the App is registered with: the permissions and events that it needs. */
export type AppManifest = z.infer<typeof manifestSchema>;

/** Reads `app.yml` of this Sitrep, wherever it is run. */
export async function readAppManifest(): Promise<AppManifest> {
  return manifestSchema.parse(parse(await readFile(ownFile('app.yml'), 'utf8')));
}
