import { z } from 'zod';
import type { Deadline } from '../deadline.ts';
import type { GoogleAccess } from '../google-access.ts';
import { parseAnswer } from '../parse-answer.ts';
import { questionOf, type ListMethod } from './lists.ts';
import type { Place } from './place.ts';
import { ask, type Answered } from './question.ts';

/** Pages of one list that are read at most, of so many entries each. */
const pageCap = 4;
const pageSize = 500;

export interface Looking {
  google: Pick<GoogleAccess, 'get' | 'post'>;
  deadline: Deadline;
}

/** A list as far as it was read. */
export interface ReadList<Item> {
  items: Item[];
  /** True where the page cap ended it. */
  partial: boolean;
}

/** Reads a list, each entry parsed by `item`. Never rejects: what fails is told with its remedy. */
export async function readList<Item>(
  list: ListMethod,
  item: z.ZodType<Item>,
  place: Place,
  { google, deadline }: Looking,
): Promise<Answered<ReadList<Item>>> {
  const answer = z.object({ [list.items]: z.array(item).default([]) });
  return await ask(questionOf(list, place), deadline, async (signal) => {
    const items: Item[] = [];
    let token: string | null = null;
    for (let read = 0; read < pageCap; read += 1) {
      const page = await google.get({ ...pageCall(list, place, pageSize, token), signal });
      items.push(...(parseAnswer(answer, page, list.what)[list.items] ?? []));
      token = nextToken(list, page);
      if (token === null) return { items, partial: false };
    }
    return { items, partial: true };
  });
}

/** Asks for one entry, whatever it is: tells whether the list may be read. */
export async function tryList(
  list: ListMethod,
  place: Place,
  { google, deadline }: Looking,
): Promise<Answered<null>> {
  return await ask(questionOf(list, place), deadline, async (signal) => {
    await google.get({ ...pageCall(list, place, 1, null), signal });
    return null;
  });
}

function pageCall(list: ListMethod, place: Place, size: number, token: string | null) {
  const { paging } = list;
  return {
    host: list.api,
    path: list.path(place),
    query: { [paging.size]: String(size), ...(token === null ? {} : { [paging.token]: token }) },
  };
}

const record = z.record(z.string(), z.unknown());

/** The token of the next page; null where this one is the last. */
function nextToken({ paging }: ListMethod, page: unknown): string | null {
  let value = page;
  for (const name of paging.next) value = record.safeParse(value).data?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
