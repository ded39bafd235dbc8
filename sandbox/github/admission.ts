import type { IncomingHttpHeaders } from 'node:http';
import type { Media } from './call.ts';
import { refused } from './errors.ts';

/** What GitHub asks of every request before it looks at what is wanted. */

const jsonTypes =
  /^(\*\/\*|application\/\*|application\/json|application\/vnd\.github(\.v3)?(\+json|\.json)?)$/;
const rawTypes = /^application\/vnd\.github(\.v3)?\.raw(\+json)?$/;
const apiVersion = '2022-11-28';

function mediaOf(type: string): Media | null {
  if (jsonTypes.test(type)) return 'json';
  return rawTypes.test(type) ? 'raw' : null;
}

/** The media type that is wanted; `raw` only where the operation has it. */
export function acceptedMedia(accept: string | undefined, hasRaw: boolean): Media {
  const types = (accept ?? '*/*').split(',').map((type) => (type.split(';')[0] ?? '').trim().toLowerCase());
  const media = types.map(mediaOf);
  const wrong = media.findIndex((kind) => kind === null || (kind === 'raw' && !hasRaw));
  if (wrong >= 0) {
    const message = `Unsupported 'Accept' header: '${types[wrong]}'. Must accept 'application/json'.`;
    throw refused(415, message, `Accept: ${types[wrong]}`);
  }
  return media[0] ?? 'json';
}

/** GitHub turns away who does not say who they are, and who wants a version that there is not. */
export function demandHeaders(headers: IncomingHttpHeaders): void {
  if (!headers['user-agent']) {
    const message =
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header';
    throw refused(403, message, 'no User-Agent');
  }
  const version = headers['x-github-api-version'];
  if (version !== undefined && version !== apiVersion) {
    throw refused(
      400,
      `${String(version)} is not a valid API version`,
      `X-GitHub-Api-Version: ${String(version)}`,
    );
  }
}

/** The body of a request: undefined for none. */
export function readJson(text: string, contentType: string | undefined): unknown {
  if (text === '') return undefined;
  const type = (contentType?.split(';')[0] ?? '').trim().toLowerCase();
  if (type !== 'application/json') {
    throw refused(415, `Unsupported content type '${type}'`, `Content-Type: ${type || 'none'}`);
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw refused(400, 'Problems parsing JSON', 'the body is no JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refused(400, 'Body should be a JSON object', 'the body is no JSON object');
  }
  return body;
}
