import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadScenario, ScenarioError, scenarioJsonSchema } from '../../../sandbox/scenario/load.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'scenario-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const honest = `version: 1
title: A small outage
start: 2025-03-10T12:00:00Z
repository: { owner: acme, name: shop }
people: { alice: { role: write } }
issues:
  - { number: 1, title: The shop is down, by: alice, at: 2025-03-10T11:30:00Z }
focus: 1
google:
  resources:
    - type: google.cloud.vpcaccess.v1.Connector
      api: vpcaccess.googleapis.com
      path: /v1/projects/demo/locations/r/connectors/link
      states:
        - { body: { name: projects/demo/locations/r/connectors/link, state: READY } }
        - { from: 2025-03-10T11:00:00Z, body: { state: ERROR } }
  logs:
    - from: 2025-03-10T11:00:00Z
      to: 2025-03-10T12:00:00Z
      count: 60
      entry: { logName: projects/demo/logs/x, severity: ERROR, textPayload: "attempt {{n}}" }
  metrics:
    - type: vpcaccess.googleapis.com/connector/instances
      resource: { type: vpc_access_connector, labels: { project_id: demo, connector_name: link } }
      kind: GAUGE
      value: INT64
      levels:
        - { from: 2025-03-10T10:00:00Z, value: 2 }
        - { from: 2025-03-10T11:00:00Z, value: 10 }
endpoints:
  - url: https://shop.example/health
    states: [{ status: 200 }]
faults:
  - { api: run.googleapis.com, kind: denied }
script:
  - comment: { by: alice, issue: 1, body: /status }
`;

async function write(scenario: string, files: Record<string, string> = {}): Promise<void> {
  for (const [file, text] of Object.entries({
    'scenario.yml': scenario,
    'sitrep.yml': 'version: 1\n',
    ...files,
  })) {
    await writeFile(join(dir, file), text);
  }
}

async function problemsOf(scenario: string, files: Record<string, string> = {}): Promise<string[]> {
  await write(scenario, files);
  const error: unknown = await loadScenario(dir).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ScenarioError);
  return error instanceof ScenarioError
    ? error.problems.map((problem) => problem.replace(`${dir}/`, ''))
    : [];
}

test('a directory gives the scenario with its defaults, and the texts beside it', async () => {
  const root = 'root: { cause: vpc-connector-saturated, component: connector, verdict: confirmed }\n';
  await write(honest, { 'sitrep.policy.yml': 'repositories: {}\n', 'expect.yml': root });
  const loaded = await loadScenario(dir);
  expect(loaded).toMatchObject({
    dir,
    configuration: 'version: 1\n',
    policy: 'repositories: {}\n',
    expected: {
      root: { cause: 'vpc-connector-saturated', component: 'connector', verdict: 'confirmed' },
      labels: [],
    },
  });
  expect(loaded.scenario.google.metrics[0]).toMatchObject({ delay_s: 120, every_s: 60, unit: '1' });
});

test('policy and expectation may be missing', async () => {
  await write(honest);
  expect(await loadScenario(dir)).toMatchObject({ policy: null, expected: null });
});

test('a name that does not exist says which there are', async () => {
  await expect(loadScenario('no-such-outage')).rejects.toThrow(
    /There is no scenario no-such-outage\. Name one of .*directory/,
  );
});

test('a directory without its files names them', async () => {
  await mkdir(join(dir, 'empty'));
  await expect(loadScenario(join(dir, 'empty'))).rejects.toThrow(/empty\/scenario.yml: the file is missing/);
  await writeFile(join(dir, 'scenario.yml'), honest);
  await expect(loadScenario(dir)).rejects.toThrow(/sitrep.yml: the file is missing/);
});

const mistakes: [what: string, change: (text: string) => string, said: string][] = [
  ['broken YAML', (text) => text.replace('focus: 1', 'focus: [1'), 'scenario.yml: '],
  ['a field of another name', (text) => text.replace('focus:', 'focusses:'), 'scenario.yml'],
  [
    'an unknown key in a list',
    (text) => text.replace('      path: /v1', '      paht: /v1'),
    'scenario.yml:11:7: google.resources[0]',
  ],
  [
    'a time without a zone',
    (text) => text.replace('start: 2025-03-10T12:00:00Z', 'start: 2025-03-10T12:00:00'),
    'scenario.yml:3:8: start: ',
  ],
  [
    'a path that no method gets',
    (text) => text.replace('/connectors/link\n', '/connector/link\n'),
    'scenario.yml:13:13: google.resources[0].path: no method of vpcaccess.googleapis.com gets',
  ],
  [
    'another message type',
    (text) => text.replace('v1.Connector\n', 'v1.Connection\n'),
    'gets a google.cloud.vpcaccess.v1.Connection',
  ],
  [
    'another host',
    (text) => text.replace('api: vpcaccess.g', 'api: run.g'),
    'no method of run.googleapis.com gets',
  ],
  [
    'a body that does not fit its type',
    (text) => text.replace('state: READY', 'state: FINE'),
    'google.resources[0].states[0].body: state: "FINE" is no value of google.cloud.vpcaccess.v1.Connector.State. Write it as the REST API answers',
  ],
  [
    'a body that does not fit from a later state on',
    (text) => text.replace('state: ERROR', 'stat: ERROR'),
    'scenario.yml:16:47: google.resources[0].states[1].body: stat: ',
  ],
  [
    'a name that differs from the path',
    (text) => text.replace('name: projects/demo/locations/r/connectors/link', 'name: link'),
    'name: "link" where the path has projects/demo/locations/r/connectors/link',
  ],
  [
    'states that are out of order',
    (text) => text.replace('- { from: 2025-03-10T11:00:00Z, body', '- { body'),
    'google.resources[0].states[1]: only the first state may lack "from"',
  ],
  [
    'levels that are out of order',
    (text) => text.replace('T10:00:00Z, value', 'T11:30:00Z, value'),
    'google.metrics[0].levels[1]: it does not begin after the one before',
  ],
  [
    'a log run without its end',
    (text) => text.replace('      to: 2025-03-10T12:00:00Z\n', ''),
    'google.logs[0]: its time is not clear',
  ],
  [
    'a log run that ends before it begins',
    (text) => text.replace('      to: 2025-03-10T12', '      to: 2025-03-10T10'),
    'google.logs[0].to: it ends before it begins',
  ],
  [
    'a log entry of another form',
    (text) => text.replace('severity: ERROR', 'severity: BAD'),
    'google.logs[0].entry: severity: "BAD" is no value',
  ],
  [
    'a log entry with its own time',
    (text) => text.replace('severity: ERROR', 'timestamp: 2025-03-10T11:00:00Z'),
    'google.logs[0].entry.timestamp: it is set by the stand-in',
  ],
  [
    'a log without a project',
    (text) => text.replace('projects/demo/logs/x', 'x'),
    'google.logs[0].entry.logName: it names no log',
  ],
  [
    'a placeholder that does not exist',
    (text) => text.replace('{{n}}', '{{number}}'),
    'google.logs[0].entry: it has a {{…}} of another form',
  ],
  [
    'a metric of another kind',
    (text) => text.replace('kind: GAUGE', 'kind: DELTA'),
    'google.metrics[0].kind: it is DELTA. vpcaccess.googleapis.com/connector/instances is GAUGE of INT64',
  ],
  [
    'a metric of another value type',
    (text) => text.replace('value: INT64', 'value: DOUBLE'),
    'google.metrics[0].value: it is DOUBLE',
  ],
  [
    'a fraction in a metric of whole numbers',
    (text) => text.replace('value: 10 ', 'value: 9.5 '),
    'google.metrics[0].levels[1].value: 9.5 is no whole number',
  ],
  [
    'a metric of another resource',
    (text) => text.replace('type: vpc_access_connector', 'type: cloudsql_database'),
    'belongs to vpc_access_connector',
  ],
  [
    'a resource label that does not exist',
    (text) => text.replace('connector_name: link', 'name: link'),
    'google.metrics[0].resource.labels.name: vpc_access_connector has no such label',
  ],
  [
    'a page that opens as a WebSocket does',
    (text) => text.replace('{ status: 200 }', '{ status: 101 }'),
    'endpoints[0].states[0].status: 101 is the answer to a WebSocket only',
  ],
  [
    'a message after a refused handshake',
    (text) =>
      text
        .replace('https://shop.example/health', 'wss://shop.example/ws')
        .replace('{ status: 200 }', '{ status: 403, message: hello }'),
    'endpoints[0].states[0]: nothing comes after a handshake that is refused',
  ],
  [
    'a certificate without TLS',
    (text) =>
      text
        .replace('https://shop.example/health', 'http://shop.example/health')
        .replace('{ status: 200 }', '{ status: 200, tls: { issuer: x, expires: 2025-04-01T00:00:00Z } }'),
    'endpoints[0].states[0].tls: http://shop.example/health has no TLS',
  ],
  [
    'an address that is none',
    (text) => text.replace('    states: [{ status', '    addresses: [shop]\n    states: [{ status'),
    'endpoints[0].addresses[0]: shop is no address',
  ],
  [
    'a query that the API could not read',
    (text) =>
      text.replace(
        'endpoints:',
        '  prometheus:\n    - { project: demo, query: sum(x, series: [] }\nendpoints:',
      ),
    'google.prometheus[0].query: 1:4: parse error: unclosed (',
  ],
  ['a metric without its project', (text) => text.replace('project_id: demo, ', ''), 'project_id is missing'],
  [
    'a fault of something unknown',
    (text) => text.replace('api: run.googleapis.com', 'api: run.google.com'),
    'faults[0].api: nothing of the scenario is run.google.com',
  ],
  [
    'a fault that an endpoint cannot have',
    (text) => text.replace('api: run.googleapis.com', 'api: https://shop.example'),
    'faults[0].kind: https://shop.example has no fault denied',
  ],
  [
    'an endpoint that begins late',
    (text) => text.replace('{ status: 200 }', '{ status: 200, from: 2025-03-10T13:00:00Z }'),
    'endpoints[0].states[0].from: the endpoint has no state at the start',
  ],
  [
    'a focus that does not exist',
    (text) => text.replace('focus: 1', 'focus: 2'),
    'focus: there is no issue 2. Name one of 1.',
  ],
  [
    'a comment on an issue that does not exist',
    (text) => text.replace('issue: 1,', 'issue: 3,'),
    'script[0].comment.issue: there is no issue 3',
  ],
  [
    'a comment by nobody',
    (text) => text.replace('- comment: { by: alice', '- comment: { by: bob'),
    'script[0].comment.by: bob is not among the people',
  ],
  [
    'an issue opened by nobody',
    (text) => `${text}  - open: { by: bob, title: Down }\n`,
    'script[1].open.by: bob is not among the people',
  ],
  [
    'a tick on an issue that nothing opens',
    (text) => `${text}  - tick: { by: alice, issue: 2, action: 1 }\n`,
    'script[1].tick.issue: there is no issue 2',
  ],
  [
    'a closing before the opening',
    (text) => `${text}  - close: { by: alice, issue: 2 }\n  - open: { by: alice, title: Down }\n`,
    'script[1].close.issue: there is no issue 2',
  ],
];

test('a step may name an issue that an earlier step opens', async () => {
  await write(`${honest}  - open: { by: alice, title: Down }\n  - close: { by: alice, issue: 2 }\n`);
  expect((await loadScenario(dir)).scenario.script).toHaveLength(3);
});

test.each(mistakes)('%s is told with its place', async (_, change, said) => {
  expect(change(honest)).not.toBe(honest);
  const problems = await problemsOf(change(honest));
  expect(problems.join('\n')).toContain(said);
  for (const problem of problems) expect(problem).toMatch(/^scenario\.yml/);
});

/** The resources of the scenario, with one more before them. */
const withResource = (yaml: string) => honest.replace('  resources:\n', `  resources:\n${yaml}`);

const object = (content: string) => `    - type: storage.Object
      api: storage.googleapis.com
      path: /storage/v1/b/states/o/live%2Fdefault.tfstate
      states:
        - body: { name: live/default.tfstate, bucket: states }
${content}`;
const emptyState =
  '{ version: 4, terraform_version: 1.9.5, serial: 1, lineage: a, outputs: {}, resources: [] }';

test('a Terraform state and the health of a group are taken as they are', async () => {
  const health = `    - type: google.cloud.compute.v1.BackendServiceGroupHealth
      api: compute.googleapis.com
      path: /compute/v1/projects/p/global/backendServices/b/getHealth?group=zones/z/instanceGroups/g
      states: [{ body: { healthStatus: [{ healthState: HEALTHY }] } }]
`;
  await write(withResource(object(`          content: ${emptyState}\n`) + health));
  expect((await loadScenario(dir)).scenario.google.resources.length).toBe(3);
  expect(await problemsOf(withResource(health.replace('HEALTHY', 'ILL')))).toEqual([
    expect.stringMatching(/healthStatus\[0\]\.healthState: "ILL" is no value of/),
  ]);
});

test.each([
  ['no content', withResource(object('')), /content: it is missing/],
  [
    'a content that is no Terraform state',
    withResource(object(`          content: ${emptyState.replace('4', '3')}\n`)),
    /version: /,
  ],
  [
    'a content where none belongs',
    honest.replace(', state: READY } }', ', state: READY }, content: { a: 1 } }'),
    /content: it is no object/,
  ],
  [
    'an incident that the public feed cannot hold',
    honest.replace('  logs:\n', '  status_feed:\n    - states: [{ body: { id: a } }]\n  logs:\n'),
    /google\.status_feed\[0\]\.states\[0\]\.body: number: /,
  ],
])('%s is told', async (_what, text, said) => {
  expect(text).not.toBe(honest);
  expect((await problemsOf(text)).join('\n')).toMatch(said);
});

test('a resource that is there twice is told', async () => {
  const block = /    - type: google\.cloud\.vpcaccess[\s\S]*?(?= {2}logs:)/.exec(honest)?.[0] ?? '';
  expect(await problemsOf(honest.replace(block, block + block))).toEqual([
    expect.stringMatching(/google\.resources\[1\]\.path: .*connectors\/link is there twice/),
  ]);
});

test('what is wrong from the first state on is told once', async () => {
  expect(await problemsOf(honest.replace('state: READY', 'state: READY, speed: 5'))).toEqual([
    expect.stringContaining('google.resources[0].states[0].body: speed: '),
  ]);
});

test('comments that are out of order are told', async () => {
  const late = ['11:50', '11:40'].map((at) => `{ by: alice, at: 2025-03-10T${at}:00Z, body: x }`).join(', ');
  const text = honest.replace('11:30:00Z }', `11:30:00Z, comments: [${late}] }`);
  expect(await problemsOf(text)).toEqual([
    expect.stringContaining('issues[0]: 2025-03-10T11:40:00Z comes after 2025-03-10T11:50:00Z'),
  ]);
});

test('all problems are told at once', async () => {
  const text = honest
    .replace('state: READY', 'state: FINE')
    .replace('kind: GAUGE', 'kind: DELTA')
    .replace('focus: 1', 'focus: 9');
  expect(await problemsOf(text)).toHaveLength(3);
});

test('a wrong expectation names its file', async () => {
  expect(await problemsOf(honest, { 'expect.yml': 'root: { cause: x }\n' })).toEqual([
    expect.stringMatching(/^expect\.yml.*root\.component/),
    expect.stringMatching(/^expect\.yml.*root\.verdict/),
  ]);
});

test('the JSON Schema takes what the loader takes, and refuses another form', () => {
  const validate = new Ajv2020({ strict: false, formats: { 'date-time': true, uri: true } }).compile(
    scenarioJsonSchema(),
  );
  const scenario: unknown = parse(honest);
  expect(validate(scenario)).toBe(true);
  expect(validate(parse(honest.replace('focus:', 'focusses:')))).toBe(false);
  expect(validate(parse(stringify(scenario).replace('GAUGE', 'LEVEL')))).toBe(false);
});
