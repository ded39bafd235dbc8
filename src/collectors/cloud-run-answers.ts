import type { Configuration } from '../config/repository.schema.ts';
import { parseAnswer } from './parse-answer.ts';
import type { CloudRunClient, Page } from './cloud-run-client.ts';
import { revisionList, serviceList } from './cloud-run.schema.ts';
import type { Revision, Service } from './cloud-run.schema.ts';
import { ReadFailure } from './read-failure.ts';
import { askedOnce } from './read-times.ts';

/** A list as far as it was read. */
export interface Listing<T> {
  items: T[];
  /** True where the page cap ended it. */
  partial: boolean;
}

/**
 * The Cloud Run services and revisions of the whole location, each list asked for once: two requests side by
 * side, however many components there are and however many collectors need them.
 */
export interface CloudRunAnswers {
  services(): Promise<Listing<Service>>;
  revisions(): Promise<Listing<Revision>>;
}

/** Pages of one list that are read at most. */
const pageCap = 4;

/** The answers for one collection; nothing is asked before the first use. */
export function openCloudRunAnswers(
  client: CloudRunClient,
  { google_cloud: place }: Configuration,
  signal: AbortSignal,
): CloudRunAnswers {
  const parent = `projects/${place?.project ?? ''}/locations/${place?.region ?? ''}`;
  return {
    services: askedOnce(() =>
      readPages(
        (pageToken) => client.listServices({ parent, pageToken, signal }),
        (items) => parseAnswer(serviceList, items, 'services'),
      ),
    ),
    revisions: askedOnce(() =>
      readPages(
        (pageToken) => client.listRevisions({ parent: `${parent}/services/-`, pageToken, signal }),
        (items) => parseAnswer(revisionList, items, 'revisions'),
      ),
    ),
  };
}

/** A page is parsed while the next one is on its way: the pages are the longest chain of requests that there is. */
async function readPages<T>(
  page: (token: string | null) => Promise<Page>,
  parse: (items: readonly unknown[]) => T[],
): Promise<Listing<T>> {
  const items: T[] = [];
  let token: string | null = null;
  let next: Promise<Page> | null = page(null);
  for (let read = 1; next !== null; read += 1) {
    const answer: Page = await next;
    if (answer.nextPageToken !== null && answer.nextPageToken === token) {
      throw new ReadFailure('invalid-response', 'the list leads from a page to the same page');
    }
    token = answer.nextPageToken;
    next = token === null || read === pageCap ? null : page(token);
    // Where this page cannot be parsed nobody waits for the next one.
    next?.catch(() => undefined);
    items.push(...parse(answer.items));
  }
  return { items, partial: token !== null };
}
