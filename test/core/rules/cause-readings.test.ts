import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../../src/config/repository.schema.ts';
import { openCase } from '../../../src/core/diagnose/case.ts';
import { noInstance } from '../../../src/core/diagnose/log-signatures.ts';
import {
  connectionsReading,
  connectorMissing,
  databaseReading,
  detachedReading,
  eventsReading,
  loggedReading,
  secretReading,
} from '../../../src/core/rules/cause-readings.ts';
import type { Bearing } from '../../../src/core/rules/connector-readings.ts';
import type { Case } from '../../../src/core/diagnose/case.ts';
import type { Gap } from '../../../src/core/snapshot.ts';
import { at, day, gap, logged, observations, shop, snapshotOf, window } from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';

const turnedAway = 'The request was aborted because there was no available instance.';
const notFetched = 'Could not fetch secret "psp-api-key/versions/6"';
const timedOut = 'dial tcp 10.36.0.3:3307: i/o timeout';
const limit: Seen = ['db', 'flag.max_connections', '100'];

type Reading = (found: Case, id: string) => Bearing | null;

const withKey: Configuration = {
  ...shop,
  components: {
    ...shop.components,
    auth: { type: 'cloud-run', service: 'auth-staging', depends_on: ['key'] },
    key: { type: 'secret', name: 'psp-api-key', version: '6', depends_on: [] },
  },
};

function supporting(reading: Reading, id: string, seen: readonly Seen[], gaps: readonly Gap[] = []) {
  const found = openCase(withKey, snapshotOf(observations(seen), { gaps: [...gaps] }));
  return reading(found, id)?.supporting ?? null;
}

describe('what speaks for a cause without a rule', () => {
  it.each<[string, Reading, string, Seen[], string[] | null]>([
    [
      'connections: next to none is free',
      connectionsReading,
      'db',
      [['db', 'backends', '97', { window, first: at('17:18') }], limit],
      ['97 of 100 connections since 17:18'],
    ],
    ['connections: many are free', connectionsReading, 'db', [['db', 'backends', '40'], limit], null],
    ['connections: the limit is not known', connectionsReading, 'db', [['db', 'backends', '97']], null],
    [
      'a database in maintenance',
      databaseReading,
      'db',
      [
        ['db', 'state', 'MAINTENANCE'],
        ['db', 'up', '0', { window, first: at('17:31') }],
        ['db', 'operation', 'MAINTENANCE RUNNING', { window: day, first: at('17:30') }],
      ],
      ['state `MAINTENANCE`', 'up 0 since 17:31', 'operation `MAINTENANCE RUNNING` since 17:30'],
    ],
    [
      'an operation that has ended',
      databaseReading,
      'db',
      [
        ['db', 'state', 'RUNNABLE'],
        ['db', 'operation', 'UPDATE DONE', { window: day, first: at('17:30'), last: at('17:33') }],
      ],
      ['operation `UPDATE DONE` from 17:30 to 17:33'],
    ],
    [
      'a database that runs',
      databaseReading,
      'db',
      [
        ['db', 'state', 'RUNNABLE'],
        ['db', 'up', '1', { window }],
        ['db', 'operation', 'none', { window: day }],
      ],
      null,
    ],
    [
      'a connector in error',
      connectorMissing,
      'connector',
      [['connector', 'state', 'ERROR']],
      ['state `ERROR`'],
    ],
    ['a connector that is ready', connectorMissing, 'connector', [['connector', 'state', 'READY']], null],
    ['a disabled version', secretReading, 'key', [['key', 'state', 'DISABLED']], ['state `DISABLED`']],
    [
      'a disabled version, and who misses it',
      secretReading,
      'key',
      [['key', 'state', 'DISABLED'], ...logged('auth', 88, notFetched)],
      ['state `DISABLED`', `\`auth\` logs \`${notFetched}\`, 88 times`],
    ],
    ['an enabled version', secretReading, 'key', [['key', 'state', 'ENABLED']], null],
    ['a version that was not read', secretReading, 'key', [], null],
    [
      'an event that goes on',
      eventsReading,
      'region',
      [
        ['region', 'events.active', '1', { window: day }],
        ['region', 'event', 'ACTIVE IMPACTED', { window: day, text: 'No starts; Run', first: at('16:40') }],
        ['region', 'event', 'CLOSED IMPACTED', { window: day, text: 'Earlier; Run', first: at('03:10') }],
      ],
      ['`No starts; Run`, `ACTIVE IMPACTED` since 16:40'],
    ],
    ['no event', eventsReading, 'region', [['region', 'events.active', '0', { window: day }]], null],
    [
      'private traffic without a connector',
      detachedReading,
      'auth',
      [['auth', 'connector', 'none'], ...logged('auth', 145, timedOut)],
      ['no connector is attached', `\`${timedOut}\`, 145 times`],
    ],
    [
      'private traffic through a connector',
      detachedReading,
      'auth',
      [['auth', 'connector', 'staging-connector'], ...logged('auth', 145, timedOut)],
      null,
    ],
    [
      'lines of the log',
      loggedReading(noInstance),
      'auth',
      [...logged('auth', 1, turnedAway), ...logged('auth', 9, 'KeyError: no')],
      [`\`${turnedAway}\`, 1 time`],
    ],
    [
      'a line that says it late',
      detachedReading,
      'auth',
      [
        ['auth', 'connector', 'none'],
        ...logged(
          'auth',
          145,
          `Cloud SQL connection failed. ${'Please see the documentation. '.repeat(4)}: ${timedOut}`,
        ),
      ],
      ['no connector is attached', `\`…${timedOut}\`, 145 times`],
    ],
    ['no such line', loggedReading(noInstance), 'auth', logged('auth', 9, 'KeyError: no'), null],
  ])('%s', (_case, reading, id, seen, clauses) => {
    expect(supporting(reading, id, seen)).toEqual(clauses);
  });

  it.each<[string, Gap, string[] | null]>([
    [
      'a connector that the API does not know',
      gap('E9', 'connector', '*', 'not-found'),
      ['the API knows no such connector'],
    ],
    ['one that may not be read', gap('E9', 'connector', '*', 'denied'), null],
  ])('%s', (_case, missed, clauses) => {
    expect(supporting(connectorMissing, 'connector', [], [missed])).toEqual(clauses);
  });
});
