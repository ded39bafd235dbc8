import { sql } from 'kysely';
import { array, assert, asyncProperty, integer, string } from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetAuditBefore, readAudit, recordAudit, type AuditFilter } from '../../src/store/audit.ts';
import {
  findDelivery,
  finishDelivery,
  pruneDeliveries,
  recordDeliveries,
  unfinishedDeliveries,
  type Delivery,
} from '../../src/store/deliveries.ts';
import { findIncident, openIncident, updateIncident } from '../../src/store/incidents.ts';
import type { Store } from '../../src/store/open.ts';
import {
  EvidenceTakenError,
  latestSnapshot,
  pruneSnapshots,
  saveSnapshot,
} from '../../src/store/snapshots.ts';
import { engines, open, type TestDatabase } from './engines.ts';
import {
  at,
  auditEntry,
  delivery,
  diagnosis,
  incident,
  minutesLater,
  observation,
  snapshot,
} from './fixtures.ts';

const { all, stop } = engines();
afterAll(stop);

async function entriesOf(store: Store, filter: AuditFilter) {
  const found = await readAudit(store.db, filter, { after: 0, limit: 100 });
  return found.map(({ id: _id, ...entry }) => entry);
}

describe.each(all)('records on $name', ({ create }) => {
  let database: TestDatabase;
  let store: Store;

  beforeAll(async () => {
    database = await create();
    store = await open(database.url);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });
  beforeEach(async () => {
    await store.run('delete from delivery; delete from incident');
  });

  const recordAll = async (...each: Partial<Delivery>[]) =>
    await store.db.transaction().execute((trx) =>
      recordDeliveries(
        trx,
        each.map((changes) => ({ ...delivery, ...changes })),
      ),
    );
  const record = async (changes: Partial<Delivery> = {}) => (await recordAll(changes))[0];

  const save = async (id: string, numbers: number[]) =>
    await store.db.transaction().execute((trx) => saveSnapshot(trx, id, snapshot(numbers), diagnosis));

  it('reads every type as the same JavaScript value', async () => {
    const { rows } = await sql`
      select 7000000001::int8 as int8, count(*) as count, 1.5::float8 as float8, true as bool,
        '\\x01ff'::bytea as bytea, '2025-09-15'::date as date, '1 day'::interval as interval,
        '2025-09-15 20:15:00.25+03'::timestamptz as timestamptz, '2025-09-15 17:15:00'::timestamp as timestamp,
        ${'["a",{"b":null}]'}::jsonb as jsonb, null as nothing
      from (values (1), (2)) as numbers`.execute(store.db);
    expect(rows).toEqual([
      {
        int8: 7_000_000_001,
        count: 2,
        float8: 1.5,
        bool: true,
        bytea: new Uint8Array([1, 255]),
        date: '2025-09-15',
        interval: '1 day',
        timestamptz: new Date('2025-09-15T17:15:00.250Z'),
        timestamp: new Date('2025-09-15T17:15:00Z'),
        jsonb: ['a', { b: null }],
        nothing: null,
      },
    ]);
  });

  it('refuses to round a number that JavaScript cannot hold', async () => {
    await expect(sql`select 9007199254740993::int8 as n`.execute(store.db)).rejects.toThrow(
      /9007199254740993/,
    );
  });

  describe('incidents', () => {
    it('are opened once for an issue, and follow its names', async () => {
      const first = await openIncident(store.db, incident);
      await updateIncident(
        store.db,
        first.id,
        { stage: 'mitigating', lead: 'dana', severity: null },
        minutesLater(5),
      );
      const again = await openIncident(store.db, {
        ...incident,
        repository: 'netra-systems/renamed',
        title: 'Staging: login and chat down',
        severity: 'P1',
        declaredAt: minutesLater(9),
      });
      expect(first).toMatchObject({ opened: true, stage: 'investigating', regressionOf: 0, nextEvidence: 1 });
      expect(again).toEqual({
        ...first,
        opened: false,
        repository: 'netra-systems/renamed',
        title: 'Staging: login and chat down',
        stage: 'mitigating',
        lead: 'dana',
        severity: null,
        updatedAt: minutesLater(5),
      });
      expect(await findIncident(store.db, incident, incident.issue)).toMatchObject({
        id: first.id,
      });
      expect(await findIncident(store.db, incident, 1)).toBeNull();
    });

    it('are opened once by events that race', async () => {
      const results = await Promise.all(Array.from({ length: 6 }, () => openIncident(store.db, incident)));
      expect(new Set(results.map(({ id }) => id)).size).toBe(1);
      expect(results.filter(({ opened }) => opened)).toHaveLength(1);
    });

    it('refuse a change of one that does not exist', async () => {
      const unknown = updateIncident(store.db, '00000000-0000-4000-8000-000000000000', { lead: 'dana' }, at);
      await expect(unknown).rejects.toThrow('no result');
    });
  });

  describe('snapshots', () => {
    it('come back as saved, with what was concluded', async () => {
      const { id } = await openIncident(store.db, incident);
      expect(await latestSnapshot(store.db, id)).toBeNull();
      await save(id, [1, 2, 3]);
      await save(id, [4, 5]);
      expect(await latestSnapshot(store.db, id)).toMatchObject({ snapshot: snapshot([4, 5]), diagnosis });
    });

    it('move the next evidence number beyond the highest one used', async () => {
      const { id } = await openIncident(store.db, incident);
      await save(id, [3, 1, 9]);
      expect(await openIncident(store.db, incident)).toMatchObject({ nextEvidence: 10 });
      await save(id, []);
      expect(await openIncident(store.db, incident)).toMatchObject({ nextEvidence: 10 });
    });

    it('may show the figures of the update before', async () => {
      const { id } = await openIncident(store.db, incident);
      await save(id, [1]);
      const previous = {
        takenAt: at.toISOString(),
        url: null,
        states: {},
        figures: [observation(1)],
        root: null,
      };
      const next = { ...snapshot([2]), previous };
      await store.db.transaction().execute((trx) => saveSnapshot(trx, id, next, null));
      expect(await latestSnapshot(store.db, id)).toMatchObject({ snapshot: next, diagnosis: null });
    });

    it('never give out an evidence number twice, whatever is saved', async () => {
      const ranges = array(array(integer({ min: 1, max: 40 }), { maxLength: 5 }), { maxLength: 8 });
      let issue = 0;
      await assert(
        asyncProperty(ranges, async (attempts) => {
          issue += 1;
          const { id } = await openIncident(store.db, { ...incident, issue });
          const given: number[] = [];
          for (const numbers of attempts) {
            const free = numbers.every((number) => number > Math.max(0, ...given));
            const saved = await save(id, numbers).then(
              () => true,
              (error: unknown) => {
                expect(error).toBeInstanceOf(EvidenceTakenError);
                return false;
              },
            );
            expect(saved).toBe(free);
            if (saved) given.push(...new Set(numbers));
          }
          expect(new Set(given).size).toBe(given.length);
        }),
        { numRuns: 15 },
      );
    });

    it('that use the same numbers at the same time: one is kept', async () => {
      const { id } = await openIncident(store.db, incident);
      const results = await Promise.allSettled([save(id, [1, 2]), save(id, [1, 2]), save(id, [2, 3])]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('of resolved incidents are pruned, those of open ones stay', async () => {
      const ongoing = await openIncident(store.db, incident);
      const resolved = await openIncident(store.db, { ...incident, issue: 1263 });
      for (const number of [1, 2, 3]) {
        await save(ongoing.id, [number]);
        await save(resolved.id, [number]);
      }
      await updateIncident(store.db, resolved.id, { stage: 'resolved' }, at);
      expect(await pruneSnapshots(store.db, { resolvedBefore: at, keep: 1 })).toBe(0);
      expect(await pruneSnapshots(store.db, { resolvedBefore: minutesLater(1), keep: 1 })).toBe(2);
      expect(await latestSnapshot(store.db, resolved.id)).toMatchObject({ snapshot: snapshot([3]) });
    });
  });

  describe('deliveries', () => {
    it('are recorded once under a GUID', async () => {
      expect(await record()).toBe('new');
      expect(await record({ receivedAt: minutesLater(1) })).toBe('duplicate');
      expect(await record({ guid: 'another' })).toBe('new');
      expect(await findDelivery(store.db, delivery.guid)).toMatchObject({
        event: 'issue_comment',
        receivedAt: at,
        payload: { issue: { number: 1278 } },
        state: 'received',
      });
    });

    it.each([
      [
        'the same state of the same comment',
        { id: 5, updatedAt: '2025-09-15T17:15:00Z' },
        'created',
        'duplicate',
      ],
      ['a later state of it', { id: 5, updatedAt: '2025-09-15T17:16:00Z' }, 'created', 'new'],
      ['its deletion', { id: 5, updatedAt: '2025-09-15T17:15:00Z' }, 'deleted', 'new'],
      ['another comment', { id: 6, updatedAt: '2025-09-15T17:15:00Z' }, 'created', 'new'],
    ])('of a second hook: %s', async (_case, comment, action, expected) => {
      await record({ comment: { id: 5, updatedAt: '2025-09-15T17:15:00Z' } });
      expect(await record({ guid: 'of the second hook', comment, action })).toBe(expected);
    });

    it.each([
      ['the same of the same issue', '77 P0 2025-09-15T17:15:00Z', 'labeled', 'duplicate'],
      ['another label of it', '77 P1 2025-09-15T17:15:00Z', 'labeled', 'new'],
      ['the same later', '77 P0 2025-09-15T17:16:00Z', 'labeled', 'new'],
      ['the label taken away', '77 P0 2025-09-15T17:15:00Z', 'unlabeled', 'new'],
      ['what has no name', null, 'labeled', 'new'],
    ])('of a second hook, without a comment: %s', async (_case, subject, action, expected) => {
      const issues = { event: 'issues', comment: null };
      await record({ ...issues, action: 'labeled', subject: '77 P0 2025-09-15T17:15:00Z' });
      expect(await record({ ...issues, guid: 'of the second hook', subject, action })).toBe(expected);
    });

    it('are told apart where several are recorded at once', async () => {
      const comment = { id: 5, updatedAt: '2025-09-15T17:15:00Z' };
      await record({ guid: 'known' });
      const results = await recordAll(
        { guid: 'a', comment },
        { guid: 'known' },
        { guid: 'a of the second hook', comment },
        { guid: 'a' },
        { guid: 'b', payload: { text: 'bad\0 text \uD800' } },
      );
      expect(results).toEqual(['new', 'duplicate', 'duplicate', 'duplicate', 'new']);
      expect(await findDelivery(store.db, 'b')).toMatchObject({ payload: { text: 'bad\uFFFD text \uFFFD' } });
      expect(await recordAll()).toEqual([]);
    });

    it('that race are recorded once', async () => {
      const results = await Promise.all(Array.from({ length: 8 }, () => record()));
      expect(results.filter((result) => result === 'new')).toHaveLength(1);
    });

    it('are unfinished until they end, and pruned after it', async () => {
      await record({ guid: 'first' });
      await record({ guid: 'second', receivedAt: minutesLater(1) });
      await record({ guid: 'third', receivedAt: minutesLater(2) });
      await finishDelivery(store.db, 'second', 'failed', minutesLater(3), 'bad\0 text \uD800');
      expect(await unfinishedDeliveries(store.db)).toEqual(['first', 'third']);
      expect(await pruneDeliveries(store.db, minutesLater(9))).toBe(1);
      expect(await findDelivery(store.db, 'second')).toBeNull();
    });
  });

  describe('the audit', () => {
    const { key: _key, ...entry } = auditEntry;
    it('keeps its order and its detail', async () => {
      await recordAudit(store.db, { ...auditEntry, issue: 1, detail: ['a', { b: 1 }] });
      await recordAudit(store.db, { ...auditEntry, issue: 1, what: 'severity', detail: null });
      await recordAudit(store.db, { ...auditEntry, issue: 2, detail: null });
      expect(await entriesOf(store, { issue: 1 })).toEqual([
        { ...entry, issue: 1, detail: ['a', { b: 1 }] },
        { ...entry, issue: 1, what: 'severity', detail: null },
      ]);
    });

    it('takes what has a key once, however often it is tried', async () => {
      const keyed = { ...auditEntry, issue: 4, key: 'posting 1' };
      await Promise.all([
        recordAudit(store.db, keyed),
        recordAudit(store.db, keyed, { ...keyed, who: 'kim' }),
      ]);
      expect(await entriesOf(store, { issue: 4 })).toHaveLength(1);
    });

    it('is read in pages, by repository, issue and time', async () => {
      for (const minute of [0, 1, 2, 3])
        await recordAudit(store.db, { ...auditEntry, issue: 5, at: minutesLater(minute), detail: minute });
      await recordAudit(store.db, { ...auditEntry, issue: 5, repository: 'netra-systems/other' });
      const between = { repository: 'Netra-Systems/APEX', since: minutesLater(1), until: minutesLater(3) };
      expect((await entriesOf(store, { issue: 5, ...between })).map(({ detail }) => detail)).toEqual([1, 2]);
      const filter = { issue: 5 };
      const first = await readAudit(store.db, filter, { after: 0, limit: 3 });
      const rest = await readAudit(store.db, filter, { after: first.at(-1)?.id ?? 0, limit: 3 });
      expect([...first, ...rest].map(({ detail }) => detail)).toEqual([0, 1, 2, 3, null]);
    });

    it.each([`update audit set who = 'kim'`, 'delete from audit', 'truncate audit'])(
      'refuses: %s',
      async (statement) => {
        await recordAudit(store.db, { ...auditEntry, issue: 3 });
        await expect(sql.raw(statement).execute(store.db)).rejects.toThrow('append-only');
      },
    );

    it('forgets what is too old, and refuses a deletion right after that', async () => {
      await recordAudit(store.db, { ...auditEntry, issue: 6, at: minutesLater(-10) });
      await recordAudit(store.db, { ...auditEntry, issue: 6, at: minutesLater(-9) });
      expect(await forgetAuditBefore(store.db, minutesLater(-9))).toBe(1);
      expect(await entriesOf(store, { issue: 6 })).toHaveLength(1);
      await expect(sql`delete from audit`.execute(store.db)).rejects.toThrow('append-only');
    });

    it('takes any text that a payload may hold', async () => {
      const texts = array(string({ unit: 'binary', maxLength: 20 }), { maxLength: 5 });
      let issue = 100;
      await assert(
        asyncProperty(texts, async (detail) => {
          issue += 1;
          await recordAudit(store.db, { ...auditEntry, issue, detail });
          const [stored] = await entriesOf(store, { issue });
          const plain = detail.map((text) => text.replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD'));
          expect(stored?.detail).toEqual(plain);
        }),
        { numRuns: 30 },
      );
    });
  });
});
