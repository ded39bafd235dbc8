import { afterEach, describe, expect, test } from 'vitest';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** Commands, configurations and repositories that are not as they should be. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

async function open(options?: PlayOptions): Promise<Play> {
  play = await openPlay(options);
  return play;
}

const stackTrace = /\n\s+at |node:internal|\.ts:\d+/u;

describe('bad input is answered in words', () => {
  test.each<[what: string, by: string, body: string, reaction: string, says: string[]]>([
    ['an unknown command', 'carol', '/sitrep statu', 'confused', ['/status']],
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

  test('a bare /sitrep: whoever writes it is shown the commands', async () => {
    const { say, google } = await open();
    const { reactions, replies } = await say('carol', '/sitrep');
    expect(reactions).toEqual(['eyes', 'rocket']);
    expect(replies).toHaveLength(1);
    for (const usage of ['/status [ENVIRONMENT]', '/sitrep help']) expect(replies[0]).toContain(usage);
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

  test('a public repository to which the operator grants nothing: nothing is read', async () => {
    const { say, google } = await open({
      policy: 'repositories: {}\n',
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
