import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { AwaitedRequest } from '../../sandbox/github/types.ts';
import { post, signatures } from '../../sandbox/github/webhooks/send.ts';
import { openPlay, type Play } from './play.ts';

/**
 * Installations, issues and repositories that are no longer what they were when the command was accepted: the work ends
 * with its reason in the log, or finds its way; nothing is tried for ever.
 */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

const issue = 1278;
const posting = { method: 'POST', pathIncludes: `/issues/${issue}/comments` };
const reading = { method: 'GET', pathIncludes: '/contents/' };
/** GitHub's replicas lag behind: what is gone is asked for once more, and then no more. */
const mostTries = 2;
/** The answer and the living comment: each is posted, and refused, once. */
const postings = 2;
/** A token that was made a moment ago may be unknown to a replica: Octokit tries a request with it four times. */
const triesOfFreshToken = 4;
/** Whether it is found while the command is worked on or when its answer is posted. */
const goneInstallation = /(?:delivery cancelled|given up).*GitHub answered 404/u;

async function open(): Promise<Play> {
  play = await openPlay();
  return play;
}

/** Carol asks for a status; something happens the moment a request of the work on it comes. */
async function meanwhile(at: Play, request: AwaitedRequest, happens: () => void): Promise<void> {
  at.github.when(request, happens);
  await at.github.comment('carol', issue, '/status');
  await at.rest();
}

const logLine = z.object({ level: z.int(), msg: z.string(), err: z.looseObject({}).optional() });
const warning = 40;

/** What the log says that an operator should see. */
function told({ logged }: Play): string[] {
  return logged
    .map((line) => logLine.parse(JSON.parse(line)))
    .filter(({ level }) => level >= warning)
    .map(({ msg, err }) => `${msg} ${JSON.stringify(err ?? {})}`);
}

function count({ github }: Play, { method, pathIncludes = '' }: AwaitedRequest): number {
  return github.requests.filter((request) => request.method === method && request.path.includes(pathIncludes))
    .length;
}

/** What Sitrep wrote there, sorted: the answer to a command, and the living comment that comes with a declaration. */
function written({ github }: Play): string[] {
  return github
    .thread(issue)
    .flatMap(({ bot, pinned }) => (bot ? [pinned ? 'living comment' : 'answer'] : []))
    .toSorted();
}

/** The reactions on the command that came last. */
function reactionsOf({ github }: Play): string[] {
  return github.thread(issue).findLast(({ bot }) => !bot)?.reactions ?? [];
}

describe('an installation', () => {
  test('that GitHub does not know: it ends with its reason', async () => {
    const at = await open();
    const { github, app, rest } = at;
    github.deliverTo('http://127.0.0.1:9/');
    await github.comment('carol', issue, '/status');
    const payload = { ...github.deliveries.at(-1)?.payload, installation: { id: 7, node_id: 'MDIz' } };
    const body = JSON.stringify(payload);
    const sent = await post(
      `${app.url}/api/github/webhooks`,
      {
        'content-type': 'application/json',
        'x-github-event': 'issue_comment',
        'x-github-delivery': randomUUID(),
        ...signatures(github.app.webhookSecret, body),
      },
      body,
      new AbortController().signal,
    );
    expect(sent).toMatchObject({ answer: { status: 202 } });
    await rest();
    const tokens = count(at, { method: 'POST', pathIncludes: '/app/installations/7/' });
    expect(tokens).toBeGreaterThan(0);
    expect(tokens).toBeLessThanOrEqual(6 * mostTries); // what is read at once asks each for a token
    expect(told(at).join('\n')).toMatch(goneInstallation);
    expect(written(at)).toEqual([]);
  });

  test.each([
    ['the command is worked on', reading],
    ['the comment is posted', posting],
  ])('that is removed while %s: it ends with its reason', async (_when, request) => {
    const at = await open();
    await meanwhile(at, request, () => at.github.uninstall());
    expect(told(at).join('\n')).toMatch(goneInstallation);
    expect(count(at, posting)).toBeLessThanOrEqual(postings * triesOfFreshToken);
    expect(written(at)).toEqual([]);
  });
});

describe('an issue', () => {
  test('that is deleted while the command is worked on: it ends with its reason', async () => {
    const at = await open();
    await meanwhile(at, { method: 'POST', pathIncludes: '/graphql' }, () => {
      void at.github.deleteIssue('erin', issue);
    });
    expect(told(at).join('\n')).toContain('delivery cancelled: GitHub answered 410: the issue is deleted');
    expect(count(at, posting)).toBe(0);
    expect(count(at, { method: 'GET', pathIncludes: `/issues/${issue}/comments` })).toBe(mostTries);
  });

  test('that is deleted while the comment is posted: given up at once', async () => {
    const at = await open();
    await meanwhile(at, posting, () => void at.github.deleteIssue('erin', issue));
    expect(told(at).join('\n')).toMatch(/given up .*GitHub answered 410/su);
    expect(count(at, posting)).toBe(postings);
  });

  test('whose conversation is locked: given up at once, the refused reaction costs nothing more', async () => {
    const at = await open();
    await meanwhile(at, reading, () => void at.github.lock('bob', issue));
    expect(told(at).join('\n')).toMatch(/given up .*GitHub answered 403/su);
    expect(count(at, posting)).toBe(postings);
    expect(written(at)).toEqual([]);
    expect(reactionsOf(at)).toEqual([]);
  });
});

describe('a repository', () => {
  test.each([
    ['the command is worked on', reading],
    ['the comment is posted', posting],
  ])('that is renamed while %s: answered once, under its new name', async (_when, request) => {
    const at = await open();
    await meanwhile(at, request, () => at.github.moveRepository({ name: 'apex' }));
    expect(written(at)).toEqual(['answer', 'living comment']);
    expect(reactionsOf(at)).toContain('rocket');
    expect(at.github.refusals).toEqual([]);
  });

  test('that is renamed while GitHub drops the connection over the comment: found again, not posted again', async () => {
    const at = await open();
    at.github.inject({ kind: 'commit-then-drop', ...posting });
    await meanwhile(at, { ...posting, moment: 'done' }, () => at.github.moveRepository({ name: 'apex' }));
    expect(written(at)).toEqual(['answer', 'living comment']);
    expect(reactionsOf(at)).toContain('rocket');
  });

  test('that was renamed: the next update knows the one before', async () => {
    const at = await open();
    await at.say('carol', '/status');
    at.github.moveRepository({ name: 'apex' });
    const { replies, reactions } = await at.say('carol', '/status');
    expect(reactions).toContain('rocket');
    expect(replies).toHaveLength(1);
    const recorded = await at.app.lastUpdate('netra-systems/apex', issue);
    expect(recorded?.snapshot.previous?.url).toContain('#issuecomment-');
  });

  test('that is transferred while the command is worked on: the old owner’s installation has lost it', async () => {
    const at = await open();
    await meanwhile(at, reading, () => at.github.moveRepository({ owner: 'apex-holding' }));
    expect(told(at).join('\n')).toMatch(goneInstallation);
    expect(written(at)).toEqual([]);
    // Under the new owner's installation it goes on.
    const { replies, reactions } = await at.say('carol', '/status');
    expect(replies).toHaveLength(1);
    expect(reactions).toContain('rocket');
  });
});
