import { expect, onTestFinished, test, vi } from 'vitest';
import { collectors } from '../../src/collectors/list.ts';
import { startOtlpReceiver, type ReceivedSpan } from './otlp-receiver.ts';
import { openPlay } from './play.ts';

/** The trace of a `/status`, from the delivery to the comment, as a collector of the operator gets it. */

test('one trace leads from the delivery to the comment, and holds no text of anybody', async () => {
  const receiver = await startOtlpReceiver();
  onTestFinished(() => receiver.close());
  const asked = vi.spyOn(globalThis, 'fetch');
  const play = await openPlay({ variables: { OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.endpoint}/` } });
  try {
    await play.say('carol', '/status');
  } finally {
    await play.close();
  }

  const { spans } = receiver;
  const named = (name: string) => spans.filter((span) => span.name === name);
  const [status] = named('command status');
  const trace = spans.filter(({ traceId }) => traceId === status?.traceId);
  expect(pathOf(trace, status)).toEqual(['intake', 'job commands', 'command status']);
  const collect = trace.find(({ name }) => name === 'collect');
  expect(pathOf(trace, collect)).toEqual(['intake', 'job commands', 'command status', 'collect']);
  const compose = trace.find(({ name }) => name === 'compose');
  expect(pathOf(trace, compose).slice(2)).toEqual(['command status', 'compose']);
  const publish = trace.find(({ name }) => name === 'publish');
  expect(pathOf(trace, publish)).toEqual([
    'intake',
    'job commands',
    'command status',
    'job publications',
    'publish',
  ]);
  const read = trace.filter(({ parentSpanId }) => parentSpanId === collect?.spanId).map(({ name }) => name);
  expect(read.length).toBeGreaterThan(10);
  expect(new Set(read).size).toBe(read.length);
  const known = new Set(collectors.map(({ name }) => `collector ${name}`));
  expect(read.filter((name) => !known.has(name))).toEqual([]);

  expect(spans.filter(({ failed }) => failed)).toEqual([]);
  const attributes = new Set(spans.flatMap((span) => Object.keys(span.attributes)));
  expect([...attributes].filter((name) => !name.startsWith('sitrep.'))).toEqual([]);
  // Ids are random digits, and so may hold any number.
  const told = spans.map(({ name, attributes: { 'sitrep.delivery': _guid, ...others } }) => [name, others]);
  expect(JSON.stringify(told)).not.toMatch(/netra|1278|carol|Bearer|ghs_/u);
  // GitHub and Google are told nothing of it.
  const headers = asked.mock.calls.map(([, init]) => [...new Headers(init?.headers).keys()]);
  expect(headers.length).toBeGreaterThan(10);
  expect(headers.flat().filter((name) => name.startsWith('trace') || name === 'baggage')).toEqual([]);
});

/** The names of the spans from the first of the trace to this one. */
function pathOf(trace: readonly ReceivedSpan[], span: ReceivedSpan | undefined): string[] {
  if (span === undefined) return [];
  return [
    ...pathOf(
      trace,
      trace.find(({ spanId }) => spanId === span.parentSpanId),
    ),
    span.name,
  ];
}

test('a collector that is away costs one line of the log, and no comment', async () => {
  const receiver = await startOtlpReceiver();
  await receiver.close();
  const play = await openPlay({ variables: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint } });
  try {
    expect((await play.say('carol', '/status')).replies).toHaveLength(1);
  } finally {
    await play.close();
  }
  expect(play.logged.filter((line) => line.includes('traces'))).toHaveLength(1);
});
