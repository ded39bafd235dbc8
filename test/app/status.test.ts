import { afterEach, describe, expect, test } from 'vitest';
import type { Scenario } from '../../sandbox/scenario/schema.ts';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** `/status`, end to end: the real app over HTTP between the stand-ins. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

async function open(options?: PlayOptions): Promise<Play> {
  play = await openPlay(options);
  return play;
}

/** No request was refused by GitHub's or Google's own descriptions. */
function expectNoRefusals({ github, google }: Play): void {
  expect([...github.refusals, ...google.refusals]).toEqual([]);
}

/** The hidden marker's id comes from the delivery's GUID, which is another one each time. */
function withoutId(body = ''): string {
  return body.replace(/<!-- sitrep:[0-9a-f-]{36} -->/u, '<!-- sitrep:ID -->');
}

const stackTrace = /\n\s+at |node:internal|\.ts:\d+/u;

describe('/status by somebody who may', () => {
  test('is acknowledged, answered with an update, and marked done', async () => {
    const { say, google } = await open();
    const { reactions, replies } = await say('carol', '/status');
    expect(reactions).toEqual(['eyes', 'rocket']);
    expect(replies).toHaveLength(1);
    expect(google.requests.length).toBeGreaterThan(0);
    if (play !== null) expectNoRefusals(play);
    await expect(withoutId(replies[0])).toMatchFileSnapshot('__snapshots__/status.md');
  });

  test('a second one shows what changed, and goes on with the evidence numbers', async () => {
    const { say, clock } = await open();
    const [first = ''] = (await say('carol', '/status')).replies;
    clock.advance(30 * 60_000);
    const [second = ''] = (await say('alice', '/status')).replies;
    expect(second).toContain('**Since 18:05:**');
    const highest = Math.max(...[...first.matchAll(/\bE(\d+)\b/gu)].map(([, number]) => Number(number)));
    const component = /Components: .*?<\/details>/su.exec(second)?.[0] ?? '';
    const cited = [...component.matchAll(/\bE(\d+)\b/gu)].map(([, number]) => Number(number));
    expect(cited.length).toBeGreaterThan(0);
    expect(Math.min(...cited)).toBeGreaterThan(highest);
    await expect(withoutId(second)).toMatchFileSnapshot('__snapshots__/status-second.md');
  });

  test('two commands in one comment are both carried out, a bot is not answered', async () => {
    const { say } = await open();
    const { replies } = await say('carol', '/sitrep help\n\n> /status\n\n/status');
    expect(replies).toHaveLength(2);
    expect(replies[0]).toContain('/sitrep help');
    expect(replies[1]).toContain('investigating');
  });

  test('takes at most five GitHub requests to the comment, and fifteen in all, five of them writes', async () => {
    const { say, github } = await open();
    await say('carol', '/sitrep help'); // warms the installation token, as in a running server
    const before = github.requests.length;
    await say('carol', '/status');
    const requests = github.requests.slice(before);
    const posted = requests.findIndex(
      ({ route }) => route.startsWith('POST') && route.endsWith('/issues/{issue_number}/comments'),
    );
    expect(requests.slice(0, posted + 1).map(({ route }) => route)).toHaveLength(5);
    expect(requests.length).toBeLessThanOrEqual(15);
    expect(requests.filter(({ write }) => write).length).toBeLessThanOrEqual(5);
  });

  test('what was redelivered, or sent twice, is answered once', async () => {
    const { say, github, rest } = await open();
    await say('carol', '/status');
    const posted = github.thread(1278).length;
    const guid =
      github.deliveries.find(({ event, action }) => event === 'issue_comment' && action === 'created')
        ?.guid ?? '';
    expect((await github.redeliver(guid)).status).toBe(202);
    await rest();
    expect(github.thread(1278)).toHaveLength(posted);
  });
});

describe('a comment that GitHub took, but did not answer for, is not posted twice', () => {
  test.each(['commit-then-drop', 'commit-then-502'] as const)('%s', async (kind) => {
    const { say, github } = await open();
    github.inject({ kind, method: 'POST', pathIncludes: '/issues/1278/comments' });
    const { replies, reactions } = await say('carol', '/status');
    expect(replies).toHaveLength(1);
    expect(reactions).toContain('rocket');
  });

  test.each(['drop', 'unavailable', 'html-502'] as const)(
    '%s before it was taken: posted once',
    async (kind) => {
      const { say, github } = await open();
      github.inject({ kind, method: 'POST', pathIncludes: '/issues/1278/comments' });
      expect((await say('carol', '/status')).replies).toHaveLength(1);
    },
  );
});

describe('bad input is answered in words', () => {
  test.each<[what: string, by: string, body: string, reaction: string, says: string[]]>([
    ['an unknown command', 'carol', '/sitrep statu', 'confused', ['/status']],
    ['a bare /sitrep', 'carol', '/sitrep', 'confused', ['/sitrep help']],
    ['too many words', 'carol', '/status now please', 'confused', ['/status [ENVIRONMENT]']],
    ['an environment that is not there', 'carol', '/status prod', 'confused', ['prod', 'staging']],
    ['a role that does not suffice', 'mallory', '/status', '-1', ['triage', 'read']],
  ])('%s', async (_what, by, body, reaction, says) => {
    const { say, google } = await open();
    const { reactions, replies } = await say(by, body);
    expect(reactions).toContain(reaction);
    expect(reactions).not.toContain('rocket');
    expect(replies).toHaveLength(1);
    for (const words of says) expect(replies[0]).toContain(words);
    expect(replies[0]).not.toMatch(stackTrace);
    expect(google.requests).toEqual([]);
  });

  test.each(['/deploy staging', '/hold', 'please /status'])('%s is not ours', async (body) => {
    const { say } = await open();
    expect(await say('carol', body)).toEqual({ reactions: [], replies: [] });
  });

  test('no configuration: a comment that says what to commit', async () => {
    const { say } = await open({ configuration: null });
    const { replies } = await say('carol', '/status');
    expect(replies).toHaveLength(1);
    expect(replies[0]).toContain('.github/sitrep.yml');
    expect(replies[0]).toContain('version: 1');
  });

  test('an invalid configuration: every error with its line and remedy, and the update with what can be read', async () => {
    const { say, google } = await open({
      configuration: [
        'version: 1',
        'google_cloud: { project: netra-staging, region: us-central1 }',
        'components:',
        '  db: { type: cloud-sql, instance: staging-shared-postgres }',
        '  backend: { type: cloud-run, sevice: netra-backend-staging }',
        'success_criteria:',
        '  - { id: a, title: A, when: "eror.share < 0.1" }',
      ].join('\n'),
    });
    const { replies } = await say('carol', '/status');
    const text = replies.join('\n');
    expect(text).toContain('| `5:');
    expect(text).toContain('service');
    expect(text).toContain('| `7:');
    expect(text).toContain('`db`');
    expect(text).not.toMatch(stackTrace);
    expect(google.requests.some(({ path }) => path.includes('staging-shared-postgres'))).toBe(true);
  });

  test('no policy for the repository: nothing outside GitHub is read, and the update says so', async () => {
    const { say, google, endpoints } = await open({ policy: 'repositories: {}\n' });
    const { replies } = await say('carol', '/status');
    expect(google.requests).toEqual([]);
    expect(endpoints.requests).toEqual([]);
    expect(replies[0]).toContain('polic');
  });

  test('a public repository that the operator did not open: nothing of the infrastructure is shown', async () => {
    const { say, google } = await open({
      change: (scenario) => {
        scenario.repository.private = false;
      },
    });
    const { replies, reactions } = await say('carol', '/status');
    expect(replies[0]).not.toContain('netra-backend-staging');
    expect(replies[0]).toContain('public: full');
    expect(reactions).toContain('-1');
    expect(google.requests).toEqual([]);
  });
});

describe('a Google API that fails becomes a gap with its remedy; the rest of the update stands', () => {
  test.each<[kind: Scenario['faults'][number]['kind'], says: string]>([
    ['denied', 'roles/vpcaccess.viewer'],
    ['api-disabled', 'gcloud services enable vpcaccess.googleapis.com'],
    ['quota', ''],
    ['html-502', ''],
    ['unavailable', ''],
    ['lie', ''],
    ['not-found', 'staging-connector'],
  ])('%s', async (kind, says) => {
    const { say } = await open({
      change: (scenario) => {
        scenario.faults.push({ api: 'vpcaccess.googleapis.com', path: '', kind });
      },
    });
    const { replies, reactions } = await say('carol', '/status');
    expect(reactions).toContain('rocket');
    expect(replies).toHaveLength(1);
    expect(replies[0]).toContain('`connector`');
    expect(replies[0]).toContain(says);
    expect(replies[0]).not.toMatch(stackTrace);
    expect(replies[0]).toContain('`db`');
  });

  test('one that never answers costs the others nothing', async () => {
    const { say } = await open({
      change: (scenario) => {
        scenario.faults.push({ api: 'sqladmin.googleapis.com', path: '', kind: 'hang' });
      },
    });
    const { replies } = await say('carol', '/status');
    expect(replies[0]).toMatch(/no answer|timed out|time-?out/iu);
    expect(replies[0]).toContain('10/10');
  });
});

describe('GitHub refuses or goes away', () => {
  test('a role that cannot be looked up is no role, and the command is tried again', async () => {
    const { say, github } = await open();
    github.inject({ kind: 'unavailable', pathIncludes: '/collaborators/' });
    const { replies, reactions } = await say('carol', '/status');
    expect(replies).toHaveLength(1);
    expect(reactions).toContain('rocket');
  });

  test('a command that keeps failing is given up after five tries, and its author is told', async () => {
    const { say, github, logged } = await open();
    github.inject({ kind: 'unavailable', pathIncludes: '/contents/', times: 50 });
    const { replies, reactions } = await say('carol', '/status');
    expect(github.requests.filter(({ path }) => path.includes('/contents/'))).toHaveLength(5);
    expect(reactions).toContain('confused');
    expect(replies).toHaveLength(1);
    expect(replies[0]).toContain('could not be carried out');
    expect(replies[0]).not.toMatch(stackTrace);
    expect(logged.join('')).toContain(github.deliveries[0]?.guid ?? 'no delivery');
  }, 60_000);

  test('comments forbidden: given up with a log line, not tried for ever', async () => {
    const { say, github, logged } = await open();
    github.inject({ kind: 'denied', method: 'POST', pathIncludes: '/issues/1278/comments', times: 50 });
    const { replies, reactions } = await say('carol', '/status');
    expect(replies).toEqual([]);
    expect(reactions).not.toContain('rocket');
    expect(logged.join('')).toContain('given up');
    expect(
      github.requests.filter(
        ({ method, path }) => method === 'POST' && path.includes('/issues/1278/comments'),
      ),
    ).toHaveLength(1);
  });
});
