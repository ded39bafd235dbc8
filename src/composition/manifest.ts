import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

/** The App's manifest, which lies at the root of the package. */
const file = new URL('../../app.yml', import.meta.url);

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
  return manifestSchema.parse(parse(await readFile(file, 'utf8')));
}
