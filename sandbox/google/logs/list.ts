import { z } from 'zod';
import { invalid } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { openPage, pageSize, pageToken } from '../pages.ts';
import type { LogEntry } from './entries.ts';
import { logFilter } from './filter.ts';

/** `entries:list` of Cloud Logging. */

const method = 'google.logging.v2.LoggingServiceV2.ListLogEntries';

/** The request, which has been judged by its message type already. */
const requestSchema = z.object({
  resourceNames: z.array(z.string()).default([]),
  filter: z.string().default(''),
  orderBy: z.string().default(''),
  pageSize: z.number().default(0),
});
type Request = z.infer<typeof requestSchema>;

/** @throws GoogleError INVALID_ARGUMENT for no names, or for something but projects */
function demandProjects({ resourceNames }: Request): void {
  if (resourceNames.length === 0) throw invalid('resource_names is missing or empty.', 'resourceNames');
  const foreign = resourceNames.find((name) => !/^projects\/[^/]+$/.test(name));
  if (foreign !== undefined) {
    throw invalid(`The stand-in reads projects/PROJECT only, not '${foreign}'.`, 'resourceNames');
  }
}

function isNewestFirst({ orderBy }: Request): boolean {
  if (orderBy === '' || orderBy === 'timestamp asc') return false;
  if (orderBy === 'timestamp desc') return true;
  throw invalid(`order_by is 'timestamp asc' or 'timestamp desc', not '${orderBy}'.`, 'orderBy');
}

function sizeOf({ pageSize: size }: Request): number {
  if (size > 1000) throw invalid('page_size is at most 1000.', 'pageSize');
  return pageSize(size, { usual: 50, most: 1000 });
}

/** @throws GoogleError INVALID_ARGUMENT for a filter that is longer than the API takes (cloud.google.com/logging/quotas) */
function demandShort({ filter }: Request): void {
  if (filter.length > 20_000) throw invalid('filter is longer than 20000 characters.', 'filter');
}

/** Answers `entries:list` from the entries whose time is not after `now`. `entries` are oldest first. */
export function listLogEntries(entries: readonly LogEntry[], message: JsonObject, now: Date): JsonObject {
  const request = requestSchema.parse(message);
  demandProjects(request);
  demandShort(request);
  const newestFirst = isNewestFirst(request);
  const size = sizeOf(request);
  const keeps = logFilter(request.filter);
  const page = openPage(method, message, now);
  const isOurs = ({ at, body }: LogEntry) =>
    at <= page.asOf.getTime() &&
    request.resourceNames.some((name) => String(body['logName']).startsWith(`${name}/`));
  const found = entries.filter((entry) => isOurs(entry) && keeps(entry.body));
  const ordered = newestFirst
    ? found.sort((a, b) => b.at - a.at || (a.insertId < b.insertId ? -1 : 1))
    : found;
  const end = page.offset + size;
  const shown = ordered.slice(page.offset, end).map(({ body }) => body);
  return {
    ...(shown.length > 0 && { entries: shown }),
    ...(end < ordered.length && { nextPageToken: pageToken(method, message, page, end) }),
  };
}
