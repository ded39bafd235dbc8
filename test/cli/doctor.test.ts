import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startDoctorDoor, type DoctorDoor } from '../../src/composition/doctor-door.ts';
import { doctorReport, retryReport, type DoctorReport } from '../../src/composition/doctor-report.ts';
import { findDelivery, recordDeliveries } from '../../src/store/deliveries.ts';
import type { Store } from '../../src/store/open.ts';
import { startWorkers, type Workers } from '../queue/workers.ts';
import { engines, open, silentLog } from '../store/engines.ts';
import { delivery } from '../store/fixtures.ts';
import { sitrep, stackTrace, type Run } from './run.ts';

/** `sitrep doctor` on a database that a server holds, that nobody holds, and on a PostgreSQL server. */

const { all, stop } = engines();
const postgres = all.find(({ name }) => name === 'PostgreSQL');
afterAll(stop);

/** A server's store with a door for the doctor, and a delivery whose job failed at every try. */
interface Patient {
  store: Store;
  queue: Workers;
  door: DoctorDoor;
  close(): Promise<void>;
}

async function openPatient(url: string): Promise<Patient> {
  const store = await open(url);
  const queue = await startWorkers(store);
  const door = await startDoctorDoor(store, () => new Date(), silentLog);
  await store.db.transaction().execute(async (trx) => {
    await recordDeliveries(trx, [delivery]);
    await queue.enqueue(trx, 'commands', { guid: delivery.guid });
  });
  await queue.work('commands', () => Promise.reject(new Error('GitHub answered\n503')));
  await queue.rest();
  return {
    store,
    queue,
    door,
    async close() {
      await door.close();
      await queue.stop({ graceMs: 0 });
      await store.close();
    },
  };
}

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sitrep-doctor-'));
});
afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

const doctor = (url: string, ...args: string[]): Promise<Run> =>
  sitrep(['doctor', ...args], { DATABASE_URL: url });

async function reportOf(url: string): Promise<DoctorReport> {
  const { out, err } = await doctor(url, '--json');
  expect(err).toBe('');
  return doctorReport.parse(JSON.parse(out));
}

const letterTold =
  /failed at every try:\n {2}[\da-f-]{36} {2}commands\n {4}for {5}issue_comment\.created on netra-systems\/apex#1278, delivery 5e1c0f00-.*\n {4}made .* after 3 tries\n {4}reason {2}GitHub answered 503\n/u;

describe('on a directory', () => {
  test('that a server holds: the server looks, and gives the job back', async () => {
    const url = join(parent, 'data');
    const patient = await openPatient(url);
    const { code, out, err } = await doctor(url);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(letterTold);
    expect(out).toContain(`server   process ${String(process.pid)} runs, and answered`);
    expect(out).toContain('WRONG    dead letters: 1 job failed at every try. Remove the cause');
    const [letter] = (await reportOf(url)).deadLetters;
    await patient.store.run(`update delivery set state = 'failed'`);
    const retried = await doctor(url, '--retry', letter?.id ?? '', '--json');
    expect(retried).toMatchObject({ code: 0, err: '' });
    expect(retryReport.parse(JSON.parse(retried.out))).toMatchObject({ again: [{ id: letter?.id }] });
    expect(await findDelivery(patient.store.db, delivery.guid)).toMatchObject({ state: 'received' });
    const again = await doctor(url, '--retry', letter?.id ?? '');
    expect(again).toMatchObject({ code: 1, err: '' });
    expect(again.out).toMatch(/is no dead letter: it was tried again already, or never was one/u);
    await patient.close();
  });

  test('that nobody holds: it opens the database itself, and what it gives back waits', async () => {
    const url = join(parent, 'data');
    await (await openPatient(url)).close();
    expect((await doctor(url)).out).toMatch(letterTold);
    expect(await doctor(url, '--retry', 'all')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^[\da-f-]{36} goes back to commands, with fresh tries\n$/u),
    });
    const after = await doctor(url);
    expect(after.code).toBe(1);
    expect(after.out).toContain('server   none runs on this directory');
    expect(after.out).toMatch(
      /queue {4}commands: 0 running, 1 waiting \(the oldest for \d+ s\), 0 for later/u,
    );
    expect(after.out).toMatch(/1 job of the queue commands cannot run: no server runs on .*sitrep start/u);
    expect(await doctor(url, '--retry', 'all')).toMatchObject({
      code: 0,
      out: expect.stringContaining('nothing to try again'),
    });
  });

  test('where all is well: 0', async () => {
    const url = join(parent, 'data');
    const store = await open(url);
    await (await startWorkers(store)).stop({ graceMs: 0 });
    await store.close();
    const { code, out } = await doctor(url);
    expect(code).toBe(0);
    expect(out).toMatch(/nothing runs or waits\ndead {5}no job failed at every try\n/u);
    // There is no App here.
    expect(out).toMatch(/\n\nall well, as far as it was looked at: 3 not looked at\n$/u);
  });

  test('whose path is too long for a socket, with the socket of a process that was killed in it', async () => {
    const url = join(parent, 'a'.repeat(120), 'data');
    await mkdir(url, { recursive: true });
    await writeFile(join(url, 'doctor.sock'), '');
    const patient = await openPatient(url);
    expect((await stat(join(url, 'doctor.sock'))).mode & 0o777).toBe(0o600);
    expect(await reportOf(url)).toMatchObject({ server: process.pid, database: { where: url } });
    await patient.close();
    expect(await readdir(url)).not.toContain('doctor.sock');
    expect(await reportOf(url)).toMatchObject({ server: null });
  });

  test('of an older version: what is missing', async () => {
    const url = join(parent, 'data');
    const store = await open(url);
    await store.run(`delete from kysely_migration where name = '0001_records'`);
    await store.close();
    const older = await doctor(url);
    expect(older.code).toBe(1);
    expect(older.out).toMatch(/older than this Sitrep: migrations\/0001_records\.sql .*Start this Sitrep/u);
  });
});

test('on PostgreSQL it asks the server itself', async () => {
  const database = await postgres?.create();
  const url = database?.url ?? '';
  const patient = await openPatient(url);
  const { code, out } = await doctor(url);
  expect(code).toBe(1);
  expect(out).toMatch(/^database PostgreSQL 127\.0\.0\.1:\d+\/test_\d+\n/u);
  expect(out).toMatch(letterTold);
  await patient.store.run(`insert into kysely_migration (name, timestamp) values ('9999_of_the_future', '')`);
  expect((await doctor(url)).out).toMatch(/WRONG {4}database: The database is newer than this Sitrep/u);
  expect(await doctor(url, '--retry', 'all')).toMatchObject({
    code: 1,
    err: expect.stringContaining('of another version'),
  });
  await patient.close();
  await database?.drop();
});

describe('where there is nothing to look at, it says what to do', () => {
  test.each<[what: string, url: string, says: RegExp]>([
    [
      'no database',
      '/nowhere/data',
      /no database in \/nowhere\/data\. Set DATABASE_URL as the server has it/u,
    ],
    ['a database in memory', 'memory:', /in memory cannot be looked at/u],
    [
      'no server',
      'postgres://u:s3cret@127.0.0.1:9/x',
      /127\.0\.0\.1:9\/x cannot be used.*Check DATABASE_URL/u,
    ],
    ['no address', 'mysql://x', /DATABASE_URL cannot begin with mysql:/u],
  ])('%s', async (_what, url, says) => {
    const { code, out, err } = await doctor(url);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(says);
    expect(out).not.toMatch(stackTrace);
    expect(out).not.toContain('s3cret');
  });

  test('a holder without a door', async () => {
    const url = join(parent, 'data');
    const store = await open(url);
    const { code, out } = await doctor(url);
    expect(code).toBe(1);
    expect(out).toMatch(/in use by process \d+ since .* does not answer the doctor\. It may be starting/u);
    expect(out).not.toContain('Stop that process');
    await store.close();
  });
});

test('a wrong call ends with 2', async () => {
  const { code, err } = await sitrep(['doctor', '--retry', 'everything']);
  expect(code).toBe(2);
  expect(err).toContain('Write the id of a dead letter');
});
