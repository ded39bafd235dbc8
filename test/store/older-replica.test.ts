import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrate, readMigrations } from '../../src/store/migrate.ts';
import { findStore, type Store } from '../../src/store/open.ts';
import { silentLog } from './engines.ts';
import { breaks, offerOf } from './older-replica.ts';

/**
 * A process of the version before goes on while a newer one brings the database up. CONTRIBUTING.md ("Add a migration")
 * says how to write one.
 */

/** The last migration from before the rule, when no version had been released. */
const beforeTheRule = '0012_own_traces';

/** What the rule finds and a person has looked at: by migration, each with the reason why an older process goes on. */
const reviewed: Readonly<Record<string, Readonly<Record<string, string>>>> = {};

const migrations = await readMigrations();

let store: Store;
beforeAll(async () => {
  store = (await findStore({ url: 'memory:', log: silentLog })).store;
});
afterAll(() => store.close());
beforeEach(() =>
  store.run('drop schema if exists pgboss cascade; drop schema public cascade; create schema public'),
);

test('no migration since the rule breaks a process of the version before', async () => {
  const first = migrations.findIndex(({ name }) => name === beforeTheRule);
  expect(first).toBeGreaterThan(0);
  await migrate(store.db, migrations.slice(0, first + 1));
  let before = await offerOf(store);
  for (const [place, { name }] of migrations.entries()) {
    if (place <= first) continue;
    await migrate(store.db, migrations.slice(0, place + 1));
    const after = await offerOf(store);
    const found = breaks(before, after).filter((what) => reviewed[name]?.[what] === undefined);
    expect({ migration: name, breaks: found }).toEqual({ migration: name, breaks: [] });
    before = after;
  }
});

test('the rule finds what the last one before it would have broken', async () => {
  const last = migrations.findIndex(({ name }) => name === beforeTheRule);
  await migrate(store.db, migrations.slice(0, last));
  const before = await offerOf(store);
  await migrate(store.db, migrations.slice(0, last + 1));
  const found = breaks(before, await offerOf(store));
  expect(found).toContain('etag.installation_id is new, and has to be given');
  expect(found).toContain(
    'unique role_seen btree (repository_id, login) is gone, which conflicts are told by',
  );
});

describe('an older process', () => {
  const made = `
    create table kind (id integer primary key, word text not null default '', number smallint, told boolean);
    create unique index kind_word on kind (word) where told;
    create function kind_of(kind integer) returns integer language sql as 'select kind';`;

  test.each<[statement: string, breaks: string[]]>([
    ['alter table kind drop column number', ['kind.number is gone']],
    ['alter table kind rename column number to numbers', ['kind.number is gone']],
    ['drop table kind', expect.arrayContaining(['kind.id is gone'])],
    ['alter table kind rename to kinds', expect.arrayContaining(['kind.id is gone'])],
    [
      'alter table kind alter column word type varchar(9)',
      ['kind.word was text and is character varying(9)'],
    ],
    [
      'alter table kind alter column id type text',
      expect.arrayContaining(['kind.id was integer and is text']),
    ],
    ['alter table kind alter column number set not null', ['kind.number may be null no more']],
    ['alter table kind alter column word drop default', ['kind.word has no default any more']],
    ['alter table kind add column more text not null', ['kind.more is new, and has to be given']],
    ['drop index kind_word', ['unique kind btree (word) WHERE told is gone, which conflicts are told by']],
    [
      'create unique index on kind (number)',
      ['unique kind btree (number) is new, for columns that are written already'],
    ],
    [
      'alter table kind add check (number > 0)',
      ['c kind CHECK ((number > 0)) is new, for columns that are written already'],
    ],
    [
      'create table other (id integer primary key); alter table kind add foreign key (number) references other (id)',
      ['f kind FOREIGN KEY (number) REFERENCES other(id) is new, for columns that are written already'],
    ],
    ['drop function kind_of', ['kind_of(kind integer) is gone, or gives something else']],
    [
      `drop function kind_of; create function kind_of(kind integer) returns text language sql as $$ select '' $$`,
      ['kind_of(kind integer) is gone, or gives something else'],
    ],
    [
      `create function hear() returns trigger language plpgsql as $$ begin return new; end $$;
       create trigger hears before insert on kind for each row execute function hear()`,
      ['CREATE TRIGGER hears BEFORE INSERT ON public.kind FOR EACH ROW EXECUTE FUNCTION hear() is new'],
    ],
  ])('is broken by: %s', async (statement, found) => {
    await store.run(made);
    const before = await offerOf(store);
    await store.run(statement);
    expect(breaks(before, await offerOf(store))).toEqual(found);
  });

  test.each([
    'create table other (id integer primary key, kind integer not null references kind (id))',
    'alter table kind add column more text',
    `alter table kind add column more text not null default 'none' check (more <> '')`,
    'alter table kind add column more integer generated always as identity',
    'alter table kind alter column number type integer',
    'alter table kind alter column word drop not null',
    'create index on kind (number)',
    'create or replace function kind_of(kind integer) returns integer language sql as $$ select kind + 0 $$',
  ])('goes on after: %s', async (statement) => {
    await store.run(made);
    const before = await offerOf(store);
    await store.run(statement);
    expect(breaks(before, await offerOf(store))).toEqual([]);
  });
});
