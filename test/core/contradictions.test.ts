import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/core/diagnose.ts';
import type { Contradiction } from '../../src/core/diagnosis.ts';
import type { Change, Statement } from '../../src/core/snapshot.ts';
import {
  at,
  configurationOf,
  database,
  deployed,
  observations,
  requests,
  snapshotOf,
  stated,
} from './diagnose.fixture.ts';
import type { Seen } from './diagnose.fixture.ts';

const configuration = configurationOf({
  components: {
    auth: { type: 'cloud-run', service: 'auth-staging', depends_on: ['db'] },
    backend: {
      type: 'cloud-run',
      service: 'backend-staging',
      depends_on: ['connector', 'db'],
      expect: { env: { DATABASE_TIMEOUT: '75.0', MODE: 'live', TOKEN_KEY: 'x' }, egress: 'all-traffic' },
    },
    connector: { type: 'vpc-connector', name: 'staging-connector' },
    db: { type: 'cloud-sql', instance: 'staging-postgres', via: 'connector' },
  },
});

const serving: Seen = ['backend', 'revision.serving', 'backend-2'];
const timeout = (value: string, revision = 'backend-2'): Seen => [
  'backend',
  'env.DATABASE_TIMEOUT',
  value,
  { revision },
];

function found(seen: Seen[], statements: Statement[] = [], changes: Change[] = []): Contradiction[] {
  const snapshot = snapshotOf(observations(seen), { statements, changes });
  return diagnose(configuration, snapshot).contradictions;
}

/** What two sides disagree about, and their values. */
function sides(...of: Parameters<typeof found>): string[] {
  return found(...of).map(
    ({ about, kind, sides: all }) =>
      `${kind} ${about.component}.${about.signal}: ${all.map(({ value }) => value).join(' / ')}`,
  );
}

describe('the configuration and an API', () => {
  const table: [what: string, seen: Seen[], contradictions: string[]][] = [
    [
      'another value of a variable',
      [serving, timeout('15.0')],
      ['configured-measured backend.env.DATABASE_TIMEOUT: 75.0 / 15.0'],
    ],
    ['the same number, written in another way', [serving, timeout('75')], []],
    ['another value of a revision that does not serve', [serving, timeout('15.0', 'backend-1')], []],
    [
      'another text',
      [['backend', 'env.MODE', 'test']],
      ['configured-measured backend.env.MODE: live / test'],
    ],
    ['a value that was redacted', [['backend', 'env.TOKEN_KEY', 'redacted']], []],
    ['a value that lies in Secret Manager', [['backend', 'env.TOKEN_KEY', 'secret token:latest']], []],
    ['a variable that is not observed', [serving], []],
    [
      'another egress',
      [['backend', 'egress', 'private-ranges-only']],
      ['configured-measured backend.egress: all-traffic / private-ranges-only'],
    ],
    [
      'another connector',
      [['backend', 'connector', 'old-connector']],
      ['configured-measured backend.connector: staging-connector / old-connector'],
    ],
    ['the connector by its short name', [['backend', 'connector', 'staging-connector']], []],
    [
      'another instance than the configured one',
      [['db', 'name', 'p:r:other']],
      ['configured-measured db.name: staging-postgres / p:r:other'],
    ],
    ['the configured instance by its connection name', database, []],
  ];

  it.each(table)('%s', (_what, seen, contradictions) => {
    expect(sides(seen)).toEqual(contradictions);
  });
});

describe('two APIs', () => {
  it.each<[string, string, string[]]>([
    [
      'another database than the one that is attached',
      'netra-staging:us-central1:old-postgres',
      [
        'measured-measured db.name: netra-staging:us-central1:staging-postgres / netra-staging:us-central1:old-postgres',
      ],
    ],
    ['the same database', 'netra-staging:us-central1:staging-postgres', []],
    ['the same database and another one', 'a:b:c, netra-staging:us-central1:staging-postgres', []],
    ['no database attached at all', 'none', []],
  ])('%s', (_what, attached, contradictions) => {
    expect(sides([...database, ['backend', 'cloudsql.instance', attached]])).toEqual(contradictions);
  });
});

/** The contradiction of a stated value with the measured 75.0. */
const value = (number: string): string => `stated-measured backend.env.DATABASE_TIMEOUT: 75.0 / ${number}`;

describe('a person and an API', () => {
  const measured = [...database, serving, timeout('75.0')];
  const name = 'stated-measured db.name: netra-staging:us-central1:staging-postgres / netra-staging-db';
  const table: [text: string, contradictions: string[]][] = [
    ['Cloud SQL instance `netra-staging-db` is RUNNABLE and healthy.', [name]],
    ['**Cloud SQL Instance:** `netra-staging-db` healthy', [name]],
    ['run `gcloud sql instances describe netra-staging-db --project=netra-staging`', [name]],
    ['socket /cloudsql/netra-staging:us-central1:netra-staging-db/.s.PGSQL.5432 refused', [name]],
    ['Cloud SQL instance `staging-postgres` is RUNNABLE', []],
    ['Cloud SQL: `netra-staging:us-central1:staging-postgres`', []],
    ['the database netra-staging-db is down', []],
    ['`netra-staging-db` is a nice name', []],

    ['DATABASE_TIMEOUT=15.0', [value('15.0')]],
    ['`DATABASE_TIMEOUT` is `15.0`', [value('15.0')]],
    ['the 15.0 s database timeout is maintained', [value('15.0')]],
    ['Database timeout config: 15s', [value('15')]],
    ['Database timeout: 75s', []],
    ['database timeout reverted from 75.0s to 15.0s', [value('15.0')]],
    ['timeouts of the database after 15 s', []],
    ['DATABASE_TIMEOUT=15.0.1', []],
    ['OTHER_DATABASE_TIMEOUT=15', []],
    ['DATABASE_TIMEOUT is what we should look at, 15 people agree', []],
  ];

  it.each(table)('%s', (text, contradictions) => {
    expect(sides(measured, [stated(text)])).toEqual(contradictions);
  });

  it('names the statement by its link, and the measurement by its evidence', () => {
    const statement = stated('DATABASE_TIMEOUT=15.0');
    expect(found(measured, [statement])[0]?.sides).toEqual([
      { value: '75.0', evidence: 'E7' },
      { value: '15.0', statement: statement.url },
    ]);
  });

  it('leaves a statement that a later change made wrong', () => {
    const change = deployed('backend', '17:50', [{ key: 'env.DATABASE_TIMEOUT', from: '15.0', to: '75.0' }]);
    expect(sides(measured, [stated('DATABASE_TIMEOUT=15.0', at('17:40'))], [change])).toEqual([]);
    expect(sides(measured, [stated('DATABASE_TIMEOUT=15.0', at('17:55'))], [change])).toHaveLength(1);
  });

  it('compares a number with the service that is named, else with the one that the configuration expects it of', () => {
    const both: Seen[] = [...measured, ['auth', 'env.DATABASE_TIMEOUT', '20.0']];
    expect(sides(both, [stated('DATABASE_TIMEOUT=15.0')])).toEqual([value('15.0')]);
    expect(sides(both, [stated('`auth` has DATABASE_TIMEOUT=15.0')])).toEqual([
      'stated-measured auth.env.DATABASE_TIMEOUT: 20.0 / 15.0',
    ]);
  });

  it('does not compare a name while the API gave none', () => {
    expect(sides([], [stated('Cloud SQL instance `netra-staging-db` is RUNNABLE')])).toEqual([]);
  });

  it('lays "is healthy" beside a component that fails', () => {
    const failing = requests('backend', 20, 18);
    const healthy =
      'stated-measured backend.healthy: failing: 18 of 20 requests 5xx / `backend` is fully operational';
    expect(sides(failing, [stated('`backend` is fully operational')])).toEqual([healthy]);
    expect(sides(failing, [stated('`backend` is not healthy')])).toEqual([]);
    expect(sides(failing, [stated('`backend` is fully operational', at('09:00'))])).toEqual([]);
    expect(sides(requests('backend', 20, 0), [stated('`backend` is fully operational')])).toEqual([]);
  });

  it('never takes a statement for an observation', () => {
    const statements = [
      stated('`backend` answers 503, DATABASE_TIMEOUT=15.0, ModuleNotFoundError, connector 10/10'),
    ];
    const plain = diagnose(configuration, snapshotOf(observations(measured)));
    const said = diagnose(configuration, snapshotOf(observations(measured), { statements }));
    const without = { contradictions: [], differences: [] };
    expect({ ...said, ...without }).toEqual({ ...plain, ...without });
  });
});
