import type { ReadFailure } from './read-failure.ts';

/**
 * One call of an API and what came of it, for whoever wants to look on: `sitrep collect --record` keeps them. Nothing
 * of the request's headers is in it, since they hold the token.
 */

export interface ExchangeRequest {
  method: string;
  /** As it was asked: where `SITREP_GCP_ENDPOINT` is set, with that origin. */
  url: string;
  body: string | null;
}

/** The complete answer, whatever its status; or why there was none. */
export type ExchangeOutcome =
  { status: number; headers: Headers; text: () => string } | { failure: ReadFailure };

/** Told how a call ended. The first outcome counts: a refusal is an answer, and then also a failure. */
export type ExchangeEnded = (outcome: ExchangeOutcome) => void;

/** Sees a call before it is made; what it gives is told the end. Must not throw. */
export type WatchExchange = (request: ExchangeRequest) => ExchangeEnded;
