import { afterEach, describe, expect, test } from 'vitest';
import type { Scenario } from '../../sandbox/scenario/schema.ts';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** GitHub and Google fail, lie or go away. */

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

  test('a command that keeps failing is given up after nine tries, and its author is told', async () => {
    const { say, github, logged } = await open();
    github.inject({ kind: 'unavailable', pathIncludes: '/contents/', times: 50 });
    const { replies, reactions } = await say('carol', '/status');
    expect(github.requests.filter(({ path }) => path.includes('/contents/'))).toHaveLength(9);
    expect(reactions).toContain('confused');
    expect(replies).toHaveLength(1);
    expect(replies[0]).toContain('could not be carried out');
    expect(replies[0]).not.toMatch(stackTrace);
    expect(logged.join('')).toContain(github.deliveries[0]?.guid ?? 'no delivery');
  }, 60_000);

  test('a GitHub that does not answer is not waited for: the command is tried again', async () => {
    const { say, github } = await open({ githubTimeoutMs: 500 });
    github.inject({ kind: 'hang', pathIncludes: '/contents/' });
    const { replies, reactions } = await say('carol', '/status');
    expect(replies).toHaveLength(1);
    expect(reactions).toContain('rocket');
  });

  test('what GitHub refuses is logged without the text that was to be posted', async () => {
    const { say, github, logged } = await open();
    github.inject({ kind: 'unavailable', method: 'POST', pathIncludes: '/issues/1278/comments' });
    const { replies } = await say('carol', '/status');
    expect(replies).toHaveLength(1);
    const failure = logged.find((line) => line.includes('A job failed')) ?? '';
    expect(failure).toContain('503');
    expect(failure).not.toContain('investigating');
    expect(failure.length).toBeLessThan(4_000);
  });

  test('comments forbidden: given up with a log line, not tried for ever', async () => {
    const { say, github, logged } = await open();
    github.inject({ kind: 'denied', method: 'POST', pathIncludes: '/issues/1278/comments', times: 50 });
    const { replies, reactions } = await say('carol', '/status');
    expect(replies).toEqual([]);
    expect(reactions).not.toContain('rocket');
    expect(logged.join('')).toContain('given up');
    // The answer and the living comment, each once.
    expect(
      github.requests.filter(
        ({ method, path }) => method === 'POST' && path.includes('/issues/1278/comments'),
      ),
    ).toHaveLength(2);
  });
});
