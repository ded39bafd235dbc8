import { signal } from '../core/signals.ts';
import { ofType } from './collector.ts';
import type { Measured, ProbeCollector } from './collector.ts';
import { decimal } from './decimal.ts';
import { shellWord, withoutCredentials } from './provenance.ts';

/** HTTP endpoints: what one GET from here answers, redirects not followed. */
export const httpEndpoint: ProbeCollector = {
  name: 'http-endpoint',
  kind: 'probe',
  api: 'probe',
  role: null,
  types: ['http'],
  signals: [
    { signal: signal.status, unit: null, example: '503', meaning: 'HTTP status' },
    { signal: signal.latency, unit: 's', example: '7.2', meaning: 'Time until the headers of the answer' },
    {
      signal: signal.redirect,
      unit: null,
      example: 'https://example.com/login',
      meaning: 'Where a redirect leads',
    },
  ],
  reads: ({ components, probe, addressGranted, redact }) =>
    ofType(components, 'http').map(({ id, component: { url } }) => {
      const source = {
        api: 'probe',
        method: 'GET',
        query: withoutCredentials(url),
        command: `curl -sS -o /dev/null -w '%{http_code} %{time_starttransfer}\\n' --max-time 10 ${shellWord(withoutCredentials(url))}`,
      };
      return {
        components: [id],
        signal: '*',
        source,
        host: new URL(url).hostname.replace(/^\[|\]$/g, ''),
        run: async (abort) => {
          const { status, latencyMs, redirect } = await probe(url, { signal: abort, addressGranted });
          const base = { component: id, unit: null, window: null, source };
          const observations: Measured[] = [
            { ...base, signal: signal.status, value: decimal(status) },
            { ...base, signal: signal.latency, value: decimal(latencyMs / 1_000), unit: 's' },
          ];
          if (redirect !== null) {
            observations.push({
              ...base,
              signal: signal.redirect,
              value: (await redact(redirect)).slice(0, 300),
            });
          }
          return { observations };
        },
      };
    }),
};
