import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { invalid } from './errors.ts';
import type { JsonObject } from './json.ts';

/** Page tokens: where a list goes on, and the time whose state it shows. A made-up or foreign one is refused. */

export interface Page {
  offset: number;
  /** Time of the first page: all pages of one list show the same state. */
  asOf: Date;
}

const position = z.strictObject({ offset: z.int().nonnegative(), asOf: z.int(), of: z.string() });

function digest(text: string): string {
  return createHmac('sha256', 'page token of the stand-in').update(text).digest('base64url').slice(0, 22);
}

/** A token continues one list: the same method with the same parameters but for the page's size. */
function fingerprint(method: string, request: JsonObject): string {
  const parameters = Object.entries(request)
    .filter(([name]) => !['pageToken', 'pageSize', 'maxResults'].includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return digest(JSON.stringify([method, parameters]));
}

/**
 * The page that a request asks for.
 *
 * @throws GoogleError INVALID_ARGUMENT where the token was not given out for this very list
 */
export function openPage(method: string, request: JsonObject, now: Date): Page {
  const token = request['pageToken'];
  if (typeof token !== 'string' || token === '') return { offset: 0, asOf: now };
  const [encoded = '', seal] = token.split('.');
  if (seal !== digest(encoded)) throw invalid('The page token is not one that was given out.', 'pageToken');
  const { offset, asOf, of } = position.parse(JSON.parse(Buffer.from(encoded, 'base64url').toString()));
  if (of !== fingerprint(method, request)) {
    throw invalid('The page token belongs to a request with other parameters.', 'pageToken');
  }
  return { offset, asOf: new Date(asOf) };
}

/** Token for the page that begins at `offset`. */
export function pageToken(method: string, request: JsonObject, page: Page, offset: number): string {
  const at = { offset, asOf: page.asOf.getTime(), of: fingerprint(method, request) };
  const encoded = Buffer.from(JSON.stringify(at)).toString('base64url');
  return `${encoded}.${digest(encoded)}`;
}

/** Size of a page: what was asked for, up to the most; the default where nothing was. */
export function pageSize(size: number, limits: { usual: number; most: number }): number {
  if (size < 0) throw invalid(`The page size ${size} is negative.`, 'pageSize');
  return size === 0 ? limits.usual : Math.min(size, limits.most);
}
