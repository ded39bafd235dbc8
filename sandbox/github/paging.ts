import { refused } from './errors.ts';
import type { Answer, Call } from './call.ts';

/** Pages by number, and the Link header that leads through them. */

const most = 100;

function wholeNumber(call: Call, name: string, otherwise: number): number {
  const text = call.query.get(name);
  return text === null ? otherwise : Number(text);
}

/** GitHub would silently give 100, or the first page: whoever asks for more errs. */
function pageSize(call: Call): number {
  const size = wholeNumber(call, 'per_page', 30);
  if (size < 1 || size > most)
    throw refused(422, `per_page is from 1 to ${most}`, `per_page=${size}: GitHub gives at most ${most}`);
  return size;
}

function pageUrl(call: Call, number: number): string {
  const url = new URL(call.url);
  url.searchParams.set('page', String(number));
  return url.href;
}

function linkHeader(call: Call, current: number, last: number): Record<string, string> {
  const links: [string, number][] = [];
  if (current > 1) links.push(['prev', current - 1]);
  if (current < last) links.push(['next', current + 1], ['last', last]);
  if (current > 1) links.push(['first', 1]);
  if (links.length === 0) return {};
  return { link: links.map(([rel, number]) => `<${pageUrl(call, number)}>; rel="${rel}"`).join(', ') };
}

/** One page of a list. */
export function page<T>(call: Call, items: readonly T[], shape: (item: T) => unknown): Answer {
  const size = pageSize(call);
  const number = wholeNumber(call, 'page', 1);
  if (number < 1) throw refused(422, 'page is 1 or more', `page=${number}`);
  const last = Math.max(1, Math.ceil(items.length / size));
  return {
    status: 200,
    body: items.slice((number - 1) * size, number * size).map(shape),
    headers: linkHeader(call, number, last),
  };
}

/** One page of a list that is walked by cursor: the id of the first item of the next page. */
export function cursorPage<T extends { id: number }>(
  call: Call,
  items: readonly T[],
  shape: (item: T) => unknown,
): Answer {
  const size = pageSize(call);
  const cursor = call.query.get('cursor');
  const start = cursor === null ? 0 : items.findIndex(({ id }) => String(id) === cursor);
  if (start < 0) throw refused(422, 'Invalid cursor', `cursor=${cursor} leads nowhere`);
  const next = items[start + size];
  const url = new URL(call.url);
  if (next) url.searchParams.set('cursor', String(next.id));
  return {
    status: 200,
    body: items.slice(start, start + size).map(shape),
    headers: next ? { link: `<${url.href}>; rel="next"` } : {},
  };
}
