/**
 * Calls of an API for whoever wants to look on: `sitrep collect --record` keeps them. Nothing of a request's headers is
 * in it, since they hold the token.
 */

export interface ExchangeRequest {
  method: string;
  /** As it was asked: where `SITREP_GCP_ENDPOINT` is set, with that origin. */
  url: string;
  body: string | null;
}

/** The complete answer, whatever its status; or why there was none, or none that was read to its end. */
export type ExchangeOutcome =
  { status: number; headers: Headers; text: string } | { none: 'timeout' | 'no-connection' | 'given-up' };

/** Sees a call before it is made; what it gives is told the end. Must not throw. */
export type WatchExchange = (request: ExchangeRequest) => (outcome: ExchangeOutcome) => void;

/** A `fetch` whose calls are seen; it gives the same answers. For any client that takes one. */
export function watchedFetch(fetchAnswer: typeof fetch, watch: WatchExchange): typeof fetch {
  return async (input, init) => {
    const { url, method } = input instanceof Request ? input : { url: String(input), method: 'GET' };
    const body = typeof init?.body === 'string' ? init.body : null;
    const ended = watch({ method: init?.method ?? method, url, body });
    const fail = () => {
      ended({ none: init?.signal?.aborted === true ? 'timeout' : 'no-connection' });
    };
    try {
      const answer = await fetchAnswer(input, init);
      const { status, statusText, headers } = answer;
      const tell = (text: string) => {
        ended({ status, headers, text });
      };
      if (answer.body === null) {
        tell('');
        return answer;
      }
      const passed = passOn(answer.body, { tell, fail, giveUp: () => ended({ none: 'given-up' }) });
      return new Response(ReadableStream.from(passed), { status, statusText, headers });
    } catch (error) {
      fail();
      throw error;
    }
  };
}

interface Told {
  tell: (text: string) => void;
  fail: () => void;
  giveUp: () => void;
}

/** The pieces of a body as they come; tells at the end what they were, or that they were not read to the end. */
async function* passOn(body: ReadableStream<Uint8Array>, { tell, fail, giveUp }: Told) {
  const pieces: Uint8Array[] = [];
  let told = giveUp;
  try {
    for await (const piece of body) {
      pieces.push(piece);
      yield piece;
    }
    told = () => {
      tell(new TextDecoder().decode(Buffer.concat(pieces)));
    };
  } catch (error) {
    told = fail;
    throw error;
  } finally {
    told();
  }
}
