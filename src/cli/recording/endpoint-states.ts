import type { RecordedProbe } from './recorder.ts';

/** An endpoint as a scenario has it, with one state. */
export interface EndpointStates {
  url: string;
  states: {
    status: number;
    no_answer?: 'hang' | 'cut-off';
    latency_ms?: number;
    headers?: Record<string, string>;
  }[];
}

/**
 * Each endpoint with the worst of its answers. The app in the sandbox is given the recorded ones themselves; this is for
 * who asks the stand-in of the endpoints over the wire, which has one answer at a time.
 */
export function endpointStates(probed: readonly RecordedProbe[]): EndpointStates[] {
  return [...Map.groupBy(probed, ({ url }) => url)].map(([url, samples]) => {
    const [worst] = samples.toSorted((a, b) => badness(b) - badness(a));
    return { url, states: [stateOf(worst?.outcome ?? null)] };
  });
}

function badness({ outcome }: RecordedProbe): number {
  if (outcome === null || 'failure' in outcome) return Number.MAX_SAFE_INTEGER;
  return outcome.status * 1_000_000 + outcome.latencyMs;
}

function stateOf(outcome: RecordedProbe['outcome']): EndpointStates['states'][number] {
  if (outcome === null) return { status: 503, no_answer: 'hang' };
  if ('failure' in outcome) {
    const { reason } = outcome.failure;
    return { status: 503, no_answer: reason === 'timeout' || reason === 'budget' ? 'hang' : 'cut-off' };
  }
  const redirect = 'redirect' in outcome ? outcome.redirect : null;
  return {
    status: outcome.status,
    latency_ms: outcome.latencyMs,
    ...(redirect === null ? {} : { headers: { location: redirect } }),
  };
}
