import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import type { LoadBalancerComponent } from '../../src/config/repository.schema.ts';
import { configuration, count, metric, project, resource, resources, startWorld } from './world.ts';
import type { Google, World } from './world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const api = 'compute.googleapis.com';
const region = 'europe-west1';
const url = (place: string) => `https://www.googleapis.com/compute/v1/projects/${project}/${place}`;

/** A backend service with these groups. */
function service(groups: string[], more: Record<string, unknown> = {}, scope = 'global') {
  const path = `/compute/v1/projects/${project}/${scope}/backendServices/front`;
  const body = { name: 'front', loadBalancingScheme: 'EXTERNAL_MANAGED', ...more };
  return resource(api, 'google.cloud.compute.v1.BackendService', path, {
    ...body,
    backends: groups.map((group) => ({ group: url(group) })),
  });
}

const front: LoadBalancerComponent = {
  type: 'load-balancer',
  backend_service: 'front',
  certificates: [],
  depends_on: [],
};

async function read(google: Google, component = front, prepare: (started: World) => void = () => undefined) {
  world = await startWorld({ logs: [], metrics: [], ...google });
  prepare(world);
  const only = { ...configuration, components: { front: component } };
  const { observations, gaps } = await collect({ configuration: only }, world.deps);
  expect(world.google.refusals).toEqual([]);
  const current = observations.filter(({ window }) => window?.to !== '2025-03-10T11:00:00.000Z');
  return {
    values: Object.fromEntries(current.map(({ signal, value }) => [signal, value])),
    texts: Object.fromEntries(current.map(({ signal, text }) => [signal, text])),
    gaps: gaps.map(({ signal, reason, detail }) => ({ signal, reason, detail })),
  };
}

describe('a backend service', () => {
  it('has the health of each group with health checks; a serverless one leads to a service instead', async () => {
    const { values, texts } = await read({ resources });
    expect(values).toMatchObject({
      scheme: 'EXTERNAL_MANAGED',
      request_log: 'on',
      'group.europe-west1/web': 'SERVERLESS',
      routes_to: 'web',
      'group.europe-west1-b/web': 'INSTANCE_GROUP',
      'endpoints.total.europe-west1-b/web': '2',
      'endpoints.healthy.europe-west1-b/web': '1',
    });
    expect(texts['endpoints.healthy.europe-west1-b/web']).toBe('web-b:8080 UNHEALTHY');
  });

  it('with a group that cannot be read keeps what is known of the others', async () => {
    const groups = [`regions/${region}/networkEndpointGroups/gone`, 'global/networkEndpointGroups/outside'];
    const { values, gaps } = await read({ resources: [service(groups)] });
    expect(values).toMatchObject({ scheme: 'EXTERNAL_MANAGED', 'group.global/outside': 'INTERNET' });
    expect(gaps).toContainEqual(
      expect.objectContaining({ signal: 'group.europe-west1/gone', reason: 'not-found' }),
    );
  });

  it('of an empty group has no endpoints: a measured 0', async () => {
    const group = `zones/${region}-b/instanceGroups/web`;
    const path = `/compute/v1/projects/${project}/global/backendServices/front/getHealth?group=${group}`;
    const empty = resource(api, 'google.cloud.compute.v1.BackendServiceGroupHealth', path, {});
    const { values } = await read({ resources: [service([group]), empty] });
    expect(values).toMatchObject({ [`endpoints.total.${region}-b/web`]: '0' });
  });

  it('of a region is read there, with its certificate and the metric that has its requests', async () => {
    const { values, gaps } = await read(
      {
        resources: [
          service([], { loadBalancingScheme: 'INTERNAL_MANAGED' }, `regions/${region}`),
          resource(
            api,
            'google.cloud.compute.v1.SslCertificate',
            `/compute/v1/projects/${project}/regions/${region}/sslCertificates/own`,
            { name: 'own', type: 'SELF_MANAGED', expireTime: '2025-03-20T00:00:00.000-07:00' },
          ),
        ],
        metrics: [
          metric(
            'loadbalancing.googleapis.com/https/internal/request_count',
            { response_code: '500', response_code_class: '500' },
            { type: 'internal_http_lb_rule', labels: { project_id: project, backend_target_name: 'front' } },
            count,
            { from: '2025-03-10T11:00:00Z', value: 1 },
          ),
        ],
      },
      { ...front, region, certificates: ['own'] },
    );
    expect(values).toMatchObject({
      scheme: 'INTERNAL_MANAGED',
      'certificate.state.own': 'SELF_MANAGED',
      'certificate.expires.own': '2025-03-20T07:00:00.000Z',
      'errors.share': '100',
    });
    expect(gaps.map(({ signal }) => signal)).toEqual(['responses.failed']);
  });

  it('of a region without requests has one gap for them, not one for each metric', async () => {
    const { gaps } = await read({ resources: [service([], {}, `regions/${region}`)] }, { ...front, region });
    expect(gaps.map(({ signal }) => signal)).toEqual(['requests', 'responses.failed']);
  });

  it('names the domains for which its certificate is not active', async () => {
    const path = `/compute/v1/projects/${project}/global/sslCertificates/own`;
    const own = resource(api, 'google.cloud.compute.v1.SslCertificate', path, {
      name: 'own',
      type: 'MANAGED',
      managed: {
        status: 'PROVISIONING_FAILED',
        domainStatus: { 'a.example': 'ACTIVE', 'b.example': 'FAILED_NOT_VISIBLE' },
      },
    });
    const { values, texts } = await read(
      { resources: [service([]), own] },
      { ...front, certificates: ['own'] },
    );
    expect(values['certificate.state.own']).toBe('PROVISIONING_FAILED');
    expect(texts['certificate.state.own']).toBe('b.example FAILED_NOT_VISIBLE');
    expect(values).not.toHaveProperty('certificate.expires.own');
  });
});

/** Answers that the load balancer logged. */
function answers(number: number, status: number, statusDetails: string) {
  return {
    from: '2025-03-10T11:20:00Z',
    to: '2025-03-10T11:50:00Z',
    count: number,
    entry: {
      logName: `projects/${project}/logs/requests`,
      resource: { type: 'http_load_balancer', labels: { backend_service_name: 'front' } },
      httpRequest: { status },
      jsonPayload: { statusDetails },
    },
  };
}

describe('the log of a load balancer', () => {
  it('is counted by status class and cause: what failed, and what it refused itself', async () => {
    const { values } = await read({
      resources: [service([])],
      logs: [
        answers(3, 502, 'backend_timeout'),
        answers(5, 503, 'response_sent_by_backend'),
        answers(2, 403, 'denied_by_security_policy'),
        answers(7, 404, 'response_sent_by_backend'),
        answers(9, 200, 'response_sent_by_backend'),
        answers(1, 502, '<b>not a word</b>'),
      ],
    });
    expect(values).toMatchObject({
      'responses.failed': '11',
      'responses.failed.5xx.response_sent_by_backend': '5',
      'responses.failed.5xx.backend_timeout': '3',
      'responses.failed.4xx.denied_by_security_policy': '2',
      'responses.failed.5xx.unstated': '1',
    });
    expect(Object.keys(values).filter((signal) => signal.startsWith('responses.failed.')).length).toBe(4);
  });

  it.each([
    ['is on', { logConfig: { enable: true, sampleRate: 0.5 } }, '0', 'on'],
    ['is off', { logConfig: { enable: false } }, undefined, 'off'],
    ['samples nothing', { logConfig: { enable: true, sampleRate: 0 } }, undefined, 'on'],
    ['is not set', {}, undefined, 'off'],
  ])('that %s and holds nothing gives %j', async (_what, more, expected, log) => {
    const { values, gaps } = await read({ resources: [service([], more)] });
    expect(values['responses.failed']).toBe(expected);
    expect(values['request_log']).toBe(log);
    expect(gaps.some(({ signal }) => signal === 'responses.failed')).toBe(expected === undefined);
  });

  it('that holds nothing while its setting cannot be read is unknown, not 0', async () => {
    const logging = { logConfig: { enable: true } };
    const { values, gaps } = await read({ resources: [service([], logging)] }, front, ({ google }) => {
      google.inject({ api, kind: 'denied' });
    });
    expect(values).not.toHaveProperty('responses.failed');
    expect(gaps).toContainEqual({
      signal: 'responses.failed',
      reason: 'no-data',
      detail: 'no failed answer is logged for front, and whether it logs requests could not be read',
    });
  });
});
