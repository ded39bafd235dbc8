import * as fc from 'fast-check';
import { afterEach, describe, expect, it, test } from 'vitest';
import { openGitHub } from '../../src/cli/github.ts';
import { collect } from '../../src/collectors/collect.ts';
import type { GitHubAnswers } from '../../src/collectors/github-answers.ts';
import type { GitHubQuestion } from '../../src/collectors/github-query.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import { createProbe } from '../../src/collectors/probe.ts';
import { createSocketProbe } from '../../src/collectors/websocket-probe.ts';
import { createRedactor } from '../../src/collectors/redact.ts';
import { repositorySchema, type Configuration } from '../../src/config/repository.schema.ts';
import { changesSince } from '../../src/core/changes-since.ts';
import { repositoryId } from '../../src/core/repository-id.ts';
import { snapshotSchema, type Snapshot } from '../../src/core/snapshot.ts';
import { installationToken } from '../sandbox/github/start.ts';
import { shas, startRepository, type RepositoryWorld } from './repository.ts';

/** What is read of the repository; the rules for all collectors are in contract.ts. */

let world: RepositoryWorld | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

async function open(...given: Parameters<typeof startRepository>): Promise<RepositoryWorld> {
  world = await startRepository(...given);
  return world;
}

/** A collection of nothing but the repository. */
function collected(
  github: GitHubAnswers,
  settings: Partial<Pick<Configuration, 'github'>> = {},
  now = '2025-03-10T12:00:00Z',
): Promise<Snapshot> {
  const configuration = { ...repositorySchema.parse({ version: 1 }), ...settings };
  return collect(
    { configuration, github },
    {
      google: createGoogleAccess({ endpoint: 'http://127.0.0.1:1' }),
      probe: createProbe({ map: {} }),
      probeSocket: createSocketProbe({ map: {} }),
      grants: { project: () => false, endpoint: () => false },
      now: () => new Date(now),
      redact: createRedactor(),
    },
  );
}

/** `signal: value`, `≥` where it is a lower bound. */
function values({ observations }: Snapshot): string[] {
  return observations.map(
    ({ signal, value, partial }) => `${signal}: ${partial === true ? '≥ ' : ''}${value}`,
  );
}

function changesOf(snapshot: Snapshot, kind: Snapshot['changes'][number]['kind']) {
  return snapshot.changes.filter((change) => change.kind === kind);
}

/** The commit of that number, a minute older than the one before. */
const shaOf = (index: number) => index.toString(16).padStart(40, '0');
const timeOf = (index: number) => new Date(Date.parse('2025-03-10T11:59:00Z') - index * 60_000).toISOString();

describe('what changed since yesterday', () => {
  it('is counted, each change with its time, author, commit and state', async () => {
    const { github, answers } = await open();
    const snapshot = await collected(answers());
    expect(values(snapshot)).toEqual([
      'commits: 3',
      'pull_requests: 1',
      'deployments: 1',
      'workflow_runs: 1',
      'references: 2',
      'reference: #12',
      'reference: #3',
      'fix.2: reverted',
    ]);
    expect(snapshot.gaps).toEqual([]);
    expect(changesOf(snapshot, 'commit').map(({ sha, title, by }) => [sha, title, by])).toEqual([
      [shas.push, 'Longer carts', 'bob'],
      [shas.squash, 'Show taxes (#11)', 'alice'],
      [shas.revert, 'Revert "Wait longer"', 'bob'],
    ]);
    expect(changesOf(snapshot, 'pull-request')).toMatchObject([
      {
        number: 11,
        title: 'Show taxes',
        by: 'carol',
        sha: shas.squash,
        state: 'merged',
        at: '2025-03-10T09:00:00.000Z',
      },
    ]);
    expect(changesOf(snapshot, 'deployment')).toMatchObject([
      {
        sha: shas.push,
        environment: 'production',
        state: 'success',
        by: 'bob',
        at: '2025-03-10T11:04:00.000Z',
      },
    ]);
    expect(changesOf(snapshot, 'workflow-run')).toMatchObject([
      { number: 57, title: 'Ship it', sha: shas.push, state: 'success', at: '2025-03-10T11:00:00.000Z' },
    ]);
    expect(new Set(snapshot.changes.map(({ component }) => component))).toEqual(new Set([repositoryId]));
    expect(github.refusals).toEqual([]);
  });

  it('is asked for once, and a second time for the files of a fix', async () => {
    const { github, answers } = await open();
    await collected(answers());
    expect(github.requests.map(({ route, write }) => [route, write])).toEqual([
      ['POST /graphql', false],
      ['POST /graphql', false],
    ]);
  });

  it('ends with the window, for one that lies in the past', async () => {
    const { answers } = await open();
    const snapshot = await collected(answers({ earlier: [] }), {}, '2025-03-10T10:00:00Z');
    expect(values(snapshot).slice(0, 4)).toEqual([
      'commits: 2',
      'pull_requests: 1',
      'deployments: 0',
      'workflow_runs: 0',
    ]);
  });

  it('is nothing in an empty repository, and that is measured', async () => {
    const { answers } = await open({ commits: [], pull_requests: [], workflow_runs: [], deployments: [] });
    const snapshot = await collected(answers({ issue: null, earlier: [] }));
    expect(values(snapshot)).toEqual([
      'commits: 0',
      'pull_requests: 0',
      'deployments: 0',
      'workflow_runs: 0',
    ]);
    expect(snapshot.gaps).toEqual([]);
  });

  it('is found under the name that the repository had before', async () => {
    const { github, answers } = await open();
    github.moveRepository({ name: 'store' });
    const snapshot = await collected(answers());
    expect(values(snapshot)[0]).toBe('commits: 3');
    expect(snapshot.gaps).toEqual([]);
  });

  it('says "at least" where GitHub has more than it gives at once', async () => {
    const minutes = Array.from({ length: 101 }, (_, index) => index);
    const { answers } = await open({
      commits: minutes.map((index) => ({
        sha: shaOf(index),
        at: timeOf(index),
        by: 'bob',
        message: `Change ${String(index)}`,
      })),
      deployments: minutes.map((index) => ({
        sha: shaOf(index),
        at: timeOf(index),
        by: 'bob',
        environment: 'production',
        state: 'success',
      })),
      pull_requests: [],
      workflow_runs: [],
    });
    expect(values(await collected(answers({ earlier: [] }))).slice(0, 4)).toEqual([
      'commits: ≥ 100',
      'pull_requests: ≥ 0',
      'deployments: ≥ 100',
      'workflow_runs: ≥ 0',
    ]);
  });
});

describe('which workflows deploy', () => {
  const runs = [
    { id: 1, number: 1, workflow: 'Deploy', sha: shas.push, at: '2025-03-10T11:00:00Z' },
    {
      id: 2,
      number: 2,
      workflow: 'Ship',
      path: '.github/workflows/deploy-staging.yml',
      sha: shas.push,
      at: '2025-03-10T11:00:00Z',
    },
    { id: 3, number: 3, workflow: 'Release', sha: shas.push, at: '2025-03-10T11:00:00Z' },
    {
      id: 4,
      number: 4,
      workflow: 'Tests',
      path: '.github/workflows/test.yml',
      sha: shas.push,
      at: '2025-03-10T11:00:00Z',
    },
  ];
  const deployments = [
    {
      sha: shas.push,
      at: '2025-03-10T11:04:00Z',
      by: 'bob',
      environment: 'production',
      state: 'success',
      run: 3,
    },
  ];

  test.each<[string, Configuration['github'], number[]]>([
    ['by name, by file, and by what they made', {}, [1, 2, 3]],
    ['those that the configuration names, and what they made', { deploy_workflows: ['test.yml'] }, [3, 4]],
    ['by name in the configuration', { deploy_workflows: ['Tests', 'Release'] }, [3, 4]],
  ])('%s', async (_how, github, numbers) => {
    const { answers } = await open({ workflow_runs: runs, deployments });
    const snapshot = await collected(answers(), github === undefined ? {} : { github });
    expect(changesOf(snapshot, 'workflow-run').map(({ number }) => number)).toEqual(numbers);
  });

  test('deployments to other environments are left out where one is named', async () => {
    const { answers } = await open({ deployments });
    const count = async (environment: string) =>
      values(await collected(answers(), { github: { environment } }))[2];
    expect([await count('production'), await count('staging')]).toEqual(['deployments: 1', 'deployments: 0']);
  });
});

/** A commit of this morning. */
const later = (message: string, files: string[]) => ({
  sha: shas.push,
  at: '2025-03-10T08:00:00Z',
  by: 'bob',
  message,
  files,
});

describe('the fix of an earlier incident', () => {
  const fix = {
    sha: shas.fix,
    at: '2025-02-21T08:59:00Z',
    by: 'alice',
    message: 'Fix (#10)',
    files: ['a.ts', 'b.ts'],
  };

  test.each([
    ['in place', 'nothing touched its files', [later('Else', ['c.ts']), fix]],
    [
      'reverted',
      'they are as before',
      [later(`Revert\n\nThis reverts commit ${shas.fix}.`, ['a.ts', 'b.ts']), fix],
    ],
    [
      'partly reverted',
      'some are as before',
      [later(`Back\n\nThis reverts commit ${shas.fix}.`, ['a.ts']), fix],
    ],
    ['changed since', 'another change was made', [later('Rewrite', ['a.ts']), fix]],
  ])('%s: %s', async (standing, _why, commits) => {
    const { answers } = await open({
      commits,
      pull_requests: [
        { number: 10, title: 'Wait longer', by: 'alice', merged_at: fix.at, sha: fix.sha, closes: [2] },
      ],
      deployments: [],
      workflow_runs: [],
    });
    const snapshot = await collected(answers());
    expect(snapshot.observations.at(-1)).toMatchObject({
      signal: 'fix.2',
      value: standing,
      text: '#10 Wait longer',
    });
  });

  test('is not known where the issue was closed by hand', async () => {
    const { answers } = await open({ pull_requests: [] });
    const { gaps } = await collected(answers());
    expect(gaps).toMatchObject([
      { signal: 'fix.2', reason: 'no-data', detail: expect.stringContaining('#2') },
    ]);
  });

  test('is not known where there is no such issue', async () => {
    const { answers } = await open();
    const { gaps } = await collected(answers({ earlier: [77] }));
    expect(gaps).toMatchObject([{ signal: 'fix.77', reason: 'not-found' }]);
  });
});

test.each([
  ['contents', ['commits', 'pull_requests', 'workflow_runs', 'fix.2']],
  ['pull_requests', ['pull_requests', 'references', 'fix.2']],
  ['deployments', ['deployments']],
  ['checks', ['workflow_runs']],
  ['actions', ['workflow_runs']],
  ['issues', ['references', 'fix.2']],
])('an App without %s: read is denied %j and nothing else', async (permission, denied) => {
  const { github, answers } = await open({}, [permission]);
  const { request } = openGitHub(await installationToken(github), `${github.url}/api/v3`);
  const { gaps, observations } = await collected(answers({}, request));
  expect(gaps.map(({ signal, reason }) => [signal, reason])).toEqual(
    denied.map((signal) => [signal, 'denied']),
  );
  for (const { remedy } of gaps) expect(remedy).toContain(`${permission}: read`);
  const all = ['commits', 'pull_requests', 'deployments', 'workflow_runs', 'references', 'fix.2'];
  const read = new Set(observations.map(({ signal }) => signal));
  expect(all.filter((signal) => read.has(signal))).toEqual(all.filter((signal) => !denied.includes(signal)));
});

test('a secret in a title is not kept, and a title is cut', async () => {
  const secret = `ghp_${'a1B2'.repeat(9)}`;
  const { answers } = await open({
    commits: [
      { sha: shas.push, at: '2025-03-10T11:00:00Z', by: 'bob', message: `Use ${secret} ${'x'.repeat(500)}` },
    ],
    pull_requests: [],
    workflow_runs: [],
    deployments: [],
  });
  const [commit] = (await collected(answers({ earlier: [] }))).changes;
  expect(commit?.title).not.toContain(secret);
  expect(commit?.title?.length).toBe(200);
});

/** An issue that refers to the incident's. */
const reference = (name: string, isPrivate: boolean) => ({
  source: {
    type: 'Issue',
    number: 5,
    title: name,
    state: 'OPEN',
    repository: { nameWithOwner: name, isPrivate },
  },
});

test('what refers to the issue from a private repository is not told in a public one', async () => {
  const nodes = [
    reference('acme/secret', true),
    reference('acme/open', false),
    reference('acme/shop', false),
  ];
  const referred = { nameWithOwner: 'acme/shop', isPrivate: false, issue: { timelineItems: { nodes } } };
  const snapshot = await collected(answering({ data: { referred } }));
  expect(values(snapshot)).toEqual(['references: 2', 'reference: #5', 'reference: acme/open#5']);
});

/** Answers of a GitHub that says anything. */
function answering(body: unknown): GitHubAnswers {
  const request = () => Promise.resolve({ status: 200, data: body, headers: {} });
  return anyWorld.answers({ earlier: [2] } satisfies Partial<GitHubQuestion>, request);
}
const anyWorld = await startRepository();
await anyWorld.close();

describe('any answer', () => {
  it('of any JSON gives a snapshot', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (body) => {
        expect(snapshotSchema.safeParse(await collected(answering(body))).error).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('with any part replaced by anything gives a snapshot', async () => {
    const { answers, github } = await open();
    let honest: unknown;
    const { request } = openGitHub('ghp_alice', `${github.url}/api/v3`);
    await answers({}, async (route, parameters) => {
      const answer = await request(route, parameters);
      honest = answer.data;
      return answer;
    }).answer();
    const paths = pathsOf(honest);
    await fc.assert(
      fc.asyncProperty(fc.nat(paths.length - 1), awkward, async (place, by) => {
        const snapshot = await collected(answering(replaced(honest, paths[place] ?? [], by)));
        expect(snapshotSchema.safeParse(snapshot).error).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });
});

const awkward = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    null,
    '',
    0,
    -1,
    1e308,
    '+275760-09-13T00:00:00.001Z',
    '0001-01-01T00:00:00Z',
    'javascript:alert(1)',
    [],
    {},
  ),
);

function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] => [
    name,
    name === key ? replaced(inner, rest, by) : inner,
  ]);
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

test.each([
  ['a day before the reading', '2025-03-10T11:20:00Z', '2025-03-09T12:00:00.000Z'],
  [
    'two hours before an incident that is older than that',
    '2025-03-08T10:00:00Z',
    '2025-03-08T08:00:00.000Z',
  ],
  ['a day before the reading, where no incident is known', null, '2025-03-09T12:00:00.000Z'],
])('changes count from %s', (_when, declared, since) => {
  expect(changesSince(new Date('2025-03-10T12:00:00Z'), declared)).toBe(since);
});
