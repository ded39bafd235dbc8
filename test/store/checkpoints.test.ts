import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  cancelCheckpoints,
  findCheckpoint,
  isCheckpointDue,
  planCheckpoints,
  takeDueCheckpoints,
  type CheckpointClock,
  type CheckpointPlan,
} from '../../src/store/checkpoints.ts';
import { keepEnvironment, openIncident, updateIncident } from '../../src/store/incidents.ts';
import type { Store } from '../../src/store/open.ts';
import { engines, open, type TestDatabase } from './engines.ts';
import { at, incident, minutesLater } from './fixtures.ts';

const { all, stop } = engines();
afterAll(stop);

const shown = z.object({ kind: z.string(), hours: z.number(), state: z.string() });

/** Hours after the declaration. */
const hours = (count: number): Date => minutesLater(count * 60);
const clockAt =
  (count: number): CheckpointClock =>
  () =>
    hours(count);

const takenIssues = async ({ db }: Store, count: number, limit: number): Promise<number[]> => {
  const taken = await db.transaction().execute((trx) => takeDueCheckpoints(trx, clockAt(count), limit));
  return taken.map(({ issue }) => issue);
};

describe.each(all)('checkpoints on $name', ({ create }) => {
  let database: TestDatabase;
  let store: Store;
  let incidentId: string;

  beforeAll(async () => {
    database = await create();
    store = await open(database.url);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });
  beforeEach(async () => {
    await store.run('delete from incident; delete from publication');
    incidentId = (await openIncident(store.db, incident)).id;
  });

  const plan = (count: number, changes: Partial<CheckpointPlan> = {}, clock = clockAt(count)) =>
    store.db
      .transaction()
      .execute((trx) =>
        planCheckpoints(
          trx,
          incidentId,
          { checkpoints: ['2h', '4h', '8h'], takenAt: hours(count), ...changes },
          clock,
        ),
      );
  const take = async (count: number, limit = 10): Promise<string[]> => {
    const taken = await store.db
      .transaction()
      .execute((trx) => takeDueCheckpoints(trx, clockAt(count), limit));
    return taken.map(({ kind }) => kind);
  };
  const rows = async (): Promise<string[]> => {
    const found = await store.run(
      `select kind, extract(epoch from due_at - $1::timestamptz)::float / 3600 as hours, state
       from checkpoint order by due_at`,
      [at],
    );
    return found.rows.map((row) => Object.values(shown.parse(row)).join(' '));
  };

  it('sets the next one after the update, and only that', async () => {
    await plan(1);
    expect(await rows()).toEqual(['2h 2 pending']);
    await plan(1.5);
    expect(await rows()).toEqual(['2h 2 pending']);
  });

  it('takes nothing before its time, and each once', async () => {
    await plan(1);
    expect(await isCheckpointDue(store.db, clockAt(1.99))).toBe(false);
    expect(await take(1.99)).toEqual([]);
    expect(await isCheckpointDue(store.db, clockAt(2))).toBe(true);
    expect(await take(2)).toEqual(['2h']);
    expect(await take(2)).toEqual([]);
    expect(await rows()).toEqual(['2h 2 done', '4h 4 pending']);
  });

  it('waits while people asked for quiet; what came due meanwhile comes at its end, once', async () => {
    await plan(1);
    await store.run('update incident set snoozed_until = $1', [hours(5).toISOString()]);
    expect(await isCheckpointDue(store.db, clockAt(2))).toBe(false);
    expect(await take(2)).toEqual([]);
    expect(await take(4.99)).toEqual([]);
    expect(await isCheckpointDue(store.db, clockAt(5))).toBe(true);
    expect(await take(5)).toEqual(['4h']);
    expect(await take(5)).toEqual([]);
    expect(await rows()).toEqual(['2h 2 done', '4h 4 done', '8h 8 pending']);
  });

  it('goes on by itself, the last interval repeating', async () => {
    await plan(1);
    const came: string[] = [];
    for (let hour = 1; hour <= 20; hour += 1) came.push(...(await take(hour)));
    expect(came).toEqual(['2h', '4h', '8h', '12h', '16h', '20h']);
  });

  it('after a long sleep takes the latest that has passed, once, and goes on after now', async () => {
    await plan(1);
    expect(await take(9)).toEqual(['8h']);
    expect(await take(9)).toEqual([]);
    expect(await rows()).toEqual(['2h 2 done', '8h 8 done', '12h 12 pending']);
    const found = await findCheckpoint(store.db, incidentId, '8h');
    expect(found).toMatchObject({
      dueAt: hours(8).toISOString(),
      overtakenBy: null,
      repository: 'netra-systems/apex',
    });
    expect(found?.earlier.map(({ kind }) => kind)).toEqual(['2h']);
    expect(found?.since(hours(2).toISOString()).map(({ kind }) => kind)).toEqual(['2h', '4h']);
  });

  it('a clock that jumps an hour forth and back brings none twice', async () => {
    await plan(1);
    expect(await take(2.5)).toEqual(['2h']);
    expect(await take(1.5)).toEqual([]);
    await plan(1.6);
    expect(await rows()).toEqual(['2h 2 done', '4h 4 pending']);
    expect(await take(2.1)).toEqual([]);
    await store.run(`update checkpoint set state = 'cancelled' where state = 'pending'`);
    await plan(1.7);
    expect(await rows()).toEqual(['2h 2 done', '4h 4 pending']);
  });

  it('the update that was taken just before a checkpoint promised that one', async () => {
    await plan(2.001, { takenAt: hours(1.999) });
    expect(await rows()).toEqual(['2h 2 pending']);
    expect(await take(2.001)).toEqual(['2h']);
  });

  it('the clock of the process that took the update does not count where it is wrong', async () => {
    await plan(3, { takenAt: hours(2 - 0.1) });
    expect(await rows()).toEqual(['4h 4 pending']);
    await plan(3.1, { takenAt: hours(4.1) });
    expect(await rows()).toEqual(['4h 4 pending']);
  });

  it('follows a plan that was changed, and leaves one that is due to be taken', async () => {
    await plan(2.5);
    expect(await rows()).toEqual(['4h 4 pending']);
    await plan(2.6, { checkpoints: ['1h'] });
    expect(await rows()).toEqual(['3h 3 pending', '4h 4 cancelled']);
    await plan(3.1, { checkpoints: ['2h', '4h'] });
    expect(await rows()).toEqual(['3h 3 pending', '4h 4 cancelled']);
    expect(await take(3.1)).toEqual(['3h']);
    expect(await rows()).toEqual(['3h 3 done', '4h 4 pending']);
  });

  it('an empty plan promises nothing', async () => {
    await plan(1);
    await plan(1.5, { checkpoints: [] });
    expect(await rows()).toEqual(['2h 2 cancelled']);
    await plan(1.6);
    expect(await rows()).toEqual(['2h 2 pending']);
  });

  it('a resolved incident has none', async () => {
    await plan(1);
    await updateIncident(store.db, incidentId, { stage: 'resolved' }, hours(1.5));
    expect(await take(2)).toEqual([]);
    expect(await rows()).toEqual(['2h 2 cancelled']);
    await plan(3);
    expect(await rows()).toEqual(['2h 2 cancelled']);
  });

  it('one that is cancelled is found no more; the next update promises anew, but none of those that came', async () => {
    await plan(1);
    expect(await take(2)).toEqual(['2h']);
    await cancelCheckpoints(store.db, incidentId, '2h');
    expect(await rows()).toEqual(['2h 2 cancelled', '4h 4 cancelled']);
    expect(await findCheckpoint(store.db, incidentId, '2h')).toBeNull();
    expect(await take(5)).toEqual([]);
    await plan(5);
    expect(await take(8)).toEqual(['8h']);
  });

  it('one that was overtaken says by which', async () => {
    await plan(1);
    await take(2);
    await take(4);
    expect(await findCheckpoint(store.db, incidentId, '2h')).toMatchObject({
      overtakenBy: '4h',
      earlier: [],
    });
  });

  it('gives the environment that was asked for', async () => {
    await plan(1);
    await store.db.transaction().execute((trx) => keepEnvironment(trx, incidentId, 'production'));
    await take(2);
    expect(await findCheckpoint(store.db, incidentId, '2h')).toMatchObject({ environment: 'production' });
  });

  it('by the clock of the database, where no other is given', async () => {
    const declaredAgo = (minutes: number) =>
      store.run(`update incident set declared_at = clock_timestamp() - $1 * interval '1 minute'`, [minutes]);
    await declaredAgo(115);
    await plan(0, { takenAt: new Date() }, null);
    expect((await rows()).map((row) => row.split(' ')[0])).toEqual(['2h']);
    expect(await isCheckpointDue(store.db, null)).toBe(false);
    await store.run(`update checkpoint set due_at = due_at - interval '5 min'`);
    expect(await isCheckpointDue(store.db, null)).toBe(true);
    const taken = await store.db.transaction().execute((trx) => takeDueCheckpoints(trx, null, 10));
    expect(taken).toEqual([
      { incidentId, repositoryId: incident.repositoryId, issue: incident.issue, kind: '2h' },
    ]);
  });

  it('takes no more than it is told, those that are due longest first', async () => {
    const others = [1, 2, 3].map((issue) => ({ ...incident, issue, declaredAt: minutesLater(issue) }));
    for (const one of others.toReversed()) {
      const { id } = await openIncident(store.db, one);
      await store.db
        .transaction()
        .execute((trx) => planCheckpoints(trx, id, { checkpoints: ['2h'], takenAt: hours(1) }, clockAt(1)));
    }
    expect(await takenIssues(store, 3, 2)).toEqual([1, 2]);
    expect(await takenIssues(store, 3, 2)).toEqual([3]);
    expect(await takenIssues(store, 3, 2)).toEqual([]);
  });
});

describe.each(all.filter(({ name }) => name === 'PostgreSQL'))('several processes on $name', ({ create }) => {
  let database: TestDatabase;
  let stores: Store[];
  beforeAll(async () => {
    database = await create();
    const first = await open(database.url);
    // A server whose sessions live where clocks are put back in autumn.
    await first.run(
      `do $$ begin execute format('alter database %I set timezone = ''America/New_York''', current_database()); end $$`,
    );
    await first.close();
    stores = await Promise.all([1, 2, 3].map(() => open(database.url)));
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await database.drop();
  });

  it('race for what is due: each is taken once, through the hour that comes twice', async () => {
    const [store] = stores;
    if (store === undefined) throw new Error('no store');
    const declaredAt = new Date('2025-11-02T04:30:00Z'); // 00:30 in New York; the clock goes back at 06:00 UTC
    for (let issue = 1; issue <= 20; issue += 1) {
      const { id } = await openIncident(store.db, { ...incident, issue, declaredAt });
      await store.db
        .transaction()
        .execute((trx) =>
          planCheckpoints(trx, id, { checkpoints: ['30m'], takenAt: declaredAt }, () => declaredAt),
        );
    }
    const came: string[] = [];
    for (let half = 1; half <= 6; half += 1) {
      const now = new Date(declaredAt.getTime() + half * 30 * 60_000);
      const race = stores
        .flatMap((one) => [one, one])
        .map(async ({ db }) => {
          for (let round = 0; round < 10; round += 1) {
            const taken = await db.transaction().execute((trx) => takeDueCheckpoints(trx, () => now, 3));
            came.push(...taken.map(({ issue, kind }) => `${issue} ${kind}`));
          }
        });
      await Promise.all(race);
    }
    const kinds = ['30m', '1h', '90m', '2h', '150m', '3h'];
    const expected = kinds.flatMap((kind) =>
      Array.from({ length: 20 }, (_, index) => `${index + 1} ${kind}`),
    );
    expect(came.toSorted()).toEqual(expected.toSorted());
  });
});
