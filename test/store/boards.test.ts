import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  boardOfPosting,
  endBoard,
  findBoard,
  hasBoard,
  hastenBoard,
  isBoardDue,
  keepBoard,
  noteBoardBody,
  noteBoardPinned,
  noteBoardPosting,
  postponeBoard,
  takeDueBoards,
  wakeBoard,
} from '../../src/store/boards.ts';
import { openIncident } from '../../src/store/incidents.ts';
import type { Store } from '../../src/store/open.ts';
import { enqueuePublication } from '../../src/store/publications.ts';
import { engines, open, type TestDatabase } from './engines.ts';
import { at, incident, minutesLater, publication } from './fixtures.ts';

const { all, stop } = engines();
afterAll(stop);

const clockAt = (minutes: number) => () => minutesLater(minutes);
const minute = 60_000;

describe.each(all.filter(({ name }) => name !== 'PGlite in a directory'))('boards on $name', ({ create }) => {
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
    await store.run('delete from publication');
    incidentId = (await openIncident(store.db, incident)).id;
  });

  const keep = (now: number, due: number | null) =>
    store.db
      .transaction()
      .execute((trx) => keepBoard(trx, incidentId, due === null ? null : minutesLater(due), clockAt(now)));
  const take = async (minutes: number): Promise<Date[]> => {
    const due = await store.db.transaction().execute((trx) => takeDueBoards(trx, clockAt(minutes), 10));
    return due.map(({ dueAt }) => dueAt);
  };

  it('are due at their time, and taken once', async () => {
    await keep(0, 10);
    expect(await isBoardDue(store.db, clockAt(9.9))).toBe(false);
    expect(await take(9.9)).toEqual([]);
    expect(await isBoardDue(store.db, clockAt(10))).toBe(true);
    expect(await take(10)).toEqual([minutesLater(10)]);
    expect(await isBoardDue(store.db, clockAt(11))).toBe(false);
    expect(await take(11)).toEqual([]);
  });

  it('of two processes that ask at once, one takes it', async () => {
    await keep(0, 10);
    const taken = await Promise.all([take(10), take(10)]);
    expect(taken.flat()).toHaveLength(1);
  });

  const hasten = (now: number) =>
    store.db.transaction().execute((trx) => hastenBoard(trx, incidentId, clockAt(now)));

  it('hastened, they are due at once', async () => {
    await keep(0, 10);
    await hasten(3);
    expect(await take(3)).toEqual([minutesLater(3)]);
  });

  it('hastened, one whose refresh is under way, late or ended keeps its time', async () => {
    await keep(0, 10);
    await hasten(11);
    expect(await take(11)).toEqual([minutesLater(10)]);
    await hasten(12);
    expect(await take(12)).toEqual([]);
    await endBoard(store.db, incidentId);
    await hasten(20);
    expect(await take(30)).toEqual([]);
  });

  it('one that was lost is taken again, and a look lets it go', async () => {
    await keep(0, 10);
    await take(10);
    expect(await take(15)).toEqual([]);
    expect(await take(16)).toEqual([minutesLater(10)]);
    await keep(16, 26);
    expect(await take(26)).toEqual([minutesLater(26)]);
  });

  it('are never due within a minute, however wrong the clock is that says when', async () => {
    await keep(60, 10);
    expect(await take(60.9)).toEqual([]);
    expect(await take(61)).toHaveLength(1);
  });

  it('are put off, ended and begun again', async () => {
    await keep(0, 10);
    await take(10);
    await postponeBoard(store.db, incidentId, 5 * minute, clockAt(10));
    expect(await take(14.9)).toEqual([]);
    expect(await take(15)).toHaveLength(1);
    await endBoard(store.db, incidentId);
    await postponeBoard(store.db, incidentId, 5 * minute, clockAt(20));
    expect(await take(600)).toEqual([]);
    await store.db.transaction().execute((trx) => wakeBoard(trx, incidentId, clockAt(600)));
    expect(await take(601)).toHaveLength(1);
    await keep(601, null);
    expect((await findBoard(store.db, incidentId))?.dueAt).toBeNull();
  });

  it('know their posting and what was written last', async () => {
    expect(await hasBoard(store.db, incidentId)).toBe(false);
    expect(await findBoard(store.db, incidentId)).toBeNull();
    await keep(0, 10);
    expect(await findBoard(store.db, incidentId)).toMatchObject({ body: null, posting: null, generation: 1 });
    await store.db.transaction().execute(async (trx) => {
      await enqueuePublication(trx, { ...publication, incidentId, kind: 'living' });
      await noteBoardPosting(trx, incidentId, { id: publication.id, body: 'first', generation: 1, at });
    });
    expect(await boardOfPosting(store.db, publication.id)).toEqual({
      incidentId,
      repositoryId: incident.repositoryId,
      issue: incident.issue,
      pinned: false,
    });
    await noteBoardPinned(store.db, incidentId, at);
    await noteBoardBody(store.db, incidentId, 'second', at);
    expect(await findBoard(store.db, incidentId)).toMatchObject({
      body: 'second',
      posting: { id: publication.id, state: 'pending', commentId: null },
    });
    expect(await boardOfPosting(store.db, publication.id)).toMatchObject({ pinned: true });
    expect(await hasBoard(store.db, incidentId)).toBe(true);
  });
});
