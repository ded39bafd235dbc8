import { afterEach, expect, test } from 'vitest';
import { scalarProblem } from '../../../sandbox/google/scalars.ts';
import { parent, project, scenarioWith, startWorld } from './start.ts';
import type { Google } from './start.ts';

/** Answers that the real API cannot give: the stand-in does not give them either, and says so loudly. */

let google: Google | undefined;
afterEach(async () => {
  await google?.close();
  google = undefined;
});

const service = {
  type: 'google.cloud.run.v2.Service',
  api: 'run.googleapis.com',
  path: `/v2/${parent}/services/web`,
};
const name = `${parent}/services/web`;

const falseServices: [what: string, body: object, said: string][] = [
  ['an unknown field', { nmae: 'web' }, 'nmae: google.cloud.run.v2.Service has no such field'],
  [
    'an unknown field deep inside',
    { template: { containers: [{ imageUrl: 'x' }] } },
    'template.containers[0].imageUrl: ',
  ],
  ['a field in snake_case', { create_time: '2025-01-01T00:00:00Z' }, 'create_time: '],
  [
    'an enum that does not exist',
    { ingress: 'INGRESS_TRAFFIC_SOME' },
    'ingress: "INGRESS_TRAFFIC_SOME" is no value',
  ],
  [
    'an enum of the older API',
    { terminalCondition: { revisionReason: 'HealthCheckContainerError' } },
    'terminalCondition.revisionReason: ',
  ],
  ['an enum by number', { ingress: 1 }, 'ingress: 1 is no value'],
  ['a number for a text', { description: 7 }, 'description: expected string'],
  [
    'a text for a number',
    { template: { maxInstanceRequestConcurrency: 'many' } },
    'maxInstanceRequestConcurrency: expected int32',
  ],
  [
    'a fraction for a whole number',
    { template: { maxInstanceRequestConcurrency: 1.5 } },
    'expected int32, a whole number',
  ],
  ['a number out of range', { generation: '9223372036854775808' }, 'generation: out of the range of int64'],
  ['a text for a truth value', { reconciling: 'false' }, 'reconciling: expected bool'],
  ['a message for a list', { conditions: { type: 'Ready' } }, 'conditions: expected a list'],
  ['a list for a message', { template: [] }, 'template: expected google.cloud.run.v2.RevisionTemplate'],
  ['a list for a map', { labels: ['team'] }, 'labels: expected a map'],
  ['a number in a map of texts', { labels: { team: 5 } }, 'labels.team: expected string'],
  [
    'a time as the client decodes it',
    { createTime: { seconds: '1', nanos: 0 } },
    'createTime: expected Timestamp',
  ],
  ['a time without a zone', { createTime: '2025-01-01T00:00:00' }, 'createTime: expected Timestamp'],
  ['a day that does not exist', { createTime: '2025-13-01T00:00:00Z' }, 'createTime: expected Timestamp'],
  ['a duration as a number', { template: { timeout: 300 } }, 'template.timeout: expected Duration'],
  ['a duration in minutes', { template: { timeout: '5m' } }, 'template.timeout: expected Duration'],
  [
    'two of one choice',
    { template: { containers: [{ env: [{ name: 'A', value: 'x', valueSource: {} }] }] } },
    'only one of value and valueSource may be set',
  ],
];

test.each(falseServices)('a service with %s is not answered', async (_, body, said) => {
  const resources = [{ ...service, states: [{ body: { name, ...body } }] }];
  google = await startWorld(scenarioWith({ google: { resources } }));
  for (const path of [service.path, `/v2/${parent}/services`]) {
    const { status, text } = await google.get(path);
    expect(status).toBe(500);
    expect(text).toContain('does not allow');
  }
  expect(google.refusals).toHaveLength(2);
  expect(google.refusals[0]).toContain(said);
});

const entry = { logName: `projects/${project}/logs/x`, resource: { type: 'cloud_run_revision', labels: {} } };

test.each([
  ['two payloads', { textPayload: 'a', jsonPayload: {} }, 'only one of textPayload and jsonPayload'],
  ['a payload that is no structure', { jsonPayload: 'a' }, 'jsonPayload: expected Struct'],
  ['an Any without its type', { protoPayload: { status: 1 } }, 'protoPayload: Any without "@type"'],
  ['an unknown severity', { severity: 'FATAL' }, 'severity: "FATAL" is no value'],
  [
    'a 64-bit number that is none',
    { httpRequest: { requestSize: 'big' } },
    'httpRequest.requestSize: expected int64',
  ],
])('a log entry with %s is not answered', async (_, part, said) => {
  const logs = [{ at: '2025-03-10T11:00:00Z', entry: { ...entry, ...part } }];
  google = await startWorld(scenarioWith({ google: { logs } }));
  expect((await google.post('/v2/entries:list', { resourceNames: [`projects/${project}`] })).status).toBe(
    500,
  );
  expect(google.refusals).toEqual([expect.stringContaining(said)]);
});

test('wrappers are written bare, and a wrong one is not answered', async () => {
  const path = `/v1/projects/${project}/instances/main`;
  const instance = (storageAutoResize: unknown) => ({
    type: 'google.cloud.sql.v1.DatabaseInstance',
    api: 'sqladmin.googleapis.com',
    path,
    states: [{ body: { name: 'main', settings: { storageAutoResize, settingsVersion: 12 } } }],
  });
  google = await startWorld(scenarioWith({ google: { resources: [instance(true)] } }));
  const honest = await google.get(path);
  expect(honest.body).toEqual({ name: 'main', settings: { storageAutoResize: true, settingsVersion: '12' } });
  await google.close();
  google = await startWorld(scenarioWith({ google: { resources: [instance({ value: true })] } }));
  expect((await google.get(path)).status).toBe(500);
  expect(google.refusals[0]).toContain('settings.storageAutoResize: expected bool');
});

test.each([
  ['bytes', 'aGVsbG8=', true],
  ['bytes', 'aGVsbG8', false],
  ['bytes', 'hello!==', false],
  ['string', '\ud800', false],
  ['double', 1.5, true],
  ['double', 'NaN', true],
  ['double', '1.5', false],
  ['int64', '-9223372036854775808', true],
  ['int64', '-9223372036854775809', false],
  ['int64', '1e3', false],
  ['uint64', '18446744073709551615', true],
  ['uint64', -1, false],
  ['int32', 2147483648, false],
  ['google.protobuf.Duration', '3.000000001s', true],
  ['google.protobuf.Duration', '3.0000000001s', false],
  ['google.protobuf.Timestamp', '2025-01-01T00:00:00.123456789Z', true],
  ['google.protobuf.Timestamp', '2025-01-01 00:00:00Z', false],
  ['google.protobuf.FieldMask', 'name,labels.team', true],
  ['google.protobuf.FieldMask', 'name;labels', false],
])('as %s, %j fits: %s', (type, value, fits) => {
  expect(scalarProblem(type, value) === null).toBe(fits);
});

test('64-bit numbers are written as text and times in UTC, as the real APIs do', async () => {
  const body = { name, generation: 7, createTime: '2025-01-01T02:00:00+02:00' };
  google = await startWorld(scenarioWith({ google: { resources: [{ ...service, states: [{ body }] }] } }));
  const answer = await google.get(service.path);
  expect(answer.body).toEqual({ name, generation: '7', createTime: '2025-01-01T00:00:00Z' });
  expect(google.refusals).toEqual([]);
});
