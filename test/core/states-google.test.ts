import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/core/diagnose.ts';
import { buildGraph, dependenciesOf } from '../../src/core/graph.ts';
import { indexObservations } from '../../src/core/observations.ts';
import { componentStates } from '../../src/core/states.ts';
import type { ComponentState, Gap } from '../../src/core/snapshot.ts';
import { configurationOf, gap, observations, requests, snapshotOf, window } from './diagnose.fixture.ts';
import type { Seen } from './diagnose.fixture.ts';

/** Secrets, load balancers, the region and the Terraform state; it is 18:05 on 15 September 2025. */

const world = configurationOf({
  components: {
    web: { type: 'cloud-run', service: 'web-staging' },
    jwt: { type: 'secret', name: 'jwt' },
    lb: { type: 'load-balancer', backend_service: 'lb' },
    region: { type: 'google-region' },
    terraform: { type: 'terraform-state', bucket: 'b', object: 'o' },
  },
  journeys: { buy: { title: 'Buy', steps: ['lb'] } },
});

function stateOf(component: string, seen: Seen[], gaps: Gap[] = []) {
  return componentStates(world, snapshotOf(observations(seen), { gaps }))[component];
}

/** What a load balancer answered over the window. */
const answered = (all: number, failed: number): Seen[] => requests('lb', all, failed).slice(1);
const endpoints = (total: string, healthy: string, group = 'a/web'): Seen[] => [
  ['lb', `endpoints.total.${group}`, total],
  ['lb', `endpoints.healthy.${group}`, healthy],
];
const ends = (time: string): Seen => ['lb', 'certificate.expires.own', time];
const failedBy = (cause: string, count: string): Seen => [
  'lb',
  `responses.failed.${cause}`,
  count,
  { window, unit: 'entries' },
];
const secret = (state: string): Seen[] => [
  ['jwt', 'state', state],
  ['jwt', 'secret.version', '7'],
];
const events = (count: string, ...values: string[]): Seen[] => [
  ['region', 'events.active', count, { window }],
  ...values.map((value): Seen => ['region', 'event', value, { window, text: 'Cloud Run fails; Cloud Run' }]),
];
const serial: Seen = ['terraform', 'terraform.serial', '7'];
const compared = (id: string, value: string): Seen => ['terraform', `terraform.component.${id}`, value];
const difference = (field: string): Seen => [
  'terraform',
  `terraform.difference.web.${field}`,
  'state 1, live 2',
];

describe('the state of a component', () => {
  const table: [what: string, component: string, seen: Seen[], state: ComponentState, why: string][] = [
    ['is enabled', 'jwt', secret('ENABLED'), 'healthy', 'version 7 ENABLED'],
    ['is disabled', 'jwt', secret('DISABLED'), 'failing', 'version 7 DISABLED'],
    ['is destroyed', 'jwt', secret('DESTROYED'), 'failing', 'version 7 DESTROYED'],
    [
      'has a state that says nothing',
      'jwt',
      secret('STATE_UNSPECIFIED'),
      'unknown',
      'version 7 STATE_UNSPECIFIED',
    ],
    [
      'is deleted within two weeks',
      'jwt',
      [...secret('ENABLED'), ['jwt', 'expires', '2025-09-20T00:00:00.000Z']],
      'degraded',
      'version 7 ENABLED, deleted at 2025-09-20T00:00',
    ],
    [
      'is deleted some day',
      'jwt',
      [...secret('ENABLED'), ['jwt', 'expires', '2025-12-01T00:00:00.000Z']],
      'healthy',
      'version 7 ENABLED',
    ],

    ['answers', 'lb', answered(100, 0), 'healthy', '0 of 100 requests 5xx'],
    ['fails a few', 'lb', answered(100, 5), 'degraded', '5 of 100 requests 5xx'],
    [
      'fails most, and says why',
      'lb',
      [...answered(100, 70), failedBy('5xx.backend_timeout', '60'), failedBy('5xx.unstated', '10')],
      'failing',
      '70 of 100 requests 5xx, 60 logged as 5xx backend_timeout',
    ],
    [
      'is only configured',
      'lb',
      [['lb', 'scheme', 'EXTERNAL']],
      'unknown',
      'configured, not shown to answer; not read',
    ],
    [
      'logs failures that nothing counts',
      'lb',
      [['lb', 'responses.failed', '3', { window }]],
      'degraded',
      '3 failed answers logged',
    ],
    [
      'logs none',
      'lb',
      [
        ['lb', 'scheme', 'EXTERNAL'],
        ['lb', 'responses.failed', '0', { window }],
      ],
      'unknown',
      'configured, not shown to answer; not read',
    ],
    ['has healthy endpoints', 'lb', endpoints('3', '3'), 'healthy', '3 of 3 endpoints healthy'],
    ['has some', 'lb', endpoints('3', '2'), 'degraded', '2 of 3 endpoints healthy'],
    ['has none', 'lb', endpoints('3', '0'), 'failing', '0 of 3 endpoints healthy'],
    ['has empty groups', 'lb', endpoints('0', '0'), 'failing', '0 of 0 endpoints healthy'],
    [
      'has one group down of two',
      'lb',
      [...endpoints('2', '0'), ...endpoints('2', '2', 'b/web')],
      'degraded',
      '2 of 4 endpoints healthy',
    ],
    [
      'has a certificate that ended',
      'lb',
      [...answered(9, 0), ends('2025-09-15T18:00:00.000Z')],
      'failing',
      'certificate own ended 2025-09-15T18:00',
    ],
    [
      'has one that ends in two weeks',
      'lb',
      [...answered(9, 0), ends('2025-09-29T18:00:00.000Z')],
      'degraded',
      'certificate own ends 2025-09-29T18:00',
    ],
    [
      'has one that ends later',
      'lb',
      [...answered(9, 0), ends('2025-09-30T18:00:00.000Z')],
      'healthy',
      '0 of 9 requests 5xx',
    ],
    [
      'has a good certificate, and nothing else was read',
      'lb',
      [ends('2026-01-01T00:00:00.000Z')],
      'unknown',
      'not read',
    ],
    [
      'has one that could not be renewed',
      'lb',
      [...answered(9, 0), ['lb', 'certificate.state.own', 'RENEWAL_FAILED']],
      'degraded',
      'certificate own RENEWAL_FAILED',
    ],

    ['is calm', 'region', events('0'), 'healthy', 'no event goes on'],
    ['had an event', 'region', events('0', 'CLOSED IMPACTED'), 'healthy', 'no event goes on'],
    ['has an event', 'region', events('1', 'ACTIVE RELATED'), 'degraded', '1 event goes on: Cloud Run fails'],
    [
      'has one that hits the project',
      'region',
      events('1', 'ACTIVE IMPACTED'),
      'failing',
      '1 event goes on: Cloud Run fails',
    ],
    [
      'has an outage by the feed',
      'region',
      events('1', 'ACTIVE SERVICE_OUTAGE'),
      'failing',
      '1 event goes on: Cloud Run fails',
    ],
    [
      'has a disturbance by the feed',
      'region',
      events('1', 'ACTIVE SERVICE_DISRUPTION'),
      'degraded',
      '1 event goes on: Cloud Run fails',
    ],

    [
      'is the same',
      'terraform',
      [serial, compared('web', 'same'), compared('db', 'not in the state')],
      'healthy',
      '1 of 2 components compared, all the same',
    ],
    [
      'differs',
      'terraform',
      [serial, compared('web', 'differs'), difference('limit.memory'), difference('env.A')],
      'degraded',
      '2 fields differ in web',
    ],
    [
      'holds what is gone',
      'terraform',
      [serial, compared('web', 'not live')],
      'degraded',
      'web is in the state and not live',
    ],
    [
      'holds nothing that is compared',
      'terraform',
      [serial, compared('web', 'not in the state')],
      'unknown',
      'nothing was compared; not read',
    ],
  ];

  it.each(table)('that %s (%s)', (_what, component, seen, state, why) => {
    expect(stateOf(component, seen)).toMatchObject({ state, why });
  });

  it.each(['jwt', 'lb', 'region', 'terraform'])('that could not be read is unknown: %s', (component) => {
    expect(stateOf(component, [], [gap('E9', component, '*', 'denied')])).toEqual({
      state: 'unknown',
      evidence: ['E9'],
      why: 'not read: access denied',
    });
  });

  it('of a Terraform state is not said to be in order where a component could not be compared', () => {
    const gaps = [gap('E9', 'terraform', 'terraform.component.db', 'no-data')];
    expect(stateOf('terraform', [serial, compared('web', 'same')], gaps)).toMatchObject({
      state: 'unknown',
      why: 'not all compared; not read: no data in the window',
    });
  });
});

describe('a load balancer', () => {
  const routes: Seen = ['lb', 'routes_to', 'web-staging'];

  it('needs the service that it is seen to lead to', () => {
    const graph = buildGraph(world, indexObservations(snapshotOf(observations([routes]))));
    expect(dependenciesOf(graph, 'lb')).toEqual([
      { from: 'lb', to: 'web', kind: 'attached', evidence: ['E1'] },
    ]);
  });

  it.each([
    ['5xx.response_sent_by_backend', ['lb', 'web']],
    ['5xx.failed_to_connect_to_backend', ['lb', 'web']],
    ['4xx.denied_by_security_policy', ['lb']],
  ])('that answers %s is explained by %j', (cause, expected) => {
    const seen = [routes, ...answered(20, 20), failedBy(cause, '20'), ...requests('web', 20, 20)];
    const { chain } = diagnose(world, snapshotOf(observations(seen)));
    const effects = chain.map(({ effect }) => effect.component).filter((id) => id !== 'buy');
    expect([...new Set(effects)]).toEqual(expected);
  });
});

describe('causes that lie in a secret or in the region', () => {
  it('are weakened by what was read of a secret and of the region', () => {
    const configuration = configurationOf({
      components: {
        web: { type: 'cloud-run', service: 'web', depends_on: ['jwt'] },
        jwt: { type: 'secret', name: 'jwt' },
        region: { type: 'google-region' },
      },
    });
    const seen = [...requests('web', 20, 20), ...secret('ENABLED'), ...events('0')];
    const { alternatives } = diagnose(configuration, snapshotOf(observations(seen)));
    const of = (cause: string) => alternatives.find((one) => one.cause === cause);
    expect(of('secret-inaccessible')).toMatchObject({ verdict: 'weaker' });
    expect(of('secret-inaccessible')?.why).toMatch(/^version 7 is ENABLED/);
    expect(of('regional-incident')).toMatchObject({ verdict: 'weaker' });
    expect(of('regional-incident')?.why).toMatch(/^Google reports no event/);
  });

  it('are not weakened by an event that was, nor by a version that is disabled', () => {
    const configuration = configurationOf({
      components: {
        web: { type: 'cloud-run', service: 'web', depends_on: ['jwt'] },
        jwt: { type: 'secret', name: 'jwt' },
        region: { type: 'google-region' },
      },
    });
    const seen = [...requests('web', 20, 20), ...secret('DISABLED'), ...events('0', 'CLOSED IMPACTED')];
    const { alternatives } = diagnose(configuration, snapshotOf(observations(seen)));
    const of = (cause: string, component: string) =>
      alternatives.find((one) => one.cause === cause && one.component === component);
    expect(of('regional-incident', 'region')).toMatchObject({ verdict: 'untested' });
    expect(of('secret-inaccessible', 'jwt')).toMatchObject({
      verdict: 'weaker',
      why: 'version `7` of it is `DISABLED`, but nothing that fails says that it needs it',
    });
  });
});
