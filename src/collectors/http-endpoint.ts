import type { HttpComponent } from '../config/repository.schema.ts';
import { signal } from '../core/signals.ts';
import type { Source } from '../core/snapshot.ts';
import { ofType } from './collector.ts';
import type { ProbeCollector, ProbeContext } from './collector.ts';
import { endpointReading } from './http-samples.ts';
import { shellWord, withoutCredentials } from './provenance.ts';
import { takeSamples } from './samples.ts';

/** Requests to one endpoint where the configuration does not say how many. */
const usualSamples = 3;

/** HTTP endpoints: what a few GETs from here answer, redirects not followed. */
export const httpEndpoint: ProbeCollector = {
  name: 'http-endpoint',
  kind: 'probe',
  api: 'probe',
  role: null,
  types: ['http'],
  signals: [
    {
      signal: signal.status,
      unit: null,
      example: '503',
      meaning:
        'HTTP status, of several samples the worst; missing where one got no answer and no other answer was wrong',
    },
    {
      signal: signal.latency,
      unit: 's',
      example: '7.2',
      meaning: 'Time until the headers of the answer, of the slowest sample',
    },
    {
      signal: signal.latencyMedian,
      unit: 's',
      example: '4.3',
      meaning: 'Median of the same over the samples',
    },
    { signal: signal.samples, unit: null, example: '3', meaning: 'Requests made' },
    {
      signal: signal.samplesAlike,
      unit: null,
      example: '2',
      meaning: 'Those of them that were answered with that status',
    },
    {
      signal: signal.redirect,
      unit: null,
      example: 'https://example.com/login',
      meaning: 'Where a redirect leads',
    },
    {
      signal: signal.contains,
      unit: null,
      example: 'true',
      meaning:
        'Whether the first 64 kB of the body hold the expected text, in all samples; the body is not kept',
    },
    {
      signal: signal.addresses,
      unit: null,
      example: '34.120.7.9, 2600:1901:0:1::',
      meaning: 'Addresses that DNS gave; a private one only where the operator grants it',
    },
    {
      signal: signal.certificateEnd,
      unit: null,
      example: '2026-03-01T00:00:00.000Z',
      meaning: 'End of the validity of the certificate that was served',
    },
    { signal: signal.certificateDays, unit: 'days', example: '41', meaning: 'Whole days until then' },
    {
      signal: signal.certificateIssuer,
      unit: null,
      example: "Let's Encrypt, R11",
      meaning: 'Who issued that certificate',
    },
  ],
  reads: (context) =>
    ofType(context.components, 'http').map(({ id, component }) => {
      const source = sourceOf(component);
      return {
        components: [id],
        signal: '*',
        source,
        endpoint: new URL(component.url),
        run: async (abort) =>
          endpointReading({ id, component, source, ...context }, await ask(component, context, abort)),
      };
    }),
};

function ask(
  { url, samples = usualSamples, expect }: HttpComponent,
  { probe, addressGranted, readMs, spacingMs }: ProbeContext,
  abort: AbortSignal,
) {
  return takeSamples((own) => probe(url, { signal: own, addressGranted, contains: expect?.contains }), {
    count: samples,
    ...(spacingMs === undefined ? {} : { spacingMs }),
    readMs,
    signal: abort,
  });
}

function sourceOf({ url }: HttpComponent): Source {
  const shown = withoutCredentials(url);
  return {
    api: 'probe',
    method: 'GET',
    query: shown,
    command: `curl -sS -o /dev/null -w '%{http_code} %{time_starttransfer}\\n' --max-time 10 ${shellWord(shown)}`,
  };
}
