import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { FaultKind, GitHubStandIn } from '../../sandbox/github/types.ts';
import { startApp, type App } from './app.ts';
import { effectsOf } from './once.ts';
import { openTown, type Asked, type Town } from './town.ts';
import { report, timeLimit, trials } from './trials.ts';

/** GitHub fails while a comment is posted: whatever happens to the POST, there is exactly one comment. */

/** What `sitrep start` waits: for an answer of GitHub, and between two looks for a comment. */
const own = { githubTimeoutMs: 10_000, settleMs: 10_000 };
/** A stand-in answers at once. */
const short = { githubTimeoutMs: 700, settleMs: 300 };

interface Place {
  at: Town;
  sitrep: App;
}

async function open(waits: typeof own): Promise<Place> {
  const at = await openTown();
  return { at, sitrep: await startApp(at, 'memory:', waits) };
}

async function close({ at, sitrep }: Place): Promise<void> {
  await sitrep.stop();
  await at.close();
}

/** Two places for all tests: an app takes seconds to start. The patient one is for full runs only. */
let hasty: Place | null = null;
let patient: Place | null = null;
beforeAll(async () => {
  hasty = await open(short);
  if (trials({ bounded: 0, full: 1 }) > 0) patient = await open(own);
});
afterAll(async () => {
  for (const place of [hasty, patient]) if (place !== null) await close(place);
});

function placeWith(waits: 'short' | 'own'): Place {
  const place = waits === 'short' ? hasty : patient;
  if (place === null) throw new Error('it was not opened');
  return place;
}

type Arrange = (github: GitHubStandIn, issue: number) => void;

function onPosting(issue: number) {
  return { method: 'POST', pathIncludes: `/issues/${String(issue)}/comments` };
}

function failing(kind: FaultKind, more: { status?: 403 | 429; retryAfter?: number } = {}): Arrange {
  return (github, issue) => github.inject({ kind, ...onPosting(issue), ...more });
}

const faults: Record<string, Arrange> = {
  'taken, the connection dropped': failing('commit-then-drop'),
  'taken, a 502 comes back': failing('commit-then-502'),
  'taken, no answer': failing('commit-then-hang'),
  'not taken, the connection dropped': failing('drop'),
  'not taken, no answer': failing('hang'),
  'not taken, a 502 comes back': failing('html-502'),
  'not taken, 503': failing('unavailable'),
  'token revoked': (github, issue) => github.when(onPosting(issue), () => github.revokeTokens()),
  'secondary limit, 403': failing('quota', { status: 403, retryAfter: 1 }),
  'secondary limit, 429': failing('quota', { status: 429, retryAfter: 1 }),
};

/** Asks on issues of their own, one for each fault, and waits until the app has nothing left to do. */
async function askUnder(at: Town, sitrep: App, arrangements: readonly Arrange[]): Promise<Asked[]> {
  const issues = await Promise.all(arrangements.map(() => at.openIssue()));
  for (const [index, arrange] of arrangements.entries()) arrange(at.github, issues[index] ?? 0);
  const asked = await Promise.all(issues.map((issue) => at.ask(issue, sitrep.webhooks)));
  await sitrep.rest();
  return asked;
}

test.each(
  [
    { waits: 'short' as const, rounds: trials({ bounded: 1, full: 50 }) },
    { waits: 'own' as const, rounds: trials({ bounded: 0, full: 3 }) },
  ].filter(({ rounds }) => rounds > 0),
)(
  'each kind of fault, with $waits waits',
  async ({ waits, rounds }) => {
    const { at, sitrep } = placeWith(waits);
    const asked: Asked[][] = [];
    for (let round = 0; round < rounds; round += 1)
      asked.push(await askUnder(at, sitrep, Object.values(faults)));
    for (const [index, fault] of Object.keys(faults).entries()) {
      const trialsOfIt = asked.flatMap((round) => round.slice(index, index + 1));
      const { acknowledged, lost, doubled } = effectsOf(at, trialsOfIt);
      report(`${fault}, ${waits} waits`, {
        trials: acknowledged,
        lost: lost.length,
        doubled: doubled.length,
      });
      expect({ acknowledged, lost, doubled }, fault).toEqual({ acknowledged: rounds, lost: [], doubled: [] });
      expect(
        trialsOfIt.filter((one) => !at.isDone(one)),
        fault,
      ).toEqual([]);
      // Each came to its fault: GitHub has not answered the first POST with 201.
      const answers = trialsOfIt.map(({ issue }) => postsOn(at, issue)[0]?.status);
      expect(answers, fault).not.toContain(201);
    }
  },
  timeLimit(1_800_000),
);

function postsOn({ github }: Town, issue: number) {
  const { method, pathIncludes } = onPosting(issue);
  return github.requests.filter(
    (request) => request.method === method && request.path.includes(pathIncludes),
  );
}

test(
  'a pause that GitHub asks for is kept to',
  async () => {
    const { at, sitrep } = placeWith('short');
    const pauseSeconds = 2;
    const limits = ([403, 429] as const).map((status) =>
      failing('quota', { status, retryAfter: pauseSeconds }),
    );
    for (let round = 0; round < trials({ bounded: 1, full: 10 }); round += 1) {
      // One after the other: comments that are under way when the pause is asked for come to GitHub within it.
      for (const limit of limits) {
        const [asked] = await askUnder(at, sitrep, [limit]);
        const [refused, taken, ...more] = postsOn(at, asked?.issue ?? 0);
        expect([403, 429]).toContain(refused?.status);
        expect(taken?.status).toBe(201);
        expect(more).toEqual([]);
        expect((taken?.startedAt ?? 0) - (refused?.endedAt ?? 0)).toBeGreaterThanOrEqual(
          pauseSeconds * 1_000,
        );
      }
    }
  },
  timeLimit(600_000),
);

test.each(
  [
    { lagMs: 200, waits: 'short' as const, rounds: trials({ bounded: 1, full: 10 }) },
    // As long as GitHub's list was seen to lag behind.
    { lagMs: 6_000, waits: 'own' as const, rounds: trials({ bounded: 0, full: 4 }) },
  ].filter(({ rounds }) => rounds > 0),
)(
  'a list of comments that is $lagMs ms behind: two looks apart by $waits waits find what was posted',
  async ({ lagMs, rounds, waits }) => {
    const { at, sitrep } = placeWith(waits);
    at.github.setListLag(lagMs);
    onTestFinished(() => at.github.setListLag(0));
    const five = Array.from({ length: 5 }, () => failing('commit-then-drop'));
    const asked: Asked[] = [];
    for (let round = 0; round < rounds; round += 1) asked.push(...(await askUnder(at, sitrep, five)));
    const effects = effectsOf(at, asked);
    report(`list that is ${String(lagMs)} ms behind`, {
      trials: effects.acknowledged,
      lost: effects.lost.length,
      doubled: effects.doubled.length,
    });
    expect(effects).toEqual({ acknowledged: rounds * five.length, lost: [], doubled: [] });
  },
  timeLimit(600_000),
);
