import { describe, expect, it } from 'vitest';
import { defaultConnections } from '../../src/collectors/cloud-sql-defaults.ts';

/** An instance with this tier and these flags. */
function instance(tier: string | undefined, flags: string[] = [], databaseVersion = 'POSTGRES_15') {
  return { databaseVersion, settings: { tier, databaseFlags: flags.map((name) => ({ name, value: '1' })) } };
}

describe('the default of max_connections', () => {
  const table: [what: string, of: Parameters<typeof defaultConnections>[0], value: string | null][] = [
    ['of the smallest tier', instance('db-f1-micro'), '25'],
    ['of a small tier', instance('db-g1-small'), '50'],
    ['with 3.75 GB', instance('db-custom-1-3840'), '100'],
    ['of a tier for which documents differ', instance('db-custom-4-15360'), null],
    ['of an unknown tier', instance('__proto__'), null],
    ['of no tier', instance(undefined), null],
    ['beside the flag', instance('db-f1-micro', ['max_connections']), null],
    ['beside another flag', instance('db-f1-micro', ['log_statement']), '25'],
    ['of MySQL', instance('db-f1-micro', [], 'MYSQL_8_0'), null],
    ['without settings', { databaseVersion: 'POSTGRES_15' }, null],
  ];

  it.each(table)('%s', (_what, of, value) => {
    expect(defaultConnections(of)[0]?.value ?? null).toBe(value);
  });

  it('says that it is not measured', () => {
    expect(defaultConnections(instance('db-f1-micro'))[0]?.text).toContain('not measured');
  });
});
