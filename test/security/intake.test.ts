import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import examples from '@octokit/webhooks-examples' with { type: 'json' };
import { z } from 'zod';
import { openPlay, type Play } from '../app/play.ts';
import { startPostgres, type PostgresServer } from '../store/postgres-server.ts';
import { contentsOf, type Contents } from './contents.ts';
import { sendRaw } from './raw-request.ts';
import { attackNames, refusedRequest, soundRequest, type SoundDelivery } from './refused-deliveries.ts';
import { report, seededRandom, timeLimit, trials } from './trials.ts';

/** Deliveries as a stranger would send them, to the real app over HTTP with PostgreSQL behind it. */

let postgres: PostgresServer;
let databaseUrl: string;
let play: Play;
/** One of each kind that is carried out, as the stand-in sent them. */
let sound: SoundDelivery[];

const issue = 1278;

beforeAll(async () => {
  postgres = await startPostgres();
  databaseUrl = (await postgres.createDatabase()).url;
  play = await openPlay({ databaseUrl });
  const { github } = play;
  await play.say('carol', '/sitrep help');
  await github.label('carol', issue, { add: 'incident' });
  await play.rest();
  const secret = github.app.webhookSecret;
  sound = ['issue_comment.created', 'issues.labeled'].map((name) => {
    const kept = github.deliveries.find(
      ({ event, action, status }) => `${event}.${action}` === name && status === 202,
    );
    if (kept === undefined) throw new Error(`no ${name} was accepted`);
    return { event: kept.event, payload: object.parse(kept.payload), secret };
  });
}, 120_000);

afterAll(async () => {
  await play.close();
  await postgres.stop();
});

const object = z.record(z.string(), z.unknown());

/** All that a delivery could leave behind. */
async function traces(): Promise<{
  rows: Contents;
  github: number;
  google: number;
  probes: number;
  comments: number;
}> {
  await play.rest();
  return {
    rows: await contentsOf(databaseUrl),
    github: play.github.requests.length,
    google: play.google.requests.length,
    probes: play.endpoints.requests.length,
    comments: play.github.thread(issue).length,
  };
}

/** A sound delivery of another comment, or another time: it is new. */
function anotherOf({ event, payload, secret }: SoundDelivery): SoundDelivery {
  const part = event === 'issues' ? 'issue' : 'comment';
  const updated_at = play.clock.now().toISOString();
  const changed = {
    ...object.parse(Object.entries(payload).find(([name]) => name === part)?.[1]),
    updated_at,
  };
  return { event, secret, payload: { ...payload, [part]: changed } };
}

describe('a refused delivery', () => {
  const count = trials({ bounded: 400, full: 5_000 });

  test(
    'leaves nothing behind but a line of log, whatever is wrong with it',
    { timeout: timeLimit(1_800_000) },
    async (context) => {
      const random = seededRandom(context);
      const before = await traces();
      const linesBefore = play.logged.length;
      const tried = new Map<string, number>();
      for (let trial = 0; trial < count; trial += 1) {
        const attack = attackNames[trial % attackNames.length] ?? '';
        const request = refusedRequest(attack, random, random.pick(sound));
        const status = await sendRaw(play.app.url, request);
        const told = `${attack}: ${JSON.stringify({ ...request, body: request.body.toString('latin1').slice(0, 3_000) })}`;
        expect(status, told).not.toBe(202);
        expect(status ?? 0, told).toBeLessThan(500);
        tried.set(attack, (tried.get(attack) ?? 0) + 1);
      }
      expect(await traces()).toEqual(before);
      const lines = play.logged.slice(linesBefore);
      expect(lines.length).toBeLessThanOrEqual(count);
      expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(500);
      expect(lines.filter((line) => /hunter2|jndi|script|"level":60|éé|xxxx|yyyy/u.test(line))).toEqual([]);
      report('refused deliveries', {
        tried: count,
        kinds: tried.size,
        effects: 0,
        'longest line of log': Math.max(...lines.map((line) => line.length)),
      });
    },
  );

  test('is what makes the difference: the same without the fault is carried out', async () => {
    for (const one of sound) {
      const before = await traces();
      play.clock.advance(1_000);
      expect(await sendRaw(play.app.url, soundRequest(anotherOf(one)))).toBe(202);
      const after = await traces();
      expect(after.rows).not.toEqual(before.rows);
    }
  });
});

/** GitHub's own examples of its payloads, by event. */
const ofGitHub = z
  .array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }))
  .parse(examples);

describe('the payload of one event under the header of another', () => {
  const handled = ['issues', 'issue_comment'];

  test(
    'has no effect, for every example that GitHub gives of every event',
    { timeout: timeLimit(600_000) },
    async () => {
      const before = await traces();
      let tried = 0;
      for (const { name, examples: payloads } of ofGitHub) {
        for (const payload of payloads) {
          for (const event of handled.filter((one) => one !== name)) {
            const status = await sendRaw(play.app.url, soundRequest(asFresh(event, payload)));
            expect(status, `${name}.${String(payload['action'])} as ${event}`).not.toBe(202);
            tried += 1;
          }
        }
      }
      expect(tried).toBeGreaterThan(500);
      expect(await traces()).toEqual(before);
      report('payloads under the header of another event', { tried, effects: 0 });
    },
  );
});

/** An example as if it had been sent to this App a moment ago, so that nothing but its event is wrong. */
function asFresh(event: string, payload: Record<string, unknown>): SoundDelivery {
  const now = play.clock.now().toISOString();
  const dated = (part: unknown) =>
    typeof part === 'object' && part !== null ? { ...part, updated_at: now, created_at: now } : part;
  return {
    event,
    secret: play.github.app.webhookSecret,
    payload: {
      ...payload,
      installation: { id: play.github.app.installationId },
      sender: { login: 'carol', type: 'User' },
      ...('issue' in payload ? { issue: dated(payload['issue']) } : {}),
      ...('comment' in payload ? { comment: dated(payload['comment']) } : {}),
    },
  };
}
