import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const manifest = z
  .object({ default_permissions: z.record(z.string(), z.string()), default_events: z.array(z.string()) })
  .parse(parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8')));

/** The App's manifest with what operators who ask for teams add to it. */
export const manifestWithTeams = {
  ...manifest,
  default_permissions: { ...manifest.default_permissions, members: 'read' },
};
