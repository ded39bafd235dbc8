import { describe, expect, test } from 'vitest';
import { aliasesFor } from '../../src/cli/recording/names.ts';
import { renamedConfiguration } from '../../src/cli/recording/renamed-configuration.ts';
import { createRenamer } from '../../src/cli/recording/renamer.ts';

/** The same name has the same alias wherever it stands, and what is no name stays. */

const { text, json } = createRenamer([
  { kind: 'project', from: 'shop-staging', to: 'project-a' },
  { kind: 'service', from: 'shop-backend', to: 'service-a' },
  { kind: 'service', from: 'shop-backend-v2', to: 'service-b' },
  { kind: 'service', from: 'web', to: 'service-c' },
  { kind: 'service', from: 'run', to: 'service-d' },
  { kind: 'connector', from: 'connector', to: 'connector-a' },
  { kind: 'instance', from: 'database', to: 'instance-a' },
  { kind: 'host', from: 'api.shop.example', to: 'host-a.example' },
  { kind: 'e-mail', from: 'bob@shop.example', to: 'person-a@example.com' },
  { kind: 'name', from: 'shop', to: 'name-a' },
]);

describe('a name is found', () => {
  test.each([
    [
      'in a path',
      'projects/shop-staging/locations/r/services/web',
      'projects/project-a/locations/r/services/service-c',
    ],
    ['in a filter', 'resource.labels.service_name="web"', 'resource.labels.service_name="service-c"'],
    ['the longer one first', 'shop-backend-v2 calls shop-backend', 'service-b calls service-a'],
    ['in the name of a revision', 'shop-backend-00042-abc is not ready', 'service-a-00042-abc is not ready'],
    [
      'in a URL',
      'GET https://api.shop.example:8443/health?who=bob%40shop.example',
      'GET https://host-a.example:8443/health?who=person-a%40example.com',
    ],
    [
      'in a link, after an escape',
      'query;query=service_name%3D%22shop-backend%22',
      'query;query=service_name%3D%22service-a%22',
    ],
    ['in a regular expression', String.raw`=~"api\.shop\.example"`, '=~"host-a.example"'],
    [
      'in a line of a log',
      'web: cannot reach connector (10 s)',
      'service-c: cannot reach connector-a (10 s)',
    ],
    ['after an escaped line break', String.raw`one\nshop-backend`, String.raw`one\nservice-a`],
    ['in another case', 'Shop is down, said BOB@shop.example', 'name-a is down, said person-a@example.com'],
    [
      'within another name, where it is the company’s',
      'SHOP_ENV of shop-worker',
      'name-a_ENV of name-a-worker',
    ],
  ])('%s', (_, given, expected) => {
    expect(text(given)).toBe(expected);
  });
});

describe('what is no name stays', () => {
  test.each([
    ['a metric', 'metric.type="vpcaccess.googleapis.com/connector/instances"'],
    ['a metric in a link', 'filter=metric.type%3D%22cloudsql.googleapis.com%2Fdatabase%2Fup%22'],
    ['a resource', 'resource.type="cloud_run_revision"'],
    ['a host of Google', 'https://run.googleapis.com/v2'],
    ['a log of Google', 'logs/run.googleapis.com%2Fvarlog%2Fsystem'],
    ['a part of a word', 'webhooks and websites rerun'],
    ['a part of another name', 'my-web-push, web-push, www.web.example'],
  ])('%s', (_, given) => {
    expect(text(given)).toBe(given);
  });
});

test('in JSON: values, and keys that people chose; never a field of an API', () => {
  const given = {
    connector: 'connector',
    labels: { web: 'web', 'shop-backend': 'yes' },
    jsonPayload: { database: { web: 1 } },
    count: 7,
    list: ['web', null, true],
  };
  expect(json(given)).toEqual({
    connector: 'connector-a',
    labels: { 'service-c': 'service-c', 'service-a': 'yes' },
    jsonPayload: { 'instance-a': { 'service-c': 1 } },
    count: 7,
    list: ['service-c', null, true],
  });
});

test('in a configuration: ids, and CEL where it is quoted; never a word of the format', () => {
  const given = {
    components: {
      web: { type: 'cloud-run', service: 'web', depends_on: ['connector'] },
      connector: { type: 'vpc-connector', name: 'connector' },
    },
    journeys: { buy: { title: 'Buy on web', steps: ['web'] } },
    success_criteria: [
      { id: 'up', when: "components['web'].healthy && components.web.state == 'healthy'" },
      { id: 'cause', when: "!('vpc-connector-saturated' in causes)" },
    ],
  };
  expect(renamedConfiguration(given, text)).toEqual({
    components: {
      'service-c': { type: 'cloud-run', service: 'service-c', depends_on: ['connector-a'] },
      'connector-a': { type: 'vpc-connector', name: 'connector-a' },
    },
    journeys: { buy: { title: 'Buy on service-c', steps: ['service-c'] } },
    success_criteria: [
      { id: 'up', when: "components['service-c'].healthy && components['service-c'].state == 'healthy'" },
      { id: 'cause', when: "!('vpc-connector-saturated' in causes)" },
    ],
  });
});

function found(value: unknown): Record<string, string> {
  return Object.fromEntries(aliasesFor({}, [value]).map(({ from, to }) => [from, to]));
}

describe('--anonymous finds', () => {
  test.each<[what: string, value: unknown, aliases: Record<string, string>]>([
    [
      'aliases in the order of the names, so that what is sorted stays so',
      { services: ['projects/p-zz/services/beta', 'projects/p-zz/services/alpha'] },
      { 'p-zz': 'project-a', alpha: 'service-a', beta: 'service-b' },
    ],
    [
      'the number of a project, as a number',
      { name: 'projects/739182640517/secrets/jwt' },
      {
        '739182640517': '100000000000',
        jwt: 'secret-a',
      },
    ],
    [
      'an identity by its parts',
      { serviceAccount: 'deployer@shop-staging.iam.gserviceaccount.com' },
      { 'shop-staging': 'project-a', deployer: 'account-a' },
    ],
    [
      'private addresses as private ones',
      { ip: '10.68.0.3, 203.0.113.9' },
      {
        '10.68.0.3': '10.0.0.0',
        '203.0.113.9': '203.0.113.1',
      },
    ],
    [
      'hosts of a domain that is known, also without a URL',
      { text: 'GET https://api.shop.example/ok; db.internal.shop.example:5432' },
      {
        'api.shop.example': 'host-a.example',
        'db.internal.shop.example': 'host-b.example',
        'shop.example': 'domain-a.example',
      },
    ],
    [
      'people of commits',
      { author: { name: 'Bob Lindqvist', email: 'bob@mail.example' } },
      {
        'bob@mail.example': 'person-a@example.com',
        'mail.example': 'domain-a.example',
        'Bob Lindqvist': 'person-a',
      },
    ],
    ['nothing in what everybody has', { database: 'postgres', host: 'https://run.googleapis.com' }, {}],
  ])('%s', (_, value, aliases) => {
    expect(found(value)).toEqual(aliases);
  });
});
