import { describe, expect, test } from 'vitest';
import { grantsFor, noGrants, ownCredentials, readPolicy } from '../../src/config/policy.ts';
import type { Policy } from '../../src/config/policy.ts';

/** A policy that has no error. */
function read(text: string): Policy {
  const { policy, errors } = readPolicy(text);
  if (policy === null) throw new Error(JSON.stringify(errors));
  return policy;
}

const policy = read(`repositories:
  "netra-systems/*":
    google_cloud_projects: [netra-staging]
    probe_hosts: ["*.staging.netra.ai", api.example.com, 10.0.0.5, "::1"]
    public: full
    comments_per_hour: 3
  netra-systems/site: {}
  "netra-systems/infra-*":
    google_cloud_projects: [netra-infra]
`);

const hosts = grantsFor(policy, 'netra-systems/app');

describe('which entry counts', () => {
  test.each([
    ['netra-systems/app', ['netra-staging']],
    ['Netra-Systems/App', ['netra-staging']],
    ['netra-systems/infra-live', ['netra-infra']],
    ['netra-systems/site', []],
    ['netra-systems/infra', ['netra-staging']],
    ['netra-systems-evil/app', []],
    ['evil/netra-systems/app', []],
    ['other/app', []],
  ])('%s may read %j', (repository, projects) => {
    const grants = grantsFor(policy, repository);
    expect(['netra-staging', 'netra-infra', 'other'].filter((id) => grants.project(id))).toEqual(projects);
  });

  test('its limits come with it, and have defaults', () => {
    expect(hosts).toMatchObject({ public: 'full', commentsPerHour: 3 });
    expect(grantsFor(policy, 'netra-systems/site')).toMatchObject({ public: 'redacted', commentsPerHour: 6 });
  });
});

describe('which hosts may be probed', () => {
  test.each([
    ['api.staging.netra.ai', true],
    ['a.b.staging.netra.ai', true],
    ['API.Staging.Netra.AI', true],
    ['api.staging.netra.ai.', true],
    ['staging.netra.ai', false],
    ['evil-staging.netra.ai', false],
    ['staging.netra.ai.evil.com', false],
    ['api.example.com', true],
    ['www.api.example.com', false],
    ['10.0.0.5', true],
    ['::ffff:10.0.0.5', true],
    ['[::ffff:a00:5]', true],
    ['0x0a.0.0.5', true],
    ['10.0.0.6', false],
    ['127.0.0.1', false],
    ['::1', true],
    ['[::1]', true],
    ['0:0:0:0:0:0:0:1', true],
    ['localhost', false],
    ['169.254.169.254', false],
    ['metadata.google.internal', false],
    ['127.0.0.1.staging.netra.ai', true],
    ['api.staging.netra.ai:8080', false],
    ['user@api.staging.netra.ai', false],
    ['evil.com/.staging.netra.ai', false],
    ['', false],
  ])('%s: %s', (host, granted) => {
    expect(hosts.host(host)).toBe(granted);
  });
});

test('without a policy nothing is granted; the command line grants all', () => {
  expect(grantsFor(null, 'netra-systems/app')).toBe(noGrants);
  expect([noGrants.project('p'), noGrants.host('h'), noGrants.public]).toEqual([false, false, 'redacted']);
  expect([ownCredentials.project('p'), ownCredentials.host('127.0.0.1')]).toEqual([true, true]);
});

const errorsOf = (text: string): string[] =>
  readPolicy(text).errors.map(
    ({ line, column, code, message, remedy }) => `${line}:${column} ${code} ${message} → ${remedy}`,
  );
const entry = (rest: string): string => `repositories:\n  o/r: { ${rest} }\n`;

describe('a policy with an error grants nothing, and says what is wrong', () => {
  test.each<[string, string, string]>([
    [
      'nothing',
      '',
      '1:1 missing repositories is missing → add repositories: … (By repository: owner/name, or owner/* for all of an owner; the most exact entry counts alone)',
    ],
    [
      'an owner with a wildcard',
      'repositories:\n  "*/*": {}\n',
      '2:3 wrong-id repositories.*/* is no valid id → write owner/name; only the name may hold a *',
    ],
    [
      'a name without its owner',
      'repositories:\n  app: {}\n',
      '2:3 wrong-id repositories.app is no valid id → write owner/name; only the name may hold a *',
    ],
    [
      'a project with a wildcard',
      entry('google_cloud_projects: ["*"]'),
      '2:34 wrong-format repositories.o/r.google_cloud_projects[0] cannot be * → write the id of one project, without a wildcard',
    ],
    [
      'an address with a scheme',
      entry('probe_hosts: ["https://a.example.com"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write the host alone, without scheme, port or path',
    ],
    [
      'a host with a port',
      entry('probe_hosts: ["a.example.com:80"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write the host alone, without scheme, port or path',
    ],
    [
      'every host',
      entry('probe_hosts: ["*"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write a name such as api.example.com, or *.example.com',
    ],
    [
      'every host of a top-level domain',
      entry('probe_hosts: ["*.ai"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → a wildcard stands for names below a domain of two parts at least, for example *.example.com',
    ],
    [
      'a wildcard before an address',
      entry('probe_hosts: ["*.0.0.1"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → a wildcard stands for names below a domain of two parts at least, for example *.example.com',
    ],
    [
      'a wildcard in the middle',
      entry('probe_hosts: ["api.*.example.com"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write a name such as api.example.com, or *.example.com',
    ],
    [
      'too many comments',
      entry('comments_per_hour: 1000'),
      '2:29 out-of-bounds repositories.o/r.comments_per_hour is too large → write at most 60',
    ],
    [
      'an unknown key',
      entry('projects: [a]'),
      '2:10 unknown-key repositories.o/r has no key projects → remove it; the keys are google_cloud_projects, probe_hosts, public, teams, notify, comments_per_hour',
    ],
    [
      'an alias',
      'repositories:\n  o/r: &a {}\n  o/s: *a\n',
      '3:8 alias *a is an alias, and aliases are not read → write the value out',
    ],
  ])('%s', (_name, text, error) => {
    expect(errorsOf(text)).toEqual([error]);
    expect(readPolicy(text).policy).toBeNull();
  });
});
