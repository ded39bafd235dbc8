import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { compiledEngine } from '../../src/store/embedded.engine.ts';
import { templateFile } from '../../src/store/embedded.template.ts';
import { startThread, type DatabaseThread } from '../../src/store/embedded.thread.ts';
import { digestOf, readMigrations } from '../../src/store/migrate.ts';
import { pictureOf } from '../kept/picture.ts';
import { keepThreads } from '../kept/threads.ts';
import { startWorkers } from '../queue/workers.ts';
import { open } from './engines.ts';

// The tests of what stands on the database are handed one that others had before them: nothing of that may be left.

const over = new Error('it is over');
const started: DatabaseThread[] = [];
const heard: string[] = [];
let next: () => Promise<DatabaseThread>;

beforeAll(makeTemplate);
beforeEach(async () => {
  heard.length = 0;
  const start = keepThreads((...given) => {
    const thread = startThread(...given);
    started.push(thread);
    return thread;
  });
  const options = {
    directory: null,
    template: templateFile(digestOf(await readMigrations())),
    engine: await compiledEngine(),
  };
  next = async () => {
    const thread = start(options, { notification: hear, died: (cause) => cause });
    await thread.ready;
    return thread;
  };
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((thread) => thread.end(over)));
});

function hear(_channel: string, payload: string): void {
  heard.push(payload);
}

/** The first start of the queue leaves it behind. */
async function makeTemplate(): Promise<void> {
  const store = await open('memory:');
  await (await startWorkers(store)).stop({ graceMs: 0 });
  await store.close();
}

async function ask(thread: DatabaseThread, text: string): Promise<unknown[]> {
  return (await thread.call({ kind: 'query', text, values: [] })).rows;
}

async function close(thread: DatabaseThread): Promise<void> {
  await thread.call({ kind: 'close' });
  await thread.end(over);
}

const note = `insert into audit (at, who, what) values (now(), 'dana', 'command') returning id`;

test('rows, sequences, settings, locks, transactions and listeners of the one before are gone', async () => {
  const first = await next();
  const fresh = await pictureOf(first);
  const [noted] = await ask(first, note);
  await first.call({ kind: 'listen', channel: 'news' });
  await ask(
    first,
    `set timezone to 'Asia/Tokyo'; select pg_advisory_lock(1); create temporary table mine (a int)`,
  );
  await ask(first, `delete from kysely_migration; update kysely_migration_lock set is_locked = 7`);
  await ask(first, 'begin');
  await close(first);

  const second = await next();
  expect(started).toHaveLength(1);
  expect(await pictureOf(second)).toEqual(fresh);
  expect(await ask(second, 'show timezone')).toEqual([{ TimeZone: 'UTC' }]);
  expect(await ask(second, 'show search_path')).toEqual([{ search_path: 'public' }]);
  expect(await ask(second, `select 1 from pg_locks where locktype = 'advisory'`)).toEqual([]);
  expect(await ask(second, `select to_regclass('mine') as mine`)).toEqual([{ mine: null }]);
  await ask(second, `notify news, 'to whoever was before'`);
  expect(await ask(second, note)).toEqual([noted]);
  // Outside of a transaction each statement has one of its own.
  const ids = await ask(second, 'select pg_current_xact_id()::text as id');
  expect(await ask(second, 'select pg_current_xact_id()::text as id')).not.toEqual(ids);
  // The audit guards itself again.
  await expect(ask(second, 'delete from audit')).rejects.toThrow(/audit/);
  expect(heard).toEqual([]);
});

test.each(['drop table doubt', 'alter table audit disable trigger all', 'create table more (a int)'])(
  'one whose tables were changed is handed to nobody: %s',
  async (change) => {
    const first = await next();
    await ask(first, change);
    await close(first);
    await next();
    expect(started).toHaveLength(2);
  },
);

test('one that was ended without being closed is handed to nobody', async () => {
  await (await next()).end(over);
  await next();
  expect(started).toHaveLength(2);
});

test('two at a time are two', async () => {
  const [first, second] = [await next(), await next()];
  await ask(first, note);
  expect(await ask(second, 'select 1 from audit')).toEqual([]);
});

test('what has ended answers nobody, also when somebody else has its database', async () => {
  const first = await next();
  await close(first);
  await next();
  await expect(first.call({ kind: 'query', text: 'select 1', values: [] })).rejects.toThrow('it is over');
});
