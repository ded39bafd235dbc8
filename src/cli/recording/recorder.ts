import type { ExchangeOutcome, ExchangeRequest, WatchExchange } from '../../collectors/exchange.ts';
import type { ProbeLayer } from '../../collectors/probe-layer.ts';
import type { ProbeEndpoint } from '../../collectors/probe.ts';
import { asReadFailure } from '../../collectors/read-failure.ts';
import type { ReadFailure } from '../../collectors/read-failure.ts';
import type { ProbeSocket } from '../../collectors/websocket-probe.ts';

/** One call, and what came of it: null where nothing had come when the collection ended. */
export interface RecordedCall {
  request: ExchangeRequest;
  outcome: ExchangeOutcome | null;
}

/** One probe, and what came of it: null where nothing had come when the collection ended. */
export type RecordedProbe =
  | { probe: 'http'; url: string; outcome: Outcome<ProbeEndpoint> }
  | { probe: 'websocket'; url: string; outcome: Outcome<ProbeSocket> };

type Outcome<Probe extends (...given: never[]) => Promise<unknown>> =
  Awaited<ReturnType<Probe>> | { failure: Pick<ReadFailure, 'reason' | 'detail'> } | null;

/** Keeps what a collection is answered, in memory: nothing is written before secrets are taken out. */
export interface Recorder {
  watch: WatchExchange;
  /** Looks on at the probes. */
  probes: ProbeLayer;
  /** In the order in which they were made. */
  calls: readonly RecordedCall[];
  probed: readonly RecordedProbe[];
}

/** A recorder for one collection. */
export function createRecorder(): Recorder {
  const calls: RecordedCall[] = [];
  const probed: RecordedProbe[] = [];
  return {
    calls,
    probed,
    watch: (request) => {
      const call: RecordedCall = { request, outcome: null };
      calls.push(call);
      return (outcome) => {
        call.outcome ??= outcome;
      };
    },
    probes: {
      http: (probe) => (url, call) => {
        const made: RecordedProbe = { probe: 'http', url, outcome: null };
        probed.push(made);
        return told(probe(url, call), (outcome) => {
          made.outcome = outcome;
        });
      },
      websocket: (probe) => (url, call) => {
        const made: RecordedProbe = { probe: 'websocket', url, outcome: null };
        probed.push(made);
        return told(probe(url, call), (outcome) => {
          made.outcome = outcome;
        });
      },
    },
  };
}

/** Waits for a probe, and tells what came of it. */
async function told<Answer>(
  probe: Promise<Answer>,
  tell: (outcome: Answer | { failure: Pick<ReadFailure, 'reason' | 'detail'> }) => void,
): Promise<Answer> {
  try {
    const answer = await probe;
    tell(answer);
    return answer;
  } catch (error) {
    const { reason, detail } = asReadFailure(error, 'unavailable');
    tell({ failure: { reason, detail } });
    throw error;
  }
}
