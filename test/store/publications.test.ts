import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  oweAcknowledgement,
  owedAcknowledgements,
  settleAcknowledgement,
} from '../../src/store/acknowledgements.ts';
import { openIncident } from '../../src/store/incidents.ts';
import type { Store } from '../../src/store/open.ts';
import {
  claimPublication,
  completePublication,
  enqueuePublication,
  failPublication,
  findPublication,
  lastSentPublication,
  leaseLeft,
  notePublicationUnseen,
  unfinishedPublications,
  type NewPublication,
} from '../../src/store/publications.ts';
import { saveSnapshot } from '../../src/store/snapshots.ts';
import { engines, open, type TestDatabase } from './engines.ts';
import { at, incident, minutesLater, publication, snapshot } from './fixtures.ts';

const { all, stop } = engines();
afterAll(stop);

/** A lease that holds for the test, and one that is over at once. */
const holder = '7d0e5c1a-0000-4000-8000-000000000001';
const other = '7d0e5c1a-0000-4000-8000-000000000002';
const long = { at, leaseMs: 60_000, holder, alone: false };
const over = { ...long, leaseMs: 0 };
/** The same claims by another process. */
const theirs = { ...long, holder: other };
const comment = {
  id: 3_100_000_001,
  nodeId: 'IC_kwDO1',
  url: 'https://github.com/netra-systems/apex/issues/1278#issuecomment-1',
  at,
};

describe.each(all)('the outbox on $name', ({ create }) => {
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
    await store.run('delete from incident; delete from publication');
  });

  const enqueue = async (changes: Partial<NewPublication> = {}) =>
    await store.db.transaction().execute((trx) => enqueuePublication(trx, { ...publication, ...changes }));
  const { id } = publication;

  it('holds a posting once, with the hash of its body', async () => {
    expect(await enqueue()).toBe('new');
    expect(await enqueue({ body: 'another text under the same id' })).toBe('duplicate');
    expect(await findPublication(store.db, id)).toMatchObject({
      ...publication,
      bodyHash: createHash('sha256').update(publication.body).digest('hex'),
      state: 'pending',
      attempts: 0,
      fence: 0,
      commentId: null,
    });
  });

  it('forgets a posting whose transaction rolls back', async () => {
    const rolledBack = store.db.transaction().execute(async (trx) => {
      await enqueuePublication(trx, publication);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    expect(await findPublication(store.db, id)).toBeNull();
  });

  it('gives a posting to one of those who race for it', async () => {
    await enqueue();
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => claimPublication(store.db, id, { ...long, holder: randomUUID() })),
    );
    expect(claims.filter((claim) => claim !== null)).toMatchObject([
      { state: 'sending', attempts: 1, fence: 1 },
    ]);
  });

  it('gives it to another when the lease is over, and remembers the first attempt', async () => {
    await enqueue();
    await claimPublication(store.db, id, over);
    const second = await claimPublication(store.db, id, { ...theirs, at: minutesLater(5) });
    expect(second).toMatchObject({ attempts: 2, fence: 2, firstAttemptAt: at, readBack: true });
  });

  it.each([
    ['the process that holds it, at once', long, true],
    ['another one, not before the lease is over', theirs, false],
    ['the only one that there can be, at once', { ...theirs, alone: true }, true],
  ])('gives a claim that was left open to %s', async (_who, request, given) => {
    await enqueue();
    await claimPublication(store.db, id, long);
    expect(await leaseLeft(store.db, id)).toBeGreaterThan(50_000);
    const claim = await claimPublication(store.db, id, request);
    expect(claim !== null).toBe(given);
    expect(claim?.readBack ?? true).toBe(true);
  });

  it('need not be looked for where it was certainly not posted, and must where it may be', async () => {
    await enqueue();
    expect(await claimPublication(store.db, id, long)).toMatchObject({ readBack: false });
    await failPublication(store.db, { id, fence: 1 }, { error: '401', again: true, certain: true });
    expect(await claimPublication(store.db, id, long)).toMatchObject({ readBack: false });
    await failPublication(store.db, { id, fence: 2 }, { error: '502', again: true, certain: false });
    expect(await claimPublication(store.db, id, long)).toMatchObject({ readBack: true });
  });

  it('tells how long ago it was first looked for in vain, anew after each attempt that may be out', async () => {
    await enqueue();
    await claimPublication(store.db, id, over);
    await claimPublication(store.db, id, over);
    expect(await notePublicationUnseen(store.db, { id, fence: 2 })).toBeLessThan(8_000);
    await store.run(`update publication set unseen_at = unseen_at - interval '8 s'`);
    expect(await notePublicationUnseen(store.db, { id, fence: 2 })).toBeGreaterThanOrEqual(8_000);
    await claimPublication(store.db, id, over);
    expect(await notePublicationUnseen(store.db, { id, fence: 3 })).toBeLessThan(8_000);
  });

  it('records the comment of the present claim only', async () => {
    await enqueue();
    await claimPublication(store.db, id, over);
    await claimPublication(store.db, id, long);
    expect(await completePublication(store.db, { id, fence: 1 }, { ...comment, id: 1 })).toBe(false);
    expect(
      await failPublication(store.db, { id, fence: 1 }, { error: 'late', again: false, certain: true }),
    ).toBe(false);
    expect(await completePublication(store.db, { id, fence: 2 }, comment)).toBe(true);
    expect(await findPublication(store.db, id)).toMatchObject({
      state: 'sent',
      commentId: comment.id,
      commentUrl: comment.url,
      sentAt: at,
      error: null,
    });
  });

  it('records the comment of a claim whose lease is over, as long as nobody else took it', async () => {
    await enqueue();
    await claimPublication(store.db, id, over);
    expect(await completePublication(store.db, { id, fence: 1 }, comment)).toBe(true);
  });

  it.each([
    ['sent', async () => await completePublication(store.db, { id, fence: 1 }, comment)],
    [
      'failed for good',
      async () =>
        await failPublication(store.db, { id, fence: 1 }, { error: '410', again: false, certain: true }),
    ],
  ])('does not give out again what is %s', async (_state, settle) => {
    await enqueue();
    await claimPublication(store.db, id, over);
    await settle();
    expect(await claimPublication(store.db, id, long)).toBeNull();
    expect(await unfinishedPublications(store.db)).toEqual([]);
  });

  it('gives out again what may be tried again', async () => {
    await enqueue();
    await claimPublication(store.db, id, long);
    await failPublication(store.db, { id, fence: 1 }, { error: '502\0', again: true, certain: true });
    expect(await findPublication(store.db, id)).toMatchObject({ state: 'pending', error: '502\uFFFD' });
    expect(await claimPublication(store.db, id, long)).toMatchObject({ attempts: 2, fence: 2 });
  });

  it('lists what is not out or has a reaction left to give, oldest first', async () => {
    const ids = ['1', '2', '3'].map((digit) => `0d9f6c6e-6a55-5d0e-9a39-00000000000${digit}`);
    const [held = '', late = '', waiting = ''] = ids;
    await enqueue({ id: waiting, createdAt: minutesLater(1) });
    await enqueue({ id: held });
    await enqueue({ id: late });
    await claimPublication(store.db, held, long);
    await claimPublication(store.db, late, over);
    expect(await unfinishedPublications(store.db)).toEqual([held, late, waiting]);
    const reaction = { commentId: 9, content: 'rocket' };
    await oweAcknowledgement(store.db, held, reaction);
    await oweAcknowledgement(store.db, held, reaction);
    await completePublication(store.db, { id: held, fence: 1 }, comment);
    expect(await unfinishedPublications(store.db)).toEqual([held, late, waiting]);
    expect(await owedAcknowledgements(store.db, held)).toEqual([reaction]);
    await settleAcknowledgement(store.db, held, reaction, at);
    expect(await owedAcknowledgements(store.db, held)).toEqual([]);
    expect(await unfinishedPublications(store.db)).toEqual([late, waiting]);
  });

  it('finds the last posting of a kind, and knows which snapshot it shows', async () => {
    const { id: incidentId } = await openIncident(store.db, incident);
    const newest = '0d9f6c6e-6a55-5d0e-9a39-0c7f4c1c2a02';
    await enqueue({ incidentId });
    await enqueue({ id: newest, incidentId, createdAt: minutesLater(5) });
    await store.db.transaction().execute((trx) => saveSnapshot(trx, incidentId, snapshot([1]), null, newest));
    expect(await lastSentPublication(store.db, incidentId, 'status')).toBeNull();
    for (const each of [id, newest]) {
      await claimPublication(store.db, each, long);
      await completePublication(store.db, { id: each, fence: 1 }, comment);
    }
    expect(await lastSentPublication(store.db, incidentId, 'status')).toMatchObject({ id: newest });
    expect(await lastSentPublication(store.db, incidentId, 'declare')).toBeNull();
  });
});
