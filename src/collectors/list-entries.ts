import { z } from 'zod';
import type { GoogleContext } from './collector.ts';
import { parseAnswer } from './parse-answer.ts';

/** Host of Cloud Logging. */
export const logging = 'logging.googleapis.com';

/** Entries of a page, the API's greatest. */
export const entriesOfPage = 1_000;

/** Pages of one query that are read at most; the API allows 60 reads a minute and project. */
const pageCap = 3;

const page = <Entry extends z.ZodType>(entry: Entry) =>
  z.object({ entries: z.array(entry).default([]), nextPageToken: z.string().optional() });

/** Entries of a query, newest first, each once by its key; `partial` where the cap cut the list. */
export async function listEntries<Entry>(
  filter: string,
  { entry, keyOf }: { entry: z.ZodType<Entry>; keyOf: (entry: Entry) => string },
  { google, project }: Pick<GoogleContext, 'google' | 'project'>,
  abort: AbortSignal,
): Promise<{ entries: Entry[]; partial: boolean }> {
  const schema = page(entry);
  const entries = new Map<string, Entry>();
  let pageToken: string | undefined;
  for (let read = 0; read < pageCap; read += 1) {
    const body = {
      resourceNames: [`projects/${project}`],
      filter,
      orderBy: 'timestamp desc',
      pageSize: entriesOfPage,
      ...(pageToken === undefined ? {} : { pageToken }),
    };
    const answer = await google.post({ host: logging, path: '/v2/entries:list', body, signal: abort });
    const parsed = parseAnswer(schema, answer, 'log entries');
    for (const one of parsed.entries) entries.set(keyOf(one), one);
    pageToken = parsed.nextPageToken;
    if (!pageToken) return { entries: [...entries.values()], partial: false };
  }
  return { entries: [...entries.values()], partial: true };
}
