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

/** Each endpoint with the worst of its answers: a scenario has one at a time. */
export function endpointStates(probes: readonly RecordedProbe[]): EndpointStates[] {
  return [...Map.groupBy(probes, ({ url }) => url)].map(([url, samples]) => {
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
  const { status, latencyMs, redirect } = outcome;
  return {
    status,
    latency_ms: latencyMs,
    ...(redirect === null ? {} : { headers: { location: redirect } }),
  };
}
