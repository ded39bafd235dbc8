import type { ExchangeOutcome, ExchangeRequest, WatchExchange } from '../../collectors/exchange.ts';
import type { ProbeEndpoint } from '../../collectors/probe.ts';
import { asReadFailure } from '../../collectors/read-failure.ts';
import type { ReadFailure } from '../../collectors/read-failure.ts';

/** One call, and what came of it: null where nothing had come when the collection ended. */
export interface RecordedCall {
  request: ExchangeRequest;
  outcome: ExchangeOutcome | null;
}

/** One probe, and what came of it. */
export interface RecordedProbe {
  url: string;
  outcome: Awaited<ReturnType<ProbeEndpoint>> | { failure: ReadFailure } | null;
}

/** Keeps what a collection is answered, in memory: nothing is written before secrets are taken out. */
export interface Recorder {
  watch: WatchExchange;
  /** The probe, looked on. */
  probe(probe: ProbeEndpoint): ProbeEndpoint;
  /** In the order in which they were made. */
  calls: readonly RecordedCall[];
  probes: readonly RecordedProbe[];
}

/** A recorder for one collection. */
export function createRecorder(): Recorder {
  const calls: RecordedCall[] = [];
  const probes: RecordedProbe[] = [];
  return {
    calls,
    probes,
    watch: (request) => {
      const call: RecordedCall = { request, outcome: null };
      calls.push(call);
      return (outcome) => {
        call.outcome ??= outcome;
      };
    },
    probe: (probe) => async (url, call) => {
      const made: RecordedProbe = { url, outcome: null };
      probes.push(made);
      try {
        const answer = await probe(url, call);
        made.outcome = answer;
        return answer;
      } catch (error) {
        made.outcome = { failure: asReadFailure(error, 'unavailable') };
        throw error;
      }
    },
  };
}
