import { z } from 'zod';
import type { Kysely } from 'kysely';
import { readAudit, type AuditFilter, type StoredAuditEntry } from '../store/audit.ts';
import type { Database } from '../store/schema.ts';

/** The audit as it leaves the database: JSON Lines, one entry a line, in the order in which they were added. */

/** Entries that are in memory at a time. */
const pageSize = 500;

/** An entry as `sitrep audit --json` prints it. */
export const auditLine = z.object({
  at: z.iso.datetime(),
  who: z.string(),
  what: z.string(),
  repository: z.string().nullable(),
  issue: z.int().nullable(),
  delivery: z.string().nullable(),
  installationId: z.int().nullable(),
  repositoryId: z.int().nullable(),
  detail: z.unknown(),
});

export type AuditLine = z.infer<typeof auditLine>;

/** The entries that are asked for, a page at a time, each as text that ends in a line break. */
export async function* auditPages(db: Kysely<Database>, filter: AuditFilter): AsyncGenerator<string> {
  for (let after = 0; ;) {
    const page = await readAudit(db, filter, { after, limit: pageSize });
    if (page.length > 0) yield page.map(lineOf).join('');
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last.id;
  }
}

function lineOf({ id: _place, at, ...entry }: StoredAuditEntry): string {
  return `${onOneLine(JSON.stringify({ at: at.toISOString(), ...entry }))}\n`;
}

/** JSON may hold U+2028 and U+2029 as they are, which end a line for many readers of lines, Node's among them. */
function onOneLine(json: string): string {
  return json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** The filter as it stands in the address of a request, and back. */
export function filterQuery({ repository, issue, since, until }: AuditFilter): string {
  return new URLSearchParams({
    ...(repository === undefined ? {} : { repository }),
    ...(issue === undefined ? {} : { issue: String(issue) }),
    ...(since === undefined ? {} : { since: since.toISOString() }),
    ...(until === undefined ? {} : { until: until.toISOString() }),
  }).toString();
}

/** What `filterQuery` gave. @throws where it is something else. */
export function filterOf(query: URLSearchParams): AuditFilter {
  return filterSchema.parse(Object.fromEntries(query));
}

const time = z.iso.datetime().transform((text) => new Date(text));
const filterSchema = z.strictObject({
  repository: z.string().optional(),
  issue: z.coerce.number().int().positive().optional(),
  since: time.optional(),
  until: time.optional(),
});
