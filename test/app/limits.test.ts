import { afterEach, describe, expect, test } from 'vitest';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** GitHub limits, forgets a token, or is asked for the same by several people at once. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

async function open(options?: PlayOptions): Promise<Play> {
  play = await openPlay(options);
  return play;
}

const comments = { method: 'POST', pathIncludes: '/issues/1278/comments' };

describe('a limit puts the work off, and nobody is answered twice', () => {
  test.each<[what: string, fault: Parameters<Play['github']['inject']>[0]]>([
    ['403 with retry-after, at the comment', { kind: 'quota', status: 403, retryAfter: 1, ...comments }],
    ['429 with retry-after, at the comment', { kind: 'quota', status: 429, retryAfter: 1, ...comments }],
    ['403, while reading', { kind: 'quota', status: 403, retryAfter: 1, pathIncludes: '/contents/' }],
    [
      '429, at the look-up of the role',
      { kind: 'quota', status: 429, retryAfter: 1, pathIncludes: '/collaborators/' },
    ],
    [
      '403, at the last reaction',
      { kind: 'quota', status: 403, retryAfter: 1, pathIncludes: '/reactions', times: 2 },
    ],
  ])('%s', async (_what, fault) => {
    const { say, github, logged } = await open();
    github.inject(fault);
    const { replies, reactions } = await say('carol', '/status');
    expect(replies).toHaveLength(1);
    expect(reactions).toContain('rocket');
    expect(logged.join('')).toContain('GitHub limits this installation');
    expect(logged.join('')).not.toContain('delivery failed');
  });

  test('for a day; then nobody waits for it any more', async () => {
    const { github, clock, rest, logged } = await open();
    github.inject({ kind: 'quota', retryAfter: 1, times: 1_000, ...comments });
    const { commentId } = await github.comment('carol', 1278, '/sitrep help');
    await expect.poll(() => logged.join(''), { timeout: 20_000 }).toContain('A job is put off');
    clock.advance(25 * 3_600_000);
    await rest();
    expect(github.thread(1278).some(({ bot }) => bot)).toBe(false);
    expect(github.thread(1278).find(({ id }) => id === commentId)?.reactions).not.toContain('rocket');
    expect(logged.join('')).toContain('not posted within a day');
  });

  test('the budget of writes is kept: five at once, then one after the other', async () => {
    const { github, say } = await open({
      githubWrites: { burst: 2, per_second: 5, per_minute: 80, per_hour: 500 },
    });
    const first = await say('carol', '/status');
    const second = await say('carol', '/status');
    for (const { replies, reactions } of [first, second]) {
      expect(replies).toHaveLength(1);
      expect(reactions).toContain('rocket');
    }
    const writes = github.requests.filter(({ write, path }) => write && path.startsWith('/repos/'));
    expect(writes.every(({ status }) => status !== null && status < 300)).toBe(true);
    // Two answers with their reactions, the labels, and the living comment: posted, pinned and edited; courtesies may be left out.
    expect(writes.length).toBeLessThanOrEqual(12);
  });
});

describe('a token that GitHub does not know any more is replaced', () => {
  test('between two commands', async () => {
    const { github, say } = await open();
    await say('carol', '/status');
    github.revokeTokens();
    const { replies, reactions } = await say('carol', '/status');
    expect(replies).toHaveLength(1);
    expect(reactions).toContain('rocket');
  });

  test('at the comment itself', async () => {
    const { github, say } = await open();
    github.inject({ kind: 'no-token', ...comments });
    const { replies, reactions } = await say('carol', '/status');
    expect(replies).toHaveLength(1);
    expect(reactions).toContain('rocket');
  });
});

/** Two people ask; the second while the first is being answered. */
async function together(second: string): Promise<Play> {
  const opened = await open();
  const { github, google, clock, rest } = opened;
  google.setLatency(400);
  await github.comment('carol', 1278, '/status');
  await expect.poll(() => google.requests.length, { timeout: 20_000 }).toBeGreaterThan(0);
  await github.comment('alice', 1278, second);
  clock.advance(2_000);
  await rest();
  return opened;
}

describe('what is asked for while it is being collected gets the same answer', () => {
  test('one comment, and both are told', async () => {
    const { github } = await together('/status');
    const thread = github.thread(1278);
    expect(thread.filter(({ bot, pinned }) => bot && !pinned)).toHaveLength(1);
    const asked = thread.filter(({ body }) => body === '/status');
    expect(asked.map(({ reactions }) => reactions.includes('rocket'))).toEqual([true, true]);
  });

  test('but not where another environment was asked for, nor after it was collected', async () => {
    const { github, say } = await together('/status nowhere');
    expect(github.thread(1278).filter(({ bot, pinned }) => bot && !pinned)).toHaveLength(2);
    const { replies } = await say('carol', '/status');
    expect(replies).toHaveLength(1);
  });
});
