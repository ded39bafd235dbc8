import type { WebSocketComponent } from '../config/repository.schema.ts';
import { durationOf } from '../core/figures.ts';
import { signal } from '../core/signals.ts';
import type { Source } from '../core/snapshot.ts';
import { ofType } from './collector.ts';
import type { Measured, Missed, ProbeCollector, ProbeContext, Reading } from './collector.ts';
import { decimal } from './decimal.ts';
import { shellWord, withoutCredentials } from './provenance.ts';
import { askOnce } from './samples.ts';

/** Longest reason that is kept, in characters; the protocol allows 123 bytes. */
const longest = 123;

/** WebSocket endpoints: whether one opens from here, how fast, and what comes of it. */
export const webSocketEndpoint: ProbeCollector = {
  name: 'websocket-endpoint',
  kind: 'probe',
  api: 'probe',
  role: null,
  types: ['websocket'],
  signals: [
    {
      signal: signal.status,
      unit: null,
      example: '101',
      meaning: 'HTTP status of the handshake; 101 where it opened',
    },
    { signal: signal.latency, unit: 's', example: '0.3', meaning: 'Time until it was open, or refused' },
    {
      signal: signal.message,
      unit: null,
      example: 'true',
      meaning: 'Whether the expected first message came; its text is not kept',
    },
    {
      signal: signal.messageLatency,
      unit: 's',
      example: '0.1',
      meaning: 'Time from the opening until the first message',
    },
    {
      signal: signal.closeCode,
      unit: null,
      example: '1011',
      meaning:
        'Code of the closing frame where the server closed first, with its redacted reason; 1006 for none',
    },
  ],
  reads: (context) =>
    ofType(context.components, 'websocket').map(({ id, component }) => {
      const source = sourceOf(component);
      return {
        components: [id],
        signal: '*',
        source,
        endpoint: new URL(component.url),
        run: async (abort) => readingOf(id, component, source, await ask(component, context, abort), context),
      };
    }),
};

type Answer = Awaited<ReturnType<ProbeContext['probeSocket']>>;

/** Opens it once, within the time that a read has. */
function ask(
  { url, expect }: WebSocketComponent,
  { probeSocket, addressGranted, readMs }: ProbeContext,
  abort: AbortSignal,
): Promise<Answer> {
  const withinMs = Math.min(durationOf(expect?.within ?? '10s') ?? readMs, readMs);
  return askOnce(
    (own) =>
      probeSocket(url, {
        signal: own,
        addressGranted,
        withinMs,
        message: expect?.message,
        send: expect?.send,
      }),
    { readMs, signal: abort },
  );
}

async function readingOf(
  id: string,
  { expect }: WebSocketComponent,
  source: Source,
  { status, latencyMs, message, close, broken, cutShort }: Answer,
  { redact }: ProbeContext,
): Promise<Reading> {
  const base = { component: id, unit: null, window: null, source };
  const gap = (name: string, reason: Missed['reason'], detail: string): Missed[] => [
    { component: id, signal: name, reason, detail, source },
  ];
  const isAsked = expect?.message !== undefined && status === 101;
  const isKnown = message !== null || (!cutShort && broken === null);
  const came = message?.matches === true ? 'true' : 'false';
  const observations: Measured[] = [
    { ...base, signal: signal.status, value: decimal(status) },
    { ...base, signal: signal.latency, value: decimal(latencyMs / 1_000), unit: 's' },
    ...(isAsked && isKnown ? [{ ...base, signal: signal.message, value: came }] : []),
    ...(message
      ? [{ ...base, signal: signal.messageLatency, value: decimal(message.afterMs / 1_000), unit: 's' }]
      : []),
    ...(close
      ? [
          {
            ...base,
            signal: signal.closeCode,
            value: decimal(close.code),
            text: (await redact(close.reason)).slice(0, longest),
          },
        ]
      : []),
  ];
  const what = isAsked ? signal.message : signal.closeCode;
  return {
    observations,
    gaps: [
      ...(broken === null ? [] : gap(what, 'invalid-response', `opened, then: ${broken}`)),
      ...(isAsked && cutShort && broken === null
        ? gap(signal.message, 'timeout', 'opened; the time for reading ended before a message came')
        : []),
    ],
  };
}

function sourceOf({ url }: WebSocketComponent): Source {
  const shown = withoutCredentials(url);
  const upgrade = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: c2l0cmVwc2l0cmVwc2l0cg==',
  ];
  const headers = upgrade.map((header) => `-H ${shellWord(header)}`).join(' ');
  const address = shellWord(shown.replace(/^ws/, 'http'));
  return {
    api: 'probe',
    method: 'WebSocket',
    query: shown,
    command: `curl -sS -i -N --http1.1 --max-time 5 ${headers} ${address}`,
  };
}
