import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameQuantity } from '../../src/core/contradictions/same-quantity.ts';
import { diagnose } from '../../src/core/diagnose.ts';
import { configurationOf, observations, snapshotOf } from './diagnose.fixture.ts';
import type { Seen } from './diagnose.fixture.ts';

/** `expect:` of the configuration against live values: each setting that can be expected, alike and otherwise. */

const revision = 'shop-2';
const serving: Seen = ['web', 'revision.serving', revision];

/** What a component expects against what was read of it. */
function sides(component: string, expected: Record<string, unknown>, seen: Seen[]): string[] {
  const types: Record<string, Record<string, string>> = {
    web: { type: 'cloud-run', service: 'shop' },
    link: { type: 'vpc-connector', name: 'link' },
    db: { type: 'cloud-sql', instance: 'main' },
  };
  const configuration = configurationOf({
    components: { [component]: { ...types[component], expect: expected } },
  });
  return diagnose(configuration, snapshotOf(observations(seen))).contradictions.map(
    ({ about, sides: all }) => `${about.signal}: ${all.map(({ value }) => value).join(' / ')}`,
  );
}

describe('what is expected of a service', () => {
  const table: [setting: string, value: unknown, signal: string, alike: string[], otherwise: string[]][] = [
    [
      'image',
      'r.example/shop',
      'image',
      ['r.example/shop:7', 'r.example/shop@sha256:1f'],
      ['r.example/shop2:7'],
    ],
    ['image', 'r.example/shop:7', 'image', ['r.example/shop:7'], ['r.example/shop:8', 'r.example/shop']],
    ['egress', 'all-traffic', 'egress', ['all-traffic'], ['private-ranges-only', 'none']],
    ['connector', 'link', 'connector', ['link', 'projects/p/locations/r/connectors/link'], ['none', 'other']],
    ['connector', 'none', 'connector', ['none'], ['link']],
    ['min_instances', 1, 'scaling.min', ['1'], ['0', '2']],
    ['max_instances', 20, 'scaling.max', ['20'], ['100']],
    ['cpu', '1', 'limit.cpu', ['1', '1000m', '1.0'], ['2', '100m']],
    ['memory', '512Mi', 'limit.memory', ['512Mi', '0.5Gi'], ['512M', '1Gi']],
    ['timeout', '5m', 'timeout', ['300'], ['60']],
    ['concurrency', 80, 'concurrency', ['80'], ['1']],
    ['service_account', 'a@b.example', 'service_account', ['a@b.example'], ['c@b.example']],
  ];

  it.each(table)('%s %s', (setting, value, signal, alike, otherwise) => {
    const read = (live: string) =>
      sides('web', { [setting]: value }, [serving, ['web', signal, live, { revision }]]);
    expect(alike.flatMap(read)).toEqual([]);
    expect(otherwise.flatMap(read)).toEqual(otherwise.map((live) => `${signal}: ${String(value)} / ${live}`));
  });

  const image: Seen = ['web', 'image', 'shop:1', { revision }];

  it('and is not there is not set, where the serving revision was read', () => {
    const expected = { env: { MODE: 'live' }, max_instances: 20 };
    expect(sides('web', expected, [serving, image])).toEqual([
      'env.MODE: live / not set',
      'scaling.max: 20 / not set',
    ]);
  });

  it('and is not there says nothing, where no revision was read or none is known to serve', () => {
    expect(sides('web', { env: { MODE: 'live' } }, [serving])).toEqual([]);
    expect(sides('web', { env: { MODE: 'live' } }, [image])).toEqual([]);
  });

  it('as the default of no instances is met by no setting', () => {
    expect(sides('web', { min_instances: 0 }, [serving, image])).toEqual([]);
  });

  it('of another revision is not compared', () => {
    const older: Seen = ['web', 'concurrency', '1', { revision: 'shop-1' }];
    expect(sides('web', { concurrency: 80 }, [serving, older])).toEqual([]);
  });
});

describe('what is expected of a connector', () => {
  it.each([
    [{ min_instances: 2, max_instances: 10, machine_type: 'e2-micro' }, []],
    [{ max_instances: 5 }, ['instances.max: 5 / 10']],
    [{ machine_type: 'e2-standard-4' }, ['machine_type: e2-standard-4 / e2-micro']],
  ])('%j', (expected, contradictions) => {
    const seen: Seen[] = [
      ['link', 'state', 'READY'],
      ['link', 'instances.min', '2'],
      ['link', 'instances.max', '10'],
      ['link', 'machine_type', 'e2-micro'],
    ];
    expect(sides('link', expected, seen)).toEqual(contradictions);
  });
});

describe('what is expected of a database', () => {
  const seen: Seen[] = [
    ['db', 'tier', 'db-f1-micro'],
    ['db', 'availability', 'ZONAL'],
    ['db', 'flag.max_connections', '100'],
  ];

  it.each([
    [{ tier: 'db-f1-micro', availability: 'zonal', flags: { max_connections: '100' } }, []],
    [{ tier: 'db-g1-small' }, ['tier: db-g1-small / db-f1-micro']],
    [{ availability: 'regional' }, ['availability: regional / ZONAL']],
    [
      { flags: { max_connections: '500', log_statement: 'ddl' } },
      ['flag.max_connections: 500 / 100', 'flag.log_statement: ddl / not set'],
    ],
  ])('%j', (expected, contradictions) => {
    expect(sides('db', expected, seen)).toEqual(contradictions);
  });

  it('says nothing where the instance was not read', () => {
    expect(sides('db', { tier: 'db-g1-small', flags: { max_connections: '500' } }, [])).toEqual([]);
  });
});

describe('two quantities', () => {
  it.each([
    ['1', '1000m', true],
    ['0.1', '100m', true],
    ['1Gi', '1024Mi', true],
    ['1G', '1Gi', false],
    ['1Gi', '', false],
    ['one', 'one', true],
    ['__proto__', '1', false],
  ])('%s and %s: %s', (a, b, same) => {
    expect(sameQuantity(a, b)).toBe(same);
  });

  it('are each alike to itself, and the order does not matter', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(sameQuantity(a, a)).toBe(true);
        expect(sameQuantity(a, b)).toBe(sameQuantity(b, a));
      }),
    );
  });
});
