import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { post, signatures } from '../../sandbox/github/webhooks/send.ts';
import type { Delivery } from '../../sandbox/github/types.ts';
import { webhookPath } from '../../src/intake/webhook.ts';
import { openPlay, type Play, type PlayOptions } from '../app/play.ts';
import { startPostgres, type PostgresServer } from '../store/postgres-server.ts';
import { contentsOf } from './contents.ts';
import { report, seededRandom, timeLimit, trials } from './trials.ts';

/** Signed deliveries of GitHub that somebody kept, and sends again: neither GUID nor time of sending is signed. */

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
}, 120_000);
afterAll(() => postgres.stop());

const issue = 1278;
const minute = 60_000;
const day = 24 * 60 * minute;

interface Stage {
  play: Play;
  databaseUrl: string;
  close(): Promise<void>;
}

async function open(options: PlayOptions = {}): Promise<Stage> {
  const database = await postgres.createDatabase();
  const databaseUrl = database.url;
  const play = await openPlay({ ...options, databaseUrl });
  return {
    play,
    databaseUrl,
    async close() {
      await play.close();
      await database.drop();
    },
  };
}

/** Sends a delivery of GitHub as it was, under a GUID; gives the status and what was said. */
async function replay(play: Play, { event, payload }: Delivery, guid: string): Promise<string> {
  const body = JSON.stringify(payload);
  const headers = {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': guid,
    'x-github-hook-installation-target-type': 'integration',
    'x-github-hook-installation-target-id': String(play.github.app.id),
    ...signatures(play.github.app.webhookSecret, body),
  };
  const outcome = await post(`${play.app.url}${webhookPath}`, headers, body, new AbortController().signal);
  return 'answer' in outcome
    ? `${String(outcome.answer.status)} ${outcome.answer.body.trim()}`
    : outcome.failure;
}

/** All that a second effect would change. */
async function traces({ play, databaseUrl }: Stage) {
  await play.rest();
  const { github, google } = play;
  return {
    rows: await contentsOf(databaseUrl),
    google: google.requests.length,
    github: github.requests.map(({ method, route, status }) => `${method} ${route} ${String(status)}`),
    thread: github.thread(issue).map(({ id, body, reactions }) => ({ id, body, reactions })),
    issue: { labels: github.issue(issue).labels, state: github.issue(issue).state },
  };
}

/** An incident with a bit of everything: commands, labels, a ticked box, closed, opened again, resolved by force. */
async function wholeIncident({ play }: Stage): Promise<void> {
  const { github, clock, say, rest } = play;
  const then = async (act: () => Promise<unknown>): Promise<void> => {
    await act();
    await rest();
    clock.advance(minute);
  };
  await then(() => say('carol', '/status'));
  await then(() => github.label('carol', issue, { add: 'P1' }));
  await then(() => github.label('carol', issue, { remove: 'P1' }));
  await then(() => say('bob', '/sitrep ack\n/sitrep lead @bob\n/sitrep note The connector is full'));
  await then(() => say('mallory', '/status'));
  await then(() => say('alice', '/sitrep handoff @bob'));
  await then(() => github.closeIssue('bob', issue));
  await then(() => github.reopenIssue('bob', issue));
  await then(() => github.lock('bob', issue));
  await then(() => github.unlock('bob', issue));
  await then(() => say('erin', '/sitrep resolve --override seen in the browser'));
  await then(() => say('bob', '/sitrep timeline'));
}

describe('every delivery of an incident, sent again', () => {
  const shuffles = trials({ bounded: 2, full: 200 });

  test(
    `${String(shuffles)} times, shuffled, under its own GUID and another: no second effect`,
    { timeout: timeLimit(3_600_000) },
    async (context) => {
      const random = seededRandom(context);
      const stage = await open();
      try {
        await wholeIncident(stage);
        const { play } = stage;
        const kept = play.github.deliveries.filter(({ status }) => status !== null && status < 300);
        const accepted = kept.filter(({ status }) => status === 202);
        expect(new Set(accepted.map(({ event, action }) => `${event}.${action}`))).toEqual(
          new Set([
            'issue_comment.created',
            'issues.labeled',
            'issues.unlabeled',
            'issues.closed',
            'issues.reopened',
            'issues.unlocked',
          ]),
        );
        const before = await traces(stage);
        let sent = 0;
        for (let shuffle = 0; shuffle < shuffles; shuffle += 1) {
          for (const delivery of random.shuffled(kept)) {
            const guid = random.chance(0.5) ? delivery.guid : randomUUID();
            expect(await replay(play, delivery, guid)).toContain(
              delivery.status === 202 ? '202 accepted before' : '200 nothing to do',
            );
            sent += 1;
          }
        }
        expect(await traces(stage)).toEqual(before);
        expect(play.github.refusals).toEqual([]);
        report('replays', {
          deliveries: kept.length,
          accepted: accepted.length,
          shuffles,
          sent,
          'second effects': 0,
        });
      } finally {
        await stage.close();
      }
    },
  );

  test('once its record may be forgotten: too old, at any age', { timeout: 180_000 }, async () => {
    // No incident: nothing else is due in the year that passes.
    const stage = await open({ change: ({ issues }) => issues.forEach((one) => (one.labels = [])) });
    try {
      const { play, databaseUrl } = stage;
      await play.say('carol', '/sitrep help');
      await play.github.label('carol', issue, { add: 'staging-blocker' });
      await play.rest();
      const accepted = play.github.deliveries.filter(({ status }) => status === 202);
      expect(accepted.map(({ event }) => event)).toEqual(['issue_comment', 'issues']);
      const { 'public.delivery': recorded } = await contentsOf(databaseUrl);
      const answers: Record<string, string[]> = {};
      for (const days of [3, 0.9, 0.2, 3, 30, 400]) {
        play.clock.advance(days * day);
        const age = (play.clock.now().getTime() - Date.parse(accepted[0]?.at ?? '')) / day;
        answers[age.toFixed(1)] = await Promise.all(accepted.map((one) => replay(play, one, randomUUID())));
      }
      const known = ['202 accepted before', '202 accepted before'];
      const old = ['200 nothing to do: too old', '200 nothing to do: too old'];
      expect(answers).toEqual({
        '3.0': known,
        '3.9': known,
        '4.1': old,
        '7.1': old,
        '37.1': old,
        '437.1': old,
      });
      expect((await contentsOf(databaseUrl))['public.delivery']).toBe(recorded);
    } finally {
      await stage.close();
    }
  });
});

/** Acts while GitHub reaches nobody, then hands over what it kept, in the order given. */
async function unheard(
  stage: Stage,
  acts: (() => Promise<unknown>)[],
  order: readonly number[],
): Promise<void> {
  const { github, app, rest, clock } = stage.play;
  const from = github.deliveries.length;
  github.deliverTo('http://127.0.0.1:9/');
  for (const act of acts) {
    await act();
    clock.advance(1_000);
  }
  github.deliverTo(`${app.url}${webhookPath}`);
  const guids = github.deliveries.slice(from).map(({ guid }) => guid);
  expect(guids).toHaveLength(acts.length);
  for (const place of order) {
    await github.redeliver(guids[place] ?? '');
    await rest();
  }
}

const toldOf = (stage: Stage): string[] =>
  stage.play.github
    .thread(issue)
    .flatMap(({ bot, pinned, body }) => (bot && !pinned ? [body.split('\n')[0] ?? ''] : []));

describe('deliveries that come late, in another order', () => {
  test('a closing that was taken back before it came is none', { timeout: 180_000 }, async () => {
    const stage = await open();
    try {
      const { github, say } = stage.play;
      await say('carol', '/status');
      const before = toldOf(stage);
      await unheard(
        stage,
        [() => github.closeIssue('bob', issue), () => github.reopenIssue('bob', issue)],
        [1, 0],
      );
      expect(toldOf(stage)).toEqual(before);
      expect(github.issue(issue).state).toBe('open');
    } finally {
      await stage.close();
    }
  });

  test('a reopening that was taken back before it came is none', { timeout: 180_000 }, async () => {
    const stage = await open();
    try {
      const { github, say, clock, rest } = stage.play;
      await say('carol', '/status');
      await say('erin', '/sitrep resolve --override seen in the browser');
      expect(github.issue(issue).state).toBe('closed');
      clock.advance(minute);
      await rest();
      const before = toldOf(stage);
      await unheard(
        stage,
        [() => github.reopenIssue('bob', issue), () => github.closeIssue('bob', issue)],
        [1, 0],
      );
      expect(toldOf(stage)).toEqual(before);
      expect(github.issue(issue).state).toBe('closed');
    } finally {
      await stage.close();
    }
  });

  test(
    'closed before labelled: an issue that is closed is declared by no label',
    { timeout: 180_000 },
    async () => {
      const stage = await open();
      try {
        const { github } = stage.play;
        const { number } = await github.openIssue('mallory', { title: 'Chat is down' });
        await stage.play.rest();
        const acts = [
          () => github.label('bob', number, { add: 'P0' }),
          () => github.closeIssue('bob', number),
        ];
        await unheard(stage, acts, [1, 0]);
        expect(github.thread(number)).toEqual([]);
      } finally {
        await stage.close();
      }
    },
  );
});
