import { ReadFailure, asReadFailure } from '../../src/collectors/read-failure.ts';
import type { ProbeLayer } from '../../src/collectors/probe-layer.ts';
import type { RecordedProbe } from '../scenario/answers.ts';

/**
 * Answers probes as they were answered when they were recorded. It stands before the real probes, since over loopback
 * neither a certificate nor the time of each of several samples could be what it was.
 */
export function recordedProbes(recorded: readonly RecordedProbe[]): ProbeLayer {
  const http = inTurn(recorded.filter((one) => one.probe === 'http'));
  const websocket = inTurn(recorded.filter((one) => one.probe === 'websocket'));
  return {
    http: (probe) => async (url, call) => given(http(url), call.signal) ?? probe(url, call),
    websocket: (probe) => async (url, call) => given(websocket(url), call.signal) ?? probe(url, call),
  };
}

/** The outcomes of a URL in the order in which they were recorded, again and again; null where it has none. */
function inTurn<Outcome>(
  recorded: readonly { url: string; outcome: Outcome }[],
): (url: string) => Outcome | null {
  const byUrl = Map.groupBy(recorded, ({ url }) => url);
  const turns = new Map<string, number>();
  return (url) => {
    const outcomes = byUrl.get(url) ?? [];
    const turn = turns.get(url) ?? 0;
    turns.set(url, turn + 1);
    return outcomes[turn % outcomes.length]?.outcome ?? null;
  };
}

type Failure = Extract<RecordedProbe['outcome'], { failure: unknown }>;

/** The answer, now; a time-out takes the time that there is. */
function given<Answer extends object>(
  outcome: Answer | Failure | null,
  signal: AbortSignal,
): Promise<Answer> | null {
  if (outcome === null) return null;
  if (!isFailure(outcome)) return Promise.resolve(outcome);
  const { reason, detail } = outcome.failure;
  if (reason !== 'timeout' && reason !== 'budget') return Promise.reject(new ReadFailure(reason, detail));
  return new Promise((_, reject) => {
    const over = () => {
      reject(asReadFailure(signal.reason, reason));
    };
    if (signal.aborted) over();
    else signal.addEventListener('abort', over, { once: true });
  });
}

function isFailure(outcome: object): outcome is Failure {
  return 'failure' in outcome;
}
