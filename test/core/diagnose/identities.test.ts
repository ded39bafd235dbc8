import { describe, expect, test } from 'vitest';
import { diagnose } from '../../../src/core/diagnose.ts';
import { openCase } from '../../../src/core/diagnose/case.ts';
import { identitiesOf } from '../../../src/core/diagnose/identities.ts';
import type { Identity } from '../../../src/core/diagnosis.ts';
import type { Gap } from '../../../src/core/snapshot.ts';
import {
  answer,
  configurationOf,
  gap,
  logged,
  observations,
  requests,
  snapshotOf,
  window,
} from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';

const components = {
  api: { type: 'cloud-run', service: 'api', depends_on: ['db'] },
  connector: { type: 'vpc-connector', name: 'main' },
  db: { type: 'cloud-sql', instance: 'main' },
  key: { type: 'secret', name: 'key' },
  lb: { type: 'load-balancer', backend_service: 'front' },
  state: { type: 'terraform-state', bucket: 'b', object: 'o.tfstate' },
  web: { type: 'http', url: 'https://web.example.com/' },
};

const place = 'projects/netra-staging/locations/us-central1';
const from = (query: string, api = 'test') => ({ source: { api, method: 'Get', query } });

function identities(seen: readonly Seen[], gaps: Gap[] = [], more: Record<string, unknown> = {}): Identity[] {
  const configuration = configurationOf({ components: { ...components, ...more } });
  return identitiesOf(openCase(configuration, snapshotOf(observations(seen), { gaps })));
}

/** Two components that name one secret, with the version of each. */
function versions(old: string, now: string): Seen[] {
  return [
    ['key', 'secret.version', old, from('projects/p/secrets/key/versions')],
    ['newest', 'secret.version', now, from('projects/p/secrets/key/versions')],
  ];
}

/** A service that exits on start, read under a resource name. */
function crash(id: string, query: string): Seen[] {
  const span = { window, first: '2025-09-15T17:09:03Z', last: '2025-09-15T18:04:03Z', revision: 'auth-2' };
  return [
    ...requests(id, 40, 40),
    ...logged(id, 50, "ModuleNotFoundError: No module named 'x'", '17:09:02', 'auth-2'),
    [id, 'exit.1', '50', span],
    [id, 'revision.serving', 'auth-2', from(query)],
  ];
}

const problems = (found: Identity[]) => found.filter(({ problem }) => problem !== 'none');

describe('the id of the API', () => {
  test.each<[string, Seen, string | null]>([
    ['of a service', ['api', 'ready', 'x', from(`${place}/services/api`)], `${place}/services/api`],
    [
      'of a service, by a revision of it',
      ['api', 'image', 'x', from(`${place}/services/api/revisions/api-1`)],
      `${place}/services/api`,
    ],
    [
      'of a connector',
      ['connector', 'state', 'READY', from(`${place}/connectors/main`)],
      `${place}/connectors/main`,
    ],
    ['of a database, which is its connection name', ['db', 'name', 'p:r:main'], 'p:r:main'],
    [
      'of a secret',
      ['key', 'state', 'ENABLED', from('projects/p/secrets/key/versions')],
      'projects/p/secrets/key',
    ],
    [
      'of a backend service',
      ['lb', 'scheme', 'x', from('projects/p/global/backendServices/front')],
      'projects/p/global/backendServices/front',
    ],
    [
      'of a Terraform state',
      ['state', 'terraform.serial', '8', from('gs://b/o.tfstate')],
      'gs://b/o.tfstate',
    ],
    ['not by another name that begins alike', ['api', 'ready', 'x', from(`${place}/services/api-2`)], null],
    [
      'not by a filter of metrics',
      ['api', 'requests', '8', from('resource.labels.service_name="api"/services/api')],
      null,
    ],
    ['not of another component', ['lb', 'ready', 'x', from(`${place}/services/api`)], null],
    ['not of a database by its state', ['db', 'state', 'RUNNABLE', from('projects/p/instances/main')], null],
    ['not of an endpoint', ['web', 'status', '200', from('GET https://web.example.com/')], null],
  ])('%s', (_name, seen, canonical) => {
    const found = identities([seen]);
    expect(found.map((one) => [one.component, one.canonical, one.problem, one.evidence])).toEqual(
      canonical === null ? [] : [[seen[0], canonical, 'none', ['E1']]],
    );
  });

  test('of a secret names the version', () => {
    const seen: Seen[] = [
      ['key', 'state', 'ENABLED', from('projects/p/secrets/key/versions')],
      ['key', 'secret.version', '7', from('projects/p/secrets/key/versions')],
    ];
    expect(identities(seen)[0]?.canonical).toBe('projects/p/secrets/key/versions/7');
  });
});

describe('a name that does not exist', () => {
  test.each<[string, Seen[], Gap[], boolean]>([
    ['is a finding where all of it is not found', [], [gap('E9', 'connector', '*', 'not-found')], true],
    ['is none where it may not be read', [], [gap('E9', 'connector', '*', 'denied')], false],
    ['is none where a part of it is not found', [], [gap('E9', 'connector', 'cpu', 'not-found')], false],
    [
      'is none where a metric of it is not found',
      [],
      [{ ...gap('E9', 'connector', '*', 'not-found'), ...from('q', 'monitoring.googleapis.com') }],
      false,
    ],
    [
      'is none where it was read all the same',
      [['connector', 'state', 'READY', from(`${place}/connectors/main`)]],
      [gap('E9', 'connector', '*', 'not-found')],
      false,
    ],
    ['is none of an endpoint', [], [gap('E9', 'web', '*', 'not-found')], false],
  ])('%s', (_name, seen, gaps, isFinding) => {
    expect(problems(identities(seen, gaps))).toEqual(
      isFinding
        ? [
            {
              component: 'connector',
              name: 'main',
              canonical: null,
              problem: 'no-such-resource',
              evidence: ['E9'],
              why: 'the API knows no `main` where the configuration says it is',
            },
          ]
        : [],
    );
  });
});

describe('two names for one thing', () => {
  const replica = { replica: { type: 'cloud-sql', instance: 'primary' } };

  test('are a finding at both', () => {
    const seen: Seen[] = [
      ['db', 'name', 'p:r:main'],
      ['replica', 'name', 'p:r:main'],
    ];
    const found = problems(identities(seen, [], replica));
    expect(found.map((one) => [one.component, one.problem, one.with, one.evidence])).toEqual([
      ['db', 'same-as', 'replica', ['E1', 'E2']],
      ['replica', 'same-as', 'db', ['E1', 'E2']],
    ]);
    expect(found[0]?.why).toBe('`db` and `replica` are one resource, `p:r:main`');
  });

  test.each<[string, Seen[]]>([
    [
      'another id',
      [
        ['db', 'name', 'p:r:main'],
        ['replica', 'name', 'p:r:primary'],
      ],
    ],
    ['an id that was not read', [['db', 'name', 'p:r:main']]],
  ])('are none with %s', (_name, seen) => {
    expect(problems(identities(seen, [], replica))).toEqual([]);
  });

  test('two versions of a secret are two things, an alias and its version are one', () => {
    const twice = { newest: { type: 'secret', name: 'key', version: '7' } };
    expect(problems(identities(versions('6', '7'), [], twice))).toEqual([]);
    expect(problems(identities(versions('7', '7'), [], twice))).toHaveLength(2);
  });

  test('a cause that was found in the one is no alternative in the other', () => {
    const configuration = configurationOf({
      components: {
        login: { type: 'http', url: 'https://web.example.com/', depends_on: ['one', 'two'] },
        one: { type: 'cloud-run', service: 'auth' },
        two: { type: 'cloud-run', service: 'auth' },
      },
    });
    const besides = (query: string): string[] => {
      const seen = [
        ...answer('login', '503'),
        ...crash('one', `${place}/services/auth`),
        ...crash('two', query),
      ];
      const { root, second, alternatives } = diagnose(configuration, snapshotOf(observations(seen)));
      const roots = [root, ...(second ? [second.root] : [])];
      const others = alternatives.filter(({ cause }) => cause === 'crash-on-start');
      return [...roots, ...others].map(({ cause, component }) => `${cause} of ${component}`);
    };
    expect(besides('not read')).toEqual(['crash-on-start of one', 'crash-on-start of two']);
    expect(besides(`${place}/services/auth`)).toEqual(['crash-on-start of one']);
  });
});

describe('a resource of that name in another project', () => {
  const name: Seen = ['db', 'name', 'netra-staging:us-central1:main'];

  test.each<[string, Seen[], string[]]>([
    ['another project', [name, ['api', 'cloudsql.instance', 'other:us-central1:main']], ['api']],
    ['another region', [name, ['api', 'cloudsql.instance', 'netra-staging:europe-west1:main']], ['api']],
    [
      'one of several',
      [name, ['api', 'cloudsql.instance', 'netra-staging:us-central1:main, other:us-central1:main']],
      ['api'],
    ],
    ['the same', [name, ['api', 'cloudsql.instance', 'netra-staging:us-central1:main']], []],
    ['another name', [name, ['api', 'cloudsql.instance', 'other:us-central1:domain']], []],
    ['no attachment', [name, ['api', 'cloudsql.instance', 'none']], []],
    [
      'a revision that does not serve',
      [
        name,
        ['api', 'revision.serving', 'api-2'],
        ['api', 'cloudsql.instance', 'other:us-central1:main', { revision: 'api-1' }],
      ],
      [],
    ],
    [
      'another project, where the database itself was not read',
      [['api', 'cloudsql.instance', 'other:us-central1:main']],
      ['api'],
    ],
    [
      'another region, where the database itself was not read and may lie there',
      [['api', 'cloudsql.instance', 'netra-staging:europe-west1:main']],
      [],
    ],
    [
      'a connector of another project',
      [['api', 'connector', 'projects/host/locations/us-central1/connectors/main']],
      ['api'],
    ],
    ['a connector by its short name', [['api', 'connector', 'main']], []],
  ])('%s', (_name, seen, services) => {
    const found = problems(identities(seen));
    expect(found.map(({ problem, with: service }) => [problem, service])).toEqual(
      services.map((service) => ['another-name', service]),
    );
  });

  test('is told with both names', () => {
    const [found] = problems(identities([name, ['api', 'cloudsql.instance', 'other:us-central1:main']]));
    expect(found).toEqual({
      component: 'db',
      name: 'main',
      canonical: 'netra-staging:us-central1:main',
      problem: 'another-name',
      with: 'api',
      evidence: ['E1', 'E2'],
      why: '`api` is attached to `other:us-central1:main`, and `db` is `netra-staging:us-central1:main`',
    });
  });
});
