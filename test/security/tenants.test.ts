import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import type { EarlierIncident } from '../../src/core/regression/earlier-incident.ts';
import { readAudit } from '../../src/store/audit.ts';
import { earlierIncidents, keepEarlier } from '../../src/store/history.ts';
import { findIncident } from '../../src/store/incidents.ts';
import type { Store } from '../../src/store/open.ts';
import { findTemplates } from '../../src/store/own-templates.ts';
import { roleSeenSince } from '../../src/store/roles.ts';
import { engines, open, type TestDatabase } from '../store/engines.ts';
import { issue, openTenants, type Tenants } from './tenants.ts';

/** Nothing of one installation is in what another one sees, though all their names are equal. */

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const { all, stop } = engines();
const postgres = all.find(({ name }) => name === 'PostgreSQL');
afterAll(stop);

let database: TestDatabase;
let tenants: Tenants;
let store: Store;
beforeAll(async () => {
  if (postgres === undefined) throw new Error('there is no PostgreSQL to test with');
  database = await postgres.create();
  tenants = await openTenants(database.url);
  store = await open(database.url);
});
afterAll(async () => {
  await store.close();
  await tenants.play.close();
  await database.drop();
});

/** An earlier incident of a repository. */
const earlier: EarlierIncident = {
  issue: 9,
  title: 'ALPHA earlier',
  url: 'https://github.com/acme/shop/issues/9',
  openedAt: '2026-01-03T10:26:00.000Z',
  closedAt: '2026-01-04T10:26:00.000Z',
  labels: ['incident'],
  signatures: [],
  components: ['checkout'],
  cause: null,
  text: 'ALPHA earlier',
  source: 'read',
};

describe('two customers, one after the other', { shuffle: false }, () => {
  const asked: [who: string, command: string, says: RegExp][] = [
    ['carol', '/sitrep whys', /BRAVO team/u],
    ['carol', '/sitrep timeline', /incident/iu],
    ['carol', '/sitrep evidence E1', /E1|no incident/u],
    ['carol', '/status', /BRAVO|checkout/u],
    ['bob', '/sitrep declare P1', /^/u],
    ['carol', '/sitrep brief', /checkout/u],
    ['carol', '/sitrep whys', /checkout/u],
    ['carol', '/sitrep criteria', /BRAVO criterion/u],
    ['carol', '/sitrep timeline all', /declared|Declared/u],
    ['carol', '/sitrep evidence all', /E\d/u],
    ['carol', '/sitrep diff checkout', /checkout/u],
    ['bob', '/sitrep handoff @alice', /BRAVO/u],
    ['bob', '/sitrep escalate infra', /BRAVO team/u],
    ['alice', '/sitrep resolve --override tested by hand', /BRAVO/u],
    ['bob', '/sitrep postmortem', /BRAVO/u],
  ];

  test.each(asked)('%s: %s', async (who, command, says) => {
    const answers = await tenants.second.say(who, command);
    expect(answers.join('\n')).toMatch(says);
    expect(answers.join('\n')).not.toContain('ALPHA');
  });

  test('nothing that was written to the second says ALPHA, its labels and assignees included', () => {
    const { thread, issue: issueOf } = tenants.second.people;
    expect(JSON.stringify(thread(issue))).not.toContain('ALPHA');
    expect(JSON.stringify(issueOf(issue))).not.toContain('ALPHA');
    expect(JSON.stringify(tenants.first.people.thread(issue))).toContain('ALPHA');
  });

  test('no row of the second holds anything of the first, nor the other way round', async () => {
    const { first, second } = tenants;
    for (const [own, foreign] of [
      [first, 'BRAVO'],
      [second, 'ALPHA'],
    ] as const)
      for (const table of [
        'incident',
        'publication',
        'history_read',
        'own_templates',
        'etag',
        'audit',
        'role_seen',
      ]) {
        const { rows } = await sql<{ text: string }>`
          select to_jsonb(one)::text as text from ${sql.table(table)} one
          where installation_id = ${own.installationId}`.execute(store.db);
        expect(
          rows.filter(({ text }) => text.includes(foreign)),
          table,
        ).toEqual([]);
      }
    const hanging = await sql<{ text: string; of: number }>`
      select to_jsonb(one)::text as text, installation_id as of from snapshot one join incident on incident.id = incident_id
      union all select to_jsonb(one)::text, installation_id from incident_event one join incident on incident.id = incident_id
      union all select to_jsonb(one)::text, installation_id from board one join incident on incident.id = incident_id`.execute(
      store.db,
    );
    const foreignTo = (of: number) => (of === first.installationId ? 'BRAVO' : 'ALPHA');
    expect(hanging.rows.filter(({ text, of }) => text.includes(foreignTo(of)))).toEqual([]);
    expect(new Set(hanging.rows.map(({ of }) => of))).toEqual(
      new Set([first.installationId, second.installationId]),
    );
  });

  test('samples of the first go on by its own configuration, whatever the second has under the name', async () => {
    const { play, first } = tenants;
    play.clock.advance(60_000);
    await play.rest();
    const { rows } = await sql<{ asked: string }>`
      select distinct reads as asked from sample join incident on id = incident_id
      where installation_id = ${first.installationId}`.execute(store.db);
    expect(rows).toHaveLength(1);
  });

  test('the record, earlier incidents, templates and roles are found by installation and repository', async () => {
    const { first, second } = tenants;
    await keepEarlier(store.db, first, earlier, new Date());
    expect((await earlierIncidents(store.db, first)).map(({ issue: of }) => of)).toContain(9);
    expect((await earlierIncidents(store.db, second)).map(({ issue: of }) => of)).not.toContain(9);
    expect(await findTemplates(store.db, first)).not.toBeNull();
    expect(await findTemplates(store.db, second)).toBeNull();
    const since = new Date(0);
    expect(await roleSeenSince(store.db, { ...first, login: 'mallory' }, since)).toBe('read');
    expect(await roleSeenSince(store.db, { ...second, login: 'mallory' }, since)).toBeNull();
    const [one, other] = [
      await findIncident(store.db, first, issue),
      await findIncident(store.db, second, issue),
    ];
    expect(one?.title).toContain('ALPHA');
    expect(other?.title).toContain('BRAVO');
    // The same repository under another installation is somebody else's too.
    const stranger = { installationId: 1, repositoryId: first.repositoryId };
    expect(await findIncident(store.db, stranger, issue)).toBeNull();
    expect(await findTemplates(store.db, stranger)).toBeNull();
    expect(await earlierIncidents(store.db, stranger)).toEqual([]);
    expect(await roleSeenSince(store.db, { ...stranger, login: 'mallory' }, since)).toBeNull();
  });

  test('the export can tell them apart', async () => {
    const entries = await readAudit(
      store.db,
      { repository: 'acme/shop', issue },
      { after: 0, limit: 10_000 },
    );
    const bySecond = entries.filter(({ installationId }) => installationId === tenants.second.installationId);
    expect(JSON.stringify(bySecond)).not.toContain('ALPHA');
    expect(bySecond.every(({ repositoryId }) => repositoryId === tenants.second.repositoryId)).toBe(true);
    expect(entries.length).toBeGreaterThan(bySecond.length);
  });

  test('whoever may not read a project gets no answer that somebody else just had of it', async () => {
    const { play, second } = tenants;
    await second.say('carol', '/status');
    const { scenario } = await loadScenario('crash-on-start');
    const ungranted = { ...scenario, repository: { ...scenario.repository, name: 'not-granted' } };
    const files = {
      '.github/sitrep.yml':
        'version: 1\ngoogle_cloud: { project: shop-staging, region: europe-west1 }\ncomponents:\n  checkout: { type: cloud-run, service: checkout }\n',
    };
    const installationId = play.github.install(ungranted, files);
    const people = play.github.peopleOf(installationId);
    const read = play.google.requests.length;
    await people.comment('carol', issue, '/status');
    await play.rest();
    const [answer = ''] = people.thread(issue).flatMap(({ bot, body }) => (bot ? [body] : []));
    expect(play.google.requests.length).toBe(read);
    expect(answer).toContain('may not read the Google project shop-staging');
    expect(answer).not.toMatch(/ModuleNotFoundError|0004[12]-/u);
    const told = await readAudit(store.db, { repository: 'acme/not-granted' }, { after: 0, limit: 100 });
    expect(told.filter(({ what }) => what === 'not granted')).toMatchObject([
      { who: 'sitrep', installationId, detail: { components: ['checkout'] } },
    ]);
  });

  test('a repository that comes to another installation begins anew there, and leaves nothing behind', async () => {
    const { play, first } = tenants;
    play.github.moveRepository({ owner: 'buyer' });
    await first.people.comment('carol', issue, '/sitrep timeline');
    await play.rest();
    const answers = first.people.thread(issue).flatMap(({ bot, body }) => (bot ? [body] : []));
    expect(answers.at(-1)).toContain('no incident');
    await first.people.comment('bob', issue, '/sitrep declare P2');
    await play.rest();
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from incident where repository_id = ${first.repositoryId}`.execute(store.db);
    expect(rows).toEqual([{ count: 1 }]);
    expect(await findIncident(store.db, first, issue)).toBeNull();
  });
});
