import { describe, expect, test } from 'vitest';
import { probeGrantOf } from '../../src/config/probe-grant.ts';
import { grantsFor, noGrants, ownCredentials } from '../../src/config/policy.ts';
import { readPolicy } from '../../src/config/policy-file.ts';
import type { Policy } from '../../src/config/policy.schema.ts';

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

/** Whether one entry of `probe_hosts` grants a URL. */
const grants = (granted: string, url: string): boolean => {
  const text = `repositories: { o/r: { probe_hosts: [${JSON.stringify(granted)}] } }`;
  return grantsFor(read(text), 'o/r').endpoint(new URL(url));
};

describe('which hosts may be probed', () => {
  test.each([
    ['https://api.staging.netra.ai/', true],
    ['https://a.b.staging.netra.ai/', true],
    ['https://API.Staging.Netra.AI/', true],
    ['https://api.staging.netra.ai./', true],
    ['https://127.0.0.1.staging.netra.ai/', true],
    ['https://staging.netra.ai/', false],
    ['https://evil-staging.netra.ai/', false],
    ['https://staging.netra.ai.evil.com/', false],
    ['https://evil.com/.staging.netra.ai', false],
    ['https://evil.com/?.staging.netra.ai', false],
    ['https://evil.com/#.staging.netra.ai', false],
    ['https://api.staging.netra.ai@evil.com/', false],
    ['https://evil.com\\.staging.netra.ai/', false],
    ['https://user@api.staging.netra.ai/', false],
    ['https://user:word@api.staging.netra.ai/', false],
    ['https://api.example.com/', true],
    ['https://www.api.example.com/', false],
    ['https://10.0.0.5/', true],
    ['https://[::ffff:10.0.0.5]/', true],
    ['https://[::ffff:a00:5]/', true],
    ['https://0x0a.0.0.5/', true],
    ['https://10.0.0.6/', false],
    ['https://127.0.0.1/', false],
    ['https://[::1]/', true],
    ['https://[0:0:0:0:0:0:0:1]/', true],
    ['https://localhost/', false],
    ['https://169.254.169.254/', false],
    ['https://metadata.google.internal/', false],
  ])('%s: %s', (url, granted) => {
    expect(hosts.endpoint(new URL(url))).toBe(granted);
  });
});

describe('which scheme and port an entry grants', () => {
  test.each([
    ['api.example.com', 'https://api.example.com/', true],
    ['api.example.com', 'wss://api.example.com/', true],
    ['api.example.com', 'http://api.example.com/', true],
    ['api.example.com', 'ws://api.example.com/', true],
    ['api.example.com', 'https://api.example.com:443/', true],
    ['api.example.com', 'https://api.example.com:80/', false],
    ['api.example.com', 'http://api.example.com:443/', false],
    ['api.example.com', 'https://api.example.com:8443/', false],
    ['api.example.com', 'http://api.example.com:22/', false],
    ['api.example.com', 'ftp://api.example.com/', false],
    ['api.example.com', 'file://api.example.com/', false],
    ['api.example.com:8443', 'https://api.example.com:8443/', true],
    ['api.example.com:8443', 'ws://api.example.com:8443/', true],
    ['api.example.com:8443', 'https://api.example.com/', false],
    ['api.example.com:443', 'https://api.example.com/', true],
    ['api.example.com:443', 'http://api.example.com/', false],
    ['api.example.com:443', 'http://api.example.com:443/', true],
    ['https://api.example.com', 'https://api.example.com/', true],
    ['https://api.example.com', 'wss://api.example.com/', true],
    ['https://api.example.com', 'http://api.example.com/', false],
    ['https://api.example.com', 'ws://api.example.com/', false],
    ['https://api.example.com', 'https://api.example.com:8443/', false],
    ['https://api.example.com:8443', 'wss://api.example.com:8443/', true],
    ['https://api.example.com:8443', 'http://api.example.com:8443/', false],
    ['HTTPS://API.example.com', 'https://api.example.com/', true],
    ['*.example.com:8443', 'https://a.example.com:8443/', true],
    ['*.example.com:8443', 'https://a.example.com/', false],
    ['https://*.example.com', 'https://a.example.com/', true],
    ['https://*.example.com', 'http://a.example.com/', false],
    ['bücher.example', 'https://xn--bcher-kva.example/', true],
    ['10.0.0.5:8080', 'http://10.0.0.5:8080/', true],
    ['10.0.0.5:8080', 'http://10.0.0.5/', false],
    ['[::1]:8080', 'http://[::1]:8080/', true],
    ['[::1]', 'http://[::1]/', true],
    ['::1', 'http://[::1]:8080/', false],
    ['*.google.internal', 'http://metadata.google.internal/', false],
    ['*.google.internal', 'http://METADATA.google.internal./', false],
    ['*.google.internal', 'http://db.google.internal/', true],
  ])('%s grants %s: %s', (granted, url, is) => {
    expect(grants(granted, url)).toBe(is);
  });

  test.each([
    'https://api.example.com/',
    'http://api.example.com/',
    'wss://api.example.com:8443/',
    'http://10.0.0.5:8080/',
    'https://[fd00::5]/',
    'https://[fd00::5]:8443/',
  ])('the line that a remedy names grants %s', (url) => {
    expect(grants(probeGrantOf(new URL(url)), url)).toBe(true);
  });
});

test('without a policy nothing is granted; the command line grants all', () => {
  expect(grantsFor(null, 'netra-systems/app')).toBe(noGrants);
  expect([noGrants.project('p'), noGrants.endpoint(new URL('https://h/')), noGrants.public]).toEqual([
    false,
    false,
    'redacted',
  ]);
  expect([ownCredentials.project('p'), ownCredentials.endpoint(new URL('http://127.0.0.1:1/'))]).toEqual([
    true,
    true,
  ]);
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
      'a scheme other than https',
      entry('probe_hosts: ["http://a.example.com"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write the host alone, or https:// in front of it to refuse plain http and ws',
    ],
    [
      'a path',
      entry('probe_hosts: ["a.example.com/health"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write a host, and a port where it is needed, without path or user',
    ],
    [
      'a user',
      entry('probe_hosts: ["ann@a.example.com"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write a host, and a port where it is needed, without path or user',
    ],
    [
      'a port that is none',
      entry('probe_hosts: ["a.example.com:0"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write a port from 1 to 65535 after the colon',
    ],
    [
      'a port that is too large',
      entry('probe_hosts: ["a.example.com:65536"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write a port from 1 to 65535 after the colon',
    ],
    [
      'every port',
      entry('probe_hosts: ["a.example.com:*"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write a name such as api.example.com, or *.example.com',
    ],
    [
      'an empty port',
      entry('probe_hosts: ["a.example.com:"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write a name such as api.example.com, or *.example.com',
    ],
    [
      'no host',
      entry('probe_hosts: ["https://"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write a name such as api.example.com, or *.example.com',
    ],
    [
      'a dot at the end',
      entry('probe_hosts: ["a.example.com."]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write a name such as api.example.com, or *.example.com',
    ],
    [
      'a zone of an address',
      entry('probe_hosts: ["[fe80::1%eth0]"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write a host, and a port where it is needed, without path or user',
    ],
    [
      'an encoded host',
      entry('probe_hosts: ["%31%32%37.0.0.1"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write a host, and a port where it is needed, without path or user',
    ],
    [
      'another notation of an address',
      entry('probe_hosts: ["0x7f.1"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → write the address as 127.0.0.1',
    ],
    [
      'metadata by its address',
      entry('probe_hosts: ["169.254.169.254"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → remove it: metadata of a cloud is never probed',
    ],
    [
      'metadata by its name',
      entry('probe_hosts: ["metadata.google.internal"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → remove it: metadata of a cloud is never probed',
    ],
    [
      'metadata through a translator',
      entry('probe_hosts: ["64:ff9b::a9fe:a9fe"]'),
      '2:24 wrong-value repositories.o/r.probe_hosts[0] is not valid → remove it: metadata of a cloud is never probed',
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
