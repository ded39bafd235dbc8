import { afterAll, describe, expect, test } from 'vitest';
import { engines } from '../store/engines.ts';
import { startApp, type App } from './app.ts';
import { anotherGuid, heldBack, type Webhook } from './copies.ts';
import type { Random } from './random.ts';
import { openTown, type Town } from './town.ts';
import { report, seededRandom, timeLimit, trials } from './trials.ts';

/** A webhook that comes more than once, under one GUID or two, at once or later, in any order, has one effect. */

const { all, stop } = engines();
afterAll(stop);

/** A copy of one of the webhooks: which, and under which GUID. */
interface Copy {
  webhook: Webhook;
  guid: string;
}

type Kind = (typeof kinds)[number];
const kinds = [
  'same GUID at once',
  'same GUID later',
  'two GUIDs at once',
  'two GUIDs later',
  'shuffled',
] as const;

/** Copies in rounds: those of a round are sent at once, and the next round when all that came is carried out. */
function roundsOf(kind: Kind, webhooks: readonly Webhook[], random: Random): Copy[][] {
  const originals = webhooks.map((webhook) => ({ webhook, guid: webhook.guid }));
  const foreign = webhooks.map((webhook) => ({ webhook, guid: anotherGuid() }));
  switch (kind) {
    case 'same GUID at once':
      return [[...originals, ...originals, ...originals]];
    case 'same GUID later':
      return [originals, originals];
    case 'two GUIDs at once':
      return [[...originals, ...foreign]];
    case 'two GUIDs later':
      return [originals, foreign];
    case 'shuffled': {
      const copies = random.shuffled([...originals, ...originals, ...foreign, ...foreign]);
      const cut = 1 + random.below(copies.length - 1);
      return [copies.slice(0, cut), copies.slice(cut)];
    }
  }
}

describe.each([
  { engine: 'PGlite in memory', apps: 1, counts: { bounded: 5, full: 500 } },
  { engine: 'PostgreSQL', apps: 2, counts: { bounded: 5, full: 500 } },
] as const)('on $engine with $apps processes', ({ engine, apps: count, counts }) => {
  test(
    'a webhook that comes several times has one effect',
    async () => {
      const random = seededRandom();
      const town = await openTown();
      const database = await all.find(({ name }) => name === engine)?.create();
      const apps: App[] = [];
      try {
        for (let n = 0; n < count; n += 1) apps.push(await startApp(town, database?.url ?? ''));
        const wanted = trials(counts);
        const rest = () => Promise.all(apps.map((app) => app.rest()));
        let copies = 0;
        for (let trial = 0; trial < wanted; trial += kinds.length) {
          copies += (
            await Promise.all(kinds.map((kind) => oneTrial(town, apps, kind, random.fork(), rest)))
          ).reduce((sum, sent) => sum + sent, 0);
        }
        report(`several deliveries, ${engine}`, { trials: wanted, copies });
        expect(town.github.refusals).toEqual([]);
      } finally {
        await Promise.all(apps.map((app) => app.stop()));
        await town.close();
        await database?.drop();
      }
    },
    timeLimit(3_600_000),
  );
});

/** Some comments on an issue of their own; gives how many copies were sent. */
async function oneTrial(
  town: Town,
  apps: readonly App[],
  kind: Kind,
  random: Random,
  rest: () => Promise<unknown>,
): Promise<number> {
  const issue = await town.openIssue();
  // Of several `/status` at once one is answered, so there is one at most.
  const commands = ['/status', '/sitrep help', '/sitrep help'];
  const bodies = random.shuffled(commands).slice(0, 1 + random.below(commands.length));
  const webhooks: Webhook[] = [];
  for (const body of bodies) webhooks.push(await heldBack(town, issue, body));
  let sent = 0;
  for (const round of roundsOf(kind, webhooks, random)) {
    const answers = await Promise.all(
      round.map(({ webhook, guid }) => webhook.send(random.pick(apps).webhooks, guid)),
    );
    expect(new Set(answers), kind).toEqual(new Set([202]));
    sent += round.length;
    await rest();
  }
  expect(town.answers(issue), `${kind}, ${String(bodies.length)} commands`).toHaveLength(bodies.length);
  return sent;
}
