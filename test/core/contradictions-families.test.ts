import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/core/diagnose.ts';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import type { Observation, Statement } from '../../src/core/snapshot.ts';
import { playScenario } from '../scenarios/play.ts';
import { consistent, fiveUpdates } from './contradictions-families.fixture.ts';
import { at } from './diagnose.fixture.ts';

/** The outage of which the five updates tell, read at 18:05, with other statements than its own. */
async function told(
  statements: Statement[],
  observations?: Observation[],
): Promise<Pick<Diagnosis, 'contradictions' | 'differences'>> {
  const { configuration, snapshot } = await playScenario('connector-saturated');
  return diagnose(configuration, {
    ...snapshot,
    statements,
    observations: observations ?? snapshot.observations,
  });
}

type Sides = readonly { value: string; evidence?: string | undefined; statement?: string | undefined }[];

/** Each side as its value and who says so: the author for a statement, `measured` for evidence. */
function spoken(sides: Sides): string[] {
  return sides.map(
    ({ value, evidence, statement }) =>
      `${evidence === undefined ? (statement?.split('-').at(-1) ?? 'sitrep.yml') : 'measured'}: ${value}`,
  );
}

/** By kind and signal, without what the configuration alone says. */
function byFamily({ contradictions }: Pick<Diagnosis, 'contradictions'>): Record<string, string[]> {
  return Object.fromEntries(
    contradictions
      .filter(({ kind }) => kind !== 'configured-measured')
      .map(({ about, kind, sides }) => [`${kind} ${about.component}.${about.signal}`, spoken(sides)]),
  );
}

describe('five updates of one outage', () => {
  it('contradict each other and what is measured', async () => {
    expect(byFamily(await told(fiveUpdates))).toEqual({
      'stated-measured db.name': [
        'measured: netra-staging:us-central1:staging-shared-postgres',
        'ben: netra-staging-db',
        'cleo: netra-staging-db',
        'dora: staging-shared-postgres',
      ],
      'stated-measured backend.env.DATABASE_TIMEOUT': [
        'measured: 15.0',
        'ana: 15.0',
        'ben: 75.0',
        'cleo: 20.0',
        'cleo: 75.0',
        'dora: 75.0',
        'emil: 25.0',
      ],
      'stated-measured db.healthy': [
        'measured: healthy: RUNNABLE, 24 of 500 connections',
        'ana: Cloud SQL instance: DEGRADED',
        'ben: Cloud SQL instance healthy',
        'dora: Cloud SQL connection pool exhaustion',
      ],
      'stated-measured connector.instances.max': ['measured: 10 (a connector has at most 10)', 'ben: 15'],
      'stated-measured staging.availability.share': [
        'measured: 1 of 3 up at 18:05 UTC',
        'ana: 0 %',
        'ben: 33 %',
      ],
      'stated-stated staging.startup.share': ['dora: >90%', 'emil: >95%'],
      'stated-measured terraform.infrastructure_as_code': [
        'measured: frontend: not in the state',
        'measured: auth: not in the state',
        'measured: backend: not in the state',
        'measured: connector: same',
        'measured: db: same',
        'ana: Missing IaC',
        'ben: infrastructure as code properly maintained',
      ],
      'stated-measured staging.outcome': [
        'measured: `auth` failing: 22 of 30 requests 5xx',
        'ana: Status: P0, ACTIVE',
        'ben: Status: ONGOING',
        'cleo: Status: ACTIVE',
        'dora: keep issue #1278 open',
        'emil: issue #1278 can likely be CLOSED',
      ],
    });
  });

  it('contradict each other where nothing is measured', async () => {
    const found = await told(fiveUpdates, []);
    expect(found.contradictions.map(({ kind, about }) => `${kind} ${about.signal}`)).toEqual([
      'stated-stated name',
      'stated-stated env.DATABASE_TIMEOUT',
      'stated-stated healthy',
      'stated-stated availability.share',
      'stated-stated startup.share',
      'stated-stated infrastructure_as_code',
      'stated-stated outcome',
    ]);
    const evidence = found.contradictions.flatMap(({ sides }) => sides.map((side) => side.evidence));
    expect(new Set(evidence)).toEqual(new Set([undefined]));
  });

  it('give counts of errors that differ, and a share of log lines that is no connectivity', async () => {
    const { differences } = await told(fiveUpdates);
    const shown = differences.map(({ about, sides, why }) => ({
      about: `${about.component}.${about.signal}`,
      sides: sides.map(({ of }, index) => `${spoken(sides)[index]} | ${of}`),
      why,
    }));
    expect(shown).toEqual([
      {
        about: 'staging.errors',
        sides: [
          'measured: 14 | requests.5xx of `backend`, 17:05–18:05 UTC',
          'ana: 451 ERROR entries (9.0% of all logs) | Errors, ERROR entries, in the last hour',
          'ben: 14 HTTP 503 errors | Backend, HTTP 503 errors, in last hour',
          'cleo: 649+ documented failure entries | documented failure entries, no window told',
          'emil: 649+ startup failure errors | startup failure errors, in the monitoring window',
        ],
        why: 'counts of other metrics or other windows differ, they do not contradict each other',
      },
      {
        about: 'connector.connectivity',
        sides: [
          'measured: 10 | instances of `connector`, 17:05–18:05 UTC',
          'ben: 99.9% | a share of log entries, 4,996/5,000',
        ],
        why: 'no reading gives connectivity in per cent: a share of log entries that carry a label says how many carry it, not whether a connection comes about',
      },
    ]);
  });

  it('are found whatever their order', async () => {
    expect(await told(fiveUpdates.toReversed())).toEqual(await told(fiveUpdates));
  });
});

describe('statements that contradict nothing', () => {
  const url = 'https://github.com/netra-systems/netra-apex/issues/1278#issuecomment-';
  const all = consistent.map(([what, text], index): Statement & { what: string } => ({
    what,
    by: 'fay',
    at: at('18:00'),
    url: `${url}${index}`,
    text,
  }));

  it.each(all)('$what', async (statement) => {
    const { contradictions, differences } = await told([statement]);
    expect({ ...byFamily({ contradictions }), differences }).toEqual({ differences: [] });
  });

  it('all of them together', async () => {
    expect(byFamily(await told(all))).toEqual({});
  });
});

/** The same sentence, said so that it holds now: the control set is silent for the wording, not for the topic. */
describe('statements that contradict a reading', () => {
  it.each<[text: string, family: string]>([
    ['The database timeout is 75.0 s.', 'stated-measured backend.env.DATABASE_TIMEOUT'],
    ['DATABASE_TIMEOUT=75.0 on `backend`.', 'stated-measured backend.env.DATABASE_TIMEOUT'],
    [
      'Connections to the database time out: the timeout is set to 75 s.',
      'stated-measured backend.env.DATABASE_TIMEOUT',
    ],
    [
      'The timeout of the database was raised from 15.0 s to 45.0 s.',
      'stated-measured backend.env.DATABASE_TIMEOUT',
    ],
    ["auth's database timeout is 75.0 s.", 'stated-measured auth.env.AUTH_DB_TIMEOUT'],
    ['Cloud SQL is degraded.', 'stated-measured db.healthy'],
    ['The database is down.', 'stated-measured db.healthy'],
    ['| Component | State |\n| --- | --- |\n| Cloud SQL | 🔴 UNAVAILABLE |', 'stated-measured db.healthy'],
    ['auth service is fully operational.', 'stated-measured auth.healthy'],
    ['`netra-auth-staging`: healthy', 'stated-measured auth.healthy'],
    ['Availability: 100 %', 'stated-measured staging.availability.share'],
    ['The incident can be closed.', 'stated-measured staging.outcome'],
    ['Everything is back to normal.', 'stated-measured staging.availability.share'],
    ['All services are down.', 'stated-measured staging.availability.share'],
    ['Status: RESOLVED', 'stated-measured staging.outcome'],
    ['Timeout for database connections: 75s', 'stated-measured backend.env.DATABASE_TIMEOUT'],
    ['Revision 00750 has a 75 s database timeout.', 'stated-measured backend.env.DATABASE_TIMEOUT'],
    ['We need connects under 20 s.', 'configured-stated staging.connect.p95'],
  ])('%s', async (text, family) => {
    const statement = { by: 'fay', at: at('18:00'), url: 'https://example.com/issues/1278#1', text };
    expect(Object.keys(byFamily(await told([statement])))).toEqual([family]);
  });
});

function commented(by: string, clock: string, text: string): Statement {
  return { by, at: at(clock), url: `https://example.com/issues/1278#comment-${by}`, text };
}

describe('people who tell a change', () => {
  it('do not contradict what was so before it', async () => {
    const earlier = commented('gus', '17:20', 'The database timeout is 75.0 s.');
    const later = commented('hal', '17:40', 'The database timeout was reverted from 75.0 s to 15.0 s.');
    expect(byFamily(await told([earlier, later], []))).toEqual({});
    expect(byFamily(await told([{ ...earlier, at: at('17:50') }, later], []))).toEqual({
      'stated-stated backend.env.DATABASE_TIMEOUT': ['hal: 15.0', 'gus: 75.0'],
    });
  });

  it('say that a component failed while it did', async () => {
    expect(byFamily(await told([commented('ida', '17:30', 'Frontend is down.')]))).toEqual({});
    expect(Object.keys(byFamily(await told([commented('ida', '17:58', 'Frontend is down.')])))).toEqual([
      'stated-measured frontend.healthy',
    ]);
  });

  it('stated health longer ago than the window', async () => {
    expect(byFamily(await told([commented('jo', '16:30', 'auth is healthy. Cloud SQL is down.')]))).toEqual(
      {},
    );
  });
});

describe('any text', () => {
  const words = fc.constantFrom(
    ...'database timeout 75.0s → 15.0s from to ( ) ** `Cloud SQL` | > ``` <!-- --> # - [ ] is healthy 99.9% connectivity 451 ERROR entries DATABASE_TIMEOUT= availability: startup >95% all endpoints within 10s keep open closed \n \n\n'.split(
      ' ',
    ),
  );
  const texts = fc.oneof(
    fc.string({ maxLength: 400, unit: 'binary' }),
    fc.array(words, { maxLength: 120 }).map((parts) => parts.join(' ')),
    fc.array(words, { maxLength: 120 }).map((parts) => parts.join('\n')),
    fc.tuple(words, fc.integer({ min: 1, max: 20_000 })).map(([word, times]) => word.repeat(times)),
  );

  it('is read without an error, and only says things of the configured environment', async () => {
    const { configuration, snapshot } = await playScenario('connector-saturated');
    const known = [...Object.keys(configuration.components), configuration.environment];
    fc.assert(
      fc.property(texts, (text) => {
        const statement = { by: 'fay', at: at('18:00'), url: 'https://example.com/1', text };
        const { contradictions, differences } = diagnose(configuration, {
          ...snapshot,
          statements: [statement],
        });
        for (const { about, sides } of [...contradictions, ...differences]) {
          expect(known).toContain(about.component);
          expect(sides.length).toBeLessThanOrEqual(30);
        }
      }),
      { numRuns: 300 },
    );
  });
});
