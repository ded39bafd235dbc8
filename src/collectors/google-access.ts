import { cloudRunClient } from './cloud-run-client.ts';
import type { CloudRunClient } from './cloud-run-client.ts';
import { watchedFetch } from './exchange.ts';
import type { WatchExchange } from './exchange.ts';
import { googleFetch, jsonIn, openFetch } from './google-fetch.ts';
import { googleTokens } from './google-token.ts';
import { googleTime, noteAnswer } from './read-times.ts';
import { shareReads } from './share-reads.ts';
import type { AskGoogle, ReadSharing } from './share-reads.ts';

/** A call of one Google API over REST. */
interface GoogleCall {
  /** Host of the API, for example `vpcaccess.googleapis.com`. */
  host: string;
  /** Path with its version, each segment already encoded. */
  path: string;
  query?: Record<string, string | readonly string[]>;
  signal: AbortSignal;
}

/** The ways to read Google Cloud. Every method rejects with a `ReadFailure`. */
export interface GoogleAccess {
  get(call: GoogleCall): Promise<unknown>;
  post(call: GoogleCall & { body: unknown }): Promise<unknown>;
  /** What is public: asked without a token. */
  getPublic(call: GoogleCall): Promise<unknown>;
  cloudRun: CloudRunClient;
}

export interface GoogleAccessOptions {
  /** `SITREP_GCP_ENDPOINT`: every call goes there, tokens at its `/token`; the real hosts where it is missing. */
  endpoint?: string;
  fetch?: typeof fetch;
  /** How reads go together with others; where it is missing each is asked for itself. */
  sharing?: ReadSharing;
  /** Sees every call of an API, those of the Cloud Run client included; no token and no call for one. */
  watch?: WatchExchange;
}

/** Access to Google Cloud for one process: one token, kept while it lasts, and the clients of all APIs. */
export function createGoogleAccess(options: GoogleAccessOptions = {}): GoogleAccess {
  const endpoint = options.endpoint?.replace(/\/+$/, '');
  const fetchAnswer = options.fetch ?? fetch;
  const { watch } = options;
  const open = openFetch(watch === undefined ? fetchAnswer : watchedFetch(fetchAnswer, watch));
  const authorized = googleFetch(googleTokens(endpoint, fetchAnswer), open);
  const ask: AskGoogle = options.sharing
    ? shareReads(authorized, options.sharing)
    : async (_api, url, init) => {
        const answer = await authorized(url, init);
        noteAnswer({ readAt: null, googleAt: googleTime(answer) });
        return answer.text();
      };
  return {
    get: async (call) => jsonIn(await ask(call.host, urlOf(call, endpoint), { signal: call.signal })),
    post: async (call) =>
      jsonIn(
        await ask(call.host, urlOf(call, endpoint), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(call.body),
          signal: call.signal,
        }),
      ),
    getPublic: async (call) => {
      const answer = await open(urlOf(call, endpoint), { signal: call.signal });
      noteAnswer({ readAt: null, googleAt: googleTime(answer) });
      return jsonIn(await answer.text());
    },
    cloudRun: cloudRunClient(endpoint, async (url, init) => {
      const headers = { 'content-type': 'application/json' };
      return new Response(await ask('run.googleapis.com', url, init), { headers });
    }),
  };
}

function urlOf({ host, path, query = {} }: GoogleCall, endpoint: string | undefined): URL {
  const url = new URL(`${endpoint ?? `https://${host}`}${path}`);
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === 'string' ? [value] : value) url.searchParams.append(name, one);
  }
  return url;
}
