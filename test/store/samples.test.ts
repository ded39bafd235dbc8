import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openIncident } from '../../src/store/incidents.ts';
import type { Store } from '../../src/store/open.ts';
import {
  beginSampling,
  endSampling,
  findSampled,
  isSampleDue,
  keepSample,
  noteLook,
  releaseSample,
  samplesSince,
  takeDueSamples,
  thinSamples,
  worstSamples,
} from '../../src/store/samples.ts';
import { engines, open, type TestDatabase } from './engines.ts';
import { at, incident, minutesLater } from './fixtures.ts';

const { all, stop } = engines();
afterAll(stop);

const clockAt = (minutes: number) => () => minutesLater(minutes);

describe.each(all.filter(({ name }) => name !== 'PGlite in a directory'))(
  'samples on $name',
  ({ create }) => {
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
      await store.run('delete from incident');
      incidentId = (await openIncident(store.db, incident)).id;
    });

    const begin = (minutes: number) =>
      store.db
        .transaction()
        .execute((trx) => beginSampling(trx, incidentId, minutesLater(minutes), clockAt(minutes)));
    const take = async (minutes: number, limit = 10): Promise<number[]> => {
      const due = await store.db.transaction().execute((trx) => takeDueSamples(trx, clockAt(minutes), limit));
      return due.map(({ issue }) => issue);
    };
    const keep = (minutes: number, badness = 0, reads = 'r') =>
      keepSample(store.db, {
        incidentId,
        at: minutesLater(minutes),
        badness,
        reads,
        figures: [['api', 'status', null, 200]],
      });
    /** Minutes after the declaration and the pause before, of all that is kept. */
    const kept = async (): Promise<{ minute: number; pauseS: number | null }[]> => {
      const samples = await samplesSince(store.db, incidentId, { reads: 'r', since: at, limit: 10_000 });
      return samples.map((one) => ({
        minute: (Date.parse(one.at) - at.getTime()) / 60_000,
        pauseS: one.pauseS,
      }));
    };

    const given = async (since: number, limit = 10): Promise<number[]> => {
      const samples = await samplesSince(store.db, incidentId, {
        reads: 'r',
        since: minutesLater(since),
        limit,
      });
      return samples.map((one) => (Date.parse(one.at) - at.getTime()) / 60_000);
    };

    it('come a minute after the update, and then every minute', async () => {
      await begin(0);
      expect(await isSampleDue(store.db, clockAt(0.9))).toBe(false);
      expect(await take(0.9)).toEqual([]);
      expect(await isSampleDue(store.db, clockAt(1))).toBe(true);
      expect(await take(1)).toEqual([incident.issue]);
      expect(await take(1)).toEqual([]);
      await keep(1);
      expect(await take(1.9)).toEqual([]);
      expect(await take(2)).toEqual([incident.issue]);
    });

    it('after a sleep there is one, and the next comes at its minute', async () => {
      await begin(0);
      expect(await take(600.5)).toEqual([incident.issue]);
      await keep(600.5);
      expect(await take(600.9)).toEqual([]);
      expect(await take(601)).toEqual([incident.issue]);
    });

    it('one that is still being taken is not taken a second time, and one that was lost is', async () => {
      await begin(0);
      expect(await take(1)).toEqual([incident.issue]);
      expect(await isSampleDue(store.db, clockAt(2))).toBe(false);
      expect(await take(2)).toEqual([]);
      await releaseSample(store.db, incidentId);
      expect(await take(2)).toEqual([incident.issue]);
      expect(await take(7)).toEqual([]);
      expect(await take(8)).toEqual([incident.issue]);
    });

    it('of two processes that ask at once, one takes it', async () => {
      await begin(0);
      const taken = await Promise.all([take(1), take(1), take(1)]);
      expect(taken.flat()).toEqual([incident.issue]);
    });

    it('end with their incident, by themselves where they are told to, and begin anew', async () => {
      await begin(0);
      expect(await findSampled(store.db, incidentId)).toMatchObject({
        issue: incident.issue,
        resolvedAt: null,
        lookedAt: at,
      });
      await endSampling(store.db, incidentId);
      expect(await findSampled(store.db, incidentId)).toBeNull();
      expect(await take(60)).toEqual([]);
      await keep(60);
      expect(await kept()).toEqual([]);
      await begin(61);
      expect(await take(62)).toEqual([incident.issue]);
      await store.run('delete from incident');
      expect(await store.run('select from sampling union all select from sample')).toMatchObject({
        rows: [],
      });
    });

    const tooOld = 14 * 24 * 60 + 1;

    it('do not begin for one that is 14 days old', async () => {
      await begin(tooOld);
      expect(await findSampled(store.db, incidentId)).toBeNull();
    });

    it('begin for one that was resolved, however old: a failure that comes back is looked for', async () => {
      await store.run(
        `update incident set stage = 'resolved', resolved_at = '${minutesLater(tooOld).toISOString()}'`,
      );
      await begin(tooOld);
      expect((await findSampled(store.db, incidentId))?.resolvedAt).toEqual(minutesLater(tooOld));
    });

    it('an update that asked GitHub counts as a look, and so does a look', async () => {
      await begin(0);
      await noteLook(store.db, incidentId, minutesLater(3));
      expect((await findSampled(store.db, incidentId))?.lookedAt).toEqual(minutesLater(3));
      await begin(5);
      expect((await findSampled(store.db, incidentId))?.lookedAt).toEqual(minutesLater(5));
      expect(await take(1)).toEqual([incident.issue]);
    });

    it('are kept once each, with the pause before', async () => {
      await begin(0);
      for (const minute of [1, 2, 2, 7]) await keep(minute);
      expect(await kept()).toEqual([
        { minute: 1, pauseS: null },
        { minute: 2, pauseS: 60 },
        { minute: 7, pauseS: 300 },
      ]);
    });

    it('are given from the last one before a time on, and only those that asked the same', async () => {
      await begin(0);
      for (const minute of [1, 2, 3, 4, 5]) await keep(minute, 0, minute === 4 ? 'other' : 'r');
      expect(await given(2.5)).toEqual([2, 3, 5]);
      expect(await given(0)).toEqual([1, 2, 3, 5]);
      expect(await given(0, 2)).toEqual([3, 5]);
      expect(await given(9)).toEqual([5]);
    });

    it('of each stretch of a time the worst is given, and of equals the newest', async () => {
      await begin(0);
      const badness = [
        [0, 1],
        [1, 5],
        [3, 2],
        [4, 2],
        [9, 0],
        [12, 3],
        [13, 9],
      ] as const;
      for (const [minute, bad] of badness) await keep(minute, bad);
      await keep(2, 99, 'another configuration');
      const worst = await worstSamples(store.db, incidentId, {
        reads: 'r',
        from: minutesLater(0),
        before: minutesLater(13),
        widthS: 180,
      });
      expect(worst.map((one) => (Date.parse(one.at) - at.getTime()) / 60_000)).toEqual([1, 4, 9, 12]);
      expect(worst[0]?.figures).toEqual([['api', 'status', null, 200]]);
    });

    it('all of two hours stay, then of five minutes the newest and the worst, with the longest pause', async () => {
      await begin(0);
      for (const minute of [0, 1, 2, 3, 4, 5, 8, 9, 10, 11]) await keep(minute, minute === 2 ? 7 : 0);
      await thinSamples(store.db, clockAt(130));
      expect(await kept()).toEqual([
        { minute: 2, pauseS: 60 },
        { minute: 4, pauseS: 60 },
        { minute: 9, pauseS: 180 },
        { minute: 10, pauseS: 60 },
        { minute: 11, pauseS: 60 },
      ]);
    });

    it('after a day half an hour has one or two, and after 14 days none is left', async () => {
      await begin(0);
      for (let minute = 0; minute < 60; minute += 1) await keep(minute, minute === 17 ? 1 : 0);
      await thinSamples(store.db, clockAt(24 * 60 + 75));
      expect((await kept()).map(({ minute }) => minute)).toEqual([14, 17, 44, 59]);
      await thinSamples(store.db, clockAt(14 * 24 * 60 + 20));
      expect((await kept()).map(({ minute }) => minute)).toEqual([44, 59]);
      await thinSamples(store.db, clockAt(15 * 24 * 60));
      expect(await kept()).toEqual([]);
    });

    it('whatever was sampled: thinning keeps the newest and the worst, hides no pause, and does nothing twice', async () => {
      const sampled = fc.record({
        minutes: fc.uniqueArray(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 60 }),
        bad: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 60, maxLength: 60 }),
        now: fc.integer({ min: 600, max: 3_000 }),
      });
      await fc.assert(
        fc.asyncProperty(sampled, async ({ minutes, bad, now }) => {
          await store.run('delete from sample');
          await begin(0);
          const inOrder = minutes.toSorted((a, b) => a - b);
          for (const [place, minute] of inOrder.entries()) await keep(minute, bad[place]);
          const before = await kept();
          await thinSamples(store.db, clockAt(now));
          const once = await kept();
          await thinSamples(store.db, clockAt(now));
          expect(await kept()).toEqual(once);

          const left = once.map(({ minute }) => minute);
          expect(inOrder).toEqual(expect.arrayContaining(left));
          expect(left.at(-1)).toBe(inOrder.at(-1));
          const worst = Math.max(...inOrder.map((_, place) => bad[place] ?? 0));
          expect(inOrder.some((minute, place) => bad[place] === worst && left.includes(minute))).toBe(true);
          const longest = (of: typeof before) => Math.max(0, ...of.map(({ pauseS }) => pauseS ?? 0));
          expect(longest(once)).toBe(longest(before));
          const old = left.filter((minute) => now - minute > 125);
          const buckets = Map.groupBy(old, (minute) => Math.floor((minute + minutesIntoBucket) / 5));
          expect([...buckets.values()].every((bucket) => bucket.length <= 2)).toBe(true);
        }),
        { numRuns: 15 },
      );
    }, 120_000);
  },
);

/** Buckets are those of the clock: the declaration lies in one of them. */
const minutesIntoBucket = (at.getTime() / 60_000) % 5;
