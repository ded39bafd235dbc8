import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { auditLine, type AuditLine } from '../../src/composition/audit-lines.ts';
import { startDoctorDoor } from '../../src/composition/doctor-door.ts';
import { recordAudit } from '../../src/store/audit.ts';
import type { Store } from '../../src/store/open.ts';
import { openPlay, type Play } from '../app/play.ts';
import { sitrep } from '../cli/run.ts';
import { engines, open, silentLog, temporaryDirectory, type TestDatabase } from '../store/engines.ts';
import { auditEntry, minutesLater } from '../store/fixtures.ts';
import { report, trials } from './trials.ts';

/** What Sitrep did can be told afterwards: who, what, when, and by which delivery. */

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const { all, stop } = engines();
const postgres = all.find(({ name }) => name === 'PostgreSQL');
afterAll(stop);

const countLines = (out: string) => out.split('\n').length - 1;

/** A field of the details of entries. */
const fieldOf = (entries: readonly AuditLine[], name: string) =>
  entries.map(({ detail }) => z.looseObject({}).parse(detail)[name]);

/** What each write to GitHub leaves in the audit; null for one that is part of another. */
const auditedAs: Record<string, string | null> = {
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': 'comment posted',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': 'comment edited',
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}': 'comment deleted',
  'PUT /repos/{owner}/{repo}/issues/comments/{comment_id}/pin': 'comment pinned',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels': 'label set',
  'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}': 'label taken away',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees': 'assigned',
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}': 'issue closed',
  'POST /repos/{owner}/{repo}/issues': 'issue opened',
  // The label is made on its way to the issue; a reaction says that a command was seen, which has an entry.
  'POST /repos/{owner}/{repo}/labels': null,
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions': null,
};

describe('of an incident, played through', () => {
  let database: TestDatabase;
  let play: Play;
  let entries: AuditLine[];
  /** Comments by their text → the delivery that brought them. */
  const deliveryOf = new Map<string, string>();

  beforeAll(async () => {
    if (postgres === undefined) throw new Error('there is no PostgreSQL to test with');
    database = await postgres.create();
    play = await openPlay({ scenario: 'crash-on-start', databaseUrl: database.url });
    const { github, clock } = play;
    github.setRole('mallory', 'read');
    const say = async (by: string, body: string) => {
      clock.advance(1_000);
      const { delivery } = await github.comment(by, 13, body);
      deliveryOf.set(body, delivery?.guid ?? '');
      await play.rest();
    };
    await say('mallory', '/status');
    await say('mallory', '/sitrep frobnicate');
    await say('carol', '/sitrep seveirty P1');
    await say('carol', '/sitrep resolve');
    await say('bob', '/sitrep declare P1');
    // The answer is lost: what was done all the same is found, and audited once.
    github.inject({ kind: 'commit-then-drop', method: 'POST', pathIncludes: '/issues/13/comments' });
    await say('carol', '/status');
    await say('alice', '/sitrep lead');
    await say('bob', '/sitrep note password=hunter2hunter2hunter2 leaked');
    await say('bob', '/sitrep action add call @carol');
    await say('bob', '/sitrep severity P0');
    await say('bob', '/sitrep resolve');
    await say('alice', '/sitrep resolve --override the shop was tested by hand');
    await say('bob', '/sitrep postmortem followups');
    clock.advance(60_000);
    await play.rest();
    const { out } = await sitrep(['audit', '--json'], { DATABASE_URL: database.url });
    entries = out
      .trimEnd()
      .split('\n')
      .map((line) => auditLine.parse(JSON.parse(line)));
  });
  afterAll(async () => {
    await play.close();
    await database.drop();
  });

  const of = (what: string) => entries.filter((entry) => entry.what === what);
  const by = (body: string) => entries.filter(({ delivery }) => delivery === deliveryOf.get(body));

  test.each([
    ['/sitrep declare P1', 'bob', 'command', { command: '/sitrep declare P1', held: 'write' }],
    ['/sitrep declare P1', 'bob', 'declared', { severity: 'P1', via: 'command' }],
    ['/status', 'carol', 'command', { command: '/status', held: 'triage' }],
    ['/sitrep lead', 'alice', 'lead', { lead: 'alice' }],
    ['/sitrep lead', 'alice', 'assigned', { people: ['alice'] }],
    ['/sitrep severity P0', 'bob', 'severity', { severity: 'P0' }],
    [
      '/sitrep resolve --override the shop was tested by hand',
      'alice',
      'resolved',
      { override: 'the shop was tested by hand' },
    ],
    ['/sitrep seveirty P1', 'carol', 'refused', { why: 'malformed', held: 'triage', outcome: 'confused' }],
    ['/sitrep frobnicate', 'mallory', 'refused', { why: 'malformed', held: 'read' }],
  ])('%s: %s, %s', (body, who, what, detail) => {
    const [entry, ...others] = by(body).filter((one) => one.what === what);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ who, repository: 'acme/shop', issue: 13, detail });
    expect(entry?.at).toMatch(/^2026-03-03T11:/u);
    expect(entry?.installationId).toBe(play.github.app.installationId);
    expect(entry?.repositoryId).toEqual(expect.any(Number));
  });

  test('a refusal names the role needed and the role held, or what the gate said', () => {
    expect(of('refused').map(({ who, detail }) => ({ who, detail }))).toEqual(
      expect.arrayContaining([
        {
          who: 'mallory',
          detail: expect.objectContaining({
            why: 'role',
            needed: 'triage',
            held: 'read',
            command: '/status',
          }),
        },
        { who: 'carol', detail: expect.objectContaining({ why: 'role', needed: 'write', held: 'triage' }) },
        {
          who: 'bob',
          detail: expect.objectContaining({ outcome: 'refused', said: expect.stringContaining('resolved') }),
        },
      ]),
    );
    expect(of('resolve-refused')).toMatchObject([{ who: 'bob', detail: { failing: [expect.any(String)] } }]);
  });

  test('no secret is in it', () => {
    expect(JSON.stringify(entries)).not.toContain('hunter2');
    expect(of('note')).toHaveLength(1);
  });

  test('everything that was written on GitHub has its entry, and each entry of a comment its comment', () => {
    const written = play.github.requests.filter(
      ({ write, status, route }) => write && status !== null && status < 300 && route.includes('/repos/'),
    );
    const routes = new Set(written.map(({ route }) => route));
    expect([...routes].filter((route) => !(route in auditedAs))).toEqual([]);
    const expected = [...routes].flatMap((route) => auditedAs[route] ?? []);
    expect(expected.filter((what) => of(what).length === 0)).toEqual([]);
    expect(routes.size).toBeGreaterThan(5);
    const thread = play.github.thread(13).filter(({ bot }) => bot);
    const posted = of('comment posted').map(({ detail }) => detail);
    expect(posted).toHaveLength(thread.length);
    for (const { id } of thread)
      expect(posted).toContainEqual(
        expect.objectContaining({ comment: id, url: expect.stringContaining(String(id)) }),
      );
    const folded = thread.filter(({ minimized }) => minimized !== null).map(({ id }) => id);
    expect(fieldOf(of('comment minimised'), 'comment')).toEqual(folded);
    const labels = fieldOf(of('label set'), 'label');
    const taken = fieldOf(of('label taken away'), 'label');
    for (const name of play.github.issue(13).labels.filter((one) => one !== 'incident'))
      expect(labels).toContain(name);
    expect(taken).toContain('P1');
    expect(of('comment edited').length).toBeGreaterThan(0);
    expect(of('issue opened')).toHaveLength(1);
  });

  test('what came of a delivery is told by its GUID', () => {
    const kinds = by('/status')
      .filter(({ who }) => who === 'carol')
      .map(({ what }) => what);
    expect(kinds).toEqual(['command']);
    expect(by('/status').map(({ what }) => what)).toContain('comment posted');
  });

  test('a webhook that was refused at the door is not in it', async () => {
    const before = entries.length;
    const response = await fetch(`${play.app.url}/api/github/webhooks`, { method: 'POST', body: '{}' });
    expect(response.status).toBeGreaterThanOrEqual(400);
    const { out } = await sitrep(['audit', '--json'], { DATABASE_URL: database.url });
    expect(out.trimEnd().split('\n')).toHaveLength(before);
  });
});

describe('sitrep audit', () => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await temporaryDirectory();
    store = await open(database.url);
    await recordAudit(
      store.db,
      { ...auditEntry, detail: { command: '/status' } },
      { ...auditEntry, at: minutesLater(1), what: 'comment posted', who: 'sitrep', issue: 7 },
      {
        ...auditEntry,
        at: minutesLater(2),
        repository: 'acme/shop',
        // The last two end a line for some readers of lines.
        detail: { text: 'red \u001B[31m \u202E bell\u0007 one \u2028 line \u2029' },
      },
      {
        ...auditEntry,
        at: minutesLater(3),
        what: 'installation removed',
        repository: null,
        issue: null,
        delivery: null,
      },
    );
  });
  afterAll(async () => {
    await database.drop();
  });

  const rows: [args: string[], lines: number][] = [
    [[], 4],
    [['--repo', 'Netra-Systems/apex'], 2],
    [['--repo', 'netra-systems/apex', '--issue', '7'], 1],
    [['--issue', '#1278'], 2],
    [['--since', '2025-09-15T17:16:00Z'], 3],
    [['--since', '2025-09-15T17:16:00Z', '--until', '2025-09-15T17:17:00Z'], 1],
    [['--repo', 'nobody/nothing'], 0],
  ];
  const audit = (...args: string[]) => sitrep(['audit', ...args], { DATABASE_URL: database.url });

  test('beside a running server, then on the database itself: the same', async () => {
    const door = await startDoctorDoor(store, () => new Date(), silentLog);
    const beside = [];
    for (const [args] of rows) beside.push(await audit(...args, '--json'));
    await door.close();
    await store.close();
    for (const [index, [args, lines]] of rows.entries()) {
      const err = lines === 0 ? 'no entry fits\n' : '';
      expect(beside[index], args.join(' ')).toMatchObject({ code: 0, err });
      expect(countLines(beside[index]?.out ?? ''), args.join(' ')).toBe(lines);
    }
    // Each opens the database anew.
    for (const index of [0, 5])
      expect(await audit(...(rows[index]?.[0] ?? []), '--json')).toEqual(beside[index]);
    const { out } = await audit();
    expect(out).toMatch(
      /^2025-09-15T17:15:00\.000Z {2}dana +command +netra-systems\/apex#1278 {2}\{"command":"\/status"\} {2}delivery 5e1c/u,
    );
    for (const sign of ['\u001B', '\u202E', '\u0007']) expect(out).not.toContain(sign);
  });

  test.each([
    [['--since', 'yesterday'], 'Write the time in UTC'],
    [['--repo', 'shop'], 'Write OWNER/NAME'],
    [['--issue', 'x'], 'Write the number'],
  ])('a wrong call ends with 2: %j', async (args, says) => {
    expect(await sitrep(['audit', ...args])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining(says),
    });
  });

  test('where there is no database it says what to do', async () => {
    const { code, err } = await sitrep(['audit'], { DATABASE_URL: '/nowhere/data' });
    expect(code).toBe(1);
    expect(err).toContain('Set DATABASE_URL as the server has it');
  });
});

test('a large audit goes out in pages, whole and in order', async () => {
  if (postgres === undefined) throw new Error('there is no PostgreSQL to test with');
  const database = await postgres.create();
  const store = await open(database.url);
  const entries = trials({ bounded: 1_200, full: 100_000 });
  await store.run(`insert into audit (at, who, what, repository, issue, detail)
    select now(), 'sitrep', 'comment posted', 'acme/shop', 1, jsonb_build_object('number', number)
    from generate_series(1, ${String(entries)}) number`);
  const { code, out } = await sitrep(['audit', '--json'], { DATABASE_URL: database.url });
  await store.close();
  await database.drop();
  expect(code).toBe(0);
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => auditLine.parse(JSON.parse(line)));
  const numbers = fieldOf(lines, 'number');
  report('audit export', { entries: numbers.length });
  expect(numbers).toHaveLength(entries);
  expect(numbers.every((number, index) => number === index + 1)).toBe(true);
});
