import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { frozenClock } from '../../sandbox/clock.ts';
import { startGoogle, type GoogleStandIn } from '../../sandbox/google/server.ts';
import { loadScenario, type LoadedScenario } from '../../sandbox/scenario/load.ts';
import { readPolicy } from '../../src/config/policy-file.ts';
import { readRepositoryConfiguration } from '../../src/config/repository.ts';
import type { Component } from '../../src/config/repository.schema.ts';
import { sitrep, type Run } from './run.ts';

/** `sitrep init` against the Google stand-in: what it finds in the projects of the scenarios. */

let dir: string;
let google: GoogleStandIn | null = null;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sitrep-init-'));
});
afterEach(async () => {
  await google?.close();
  google = null;
  await rm(dir, { recursive: true });
});

const placeOf = z.object({ google_cloud: z.object({ project: z.string(), region: z.string() }) });

interface World {
  loaded: LoadedScenario;
  place: { project: string; region: string };
  init: (...args: string[]) => Promise<Run>;
}

async function openWorld(
  name: string,
  more: LoadedScenario['scenario']['google']['resources'] = [],
): Promise<World> {
  const loaded = await loadScenario(name);
  const { scenario } = loaded;
  const { google_cloud: place } = placeOf.parse(parse(loaded.configuration));
  const clock = frozenClock(new Date(scenario.start));
  const resources = [...scenario.google.resources, ...more];
  const standIn = await startGoogle({
    scenario: { ...scenario, google: { ...scenario.google, resources }, faults: [] },
    clock,
  });
  google = standIn;
  return {
    loaded,
    place,
    init: (...args) => sitrep(['init', ...args], { SITREP_GCP_ENDPOINT: standIn.url }),
  };
}

function componentsOf(text: string): Component[] {
  const { configuration, errors } = readRepositoryConfiguration(text);
  expect(errors).toEqual([]);
  return Object.values(configuration?.components ?? {});
}

/** What Google names: services, connectors and instances. */
function namesOf(components: readonly Component[]): string[] {
  return components
    .flatMap((component) => {
      if (component.type === 'cloud-run') return [`service ${component.service}`];
      if (component.type === 'vpc-connector') return [`connector ${component.name}`];
      return component.type === 'cloud-sql' ? [`instance ${component.instance}`] : [];
    })
    .toSorted();
}

/** Edges between these, by their names at Google. */
function edgesOf(text: string): string[] {
  const { configuration } = readRepositoryConfiguration(text);
  const components = configuration?.components ?? {};
  const named = (id: string) => namesOf([components[id]].filter((one) => one !== undefined))[0];
  return Object.entries(components)
    .flatMap(([id, { depends_on: needs }]) => needs.map((other) => [named(id), named(other)]))
    .filter(([from, to]) => from !== undefined && to !== undefined)
    .map(([from = '', to = '']) => `${from} → ${to}`)
    .toSorted();
}

/** Scenarios, with the edges of their configuration that a person knows and nothing in the project shows. */
const projects: [name: string, unseen: string[]][] = [
  ['connector-saturated', []],
  ['config-drift-timeout', ['service tracker → instance routing']],
  ['healthy', []],
  // Its revision left the connector: that is the outage.
  ['egress-misrouted', ['service search → connector fernweh-connector']],
  ['connector-gone', []],
  ['quota-exhausted', []],
  ['startup-timeout', []],
  ['cloudsql-permission', []],
  ['regional-incident', []],
];

describe.each(projects)('the project of %s', (name, unseen) => {
  test('gives the services, connectors and databases of its own configuration, and their edges', async () => {
    const { loaded, place, init } = await openWorld(name);
    const out = join(dir, 'sitrep.yml');
    const { code, err } = await init('--project', place.project, '--region', place.region, '--out', out);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const text = await readFile(out, 'utf8');
    expect(namesOf(componentsOf(text))).toEqual(namesOf(componentsOf(loaded.configuration)));
    expect([...edgesOf(text), ...unseen].toSorted()).toEqual(edgesOf(loaded.configuration));
    expect(await sitrep(['check', out])).toMatchObject({ code: 0, out: `${out}: no error\n` });
    expect(google?.refusals).toEqual([]);
  });
});

test('the file reads as a person would write it, and is the same each time', async () => {
  const { place, init } = await openWorld('connector-saturated');
  const args = ['--project', place.project, '--region', place.region, '--out', '-'];
  const { out } = await init(...args);
  await expect(out).toMatchFileSnapshot('__snapshots__/init-connector-saturated.yml');
  expect((await init(...args)).out).toBe(out);
});

test('no value of an environment variable is in what is written or told', async () => {
  const { place, init } = await openWorld('connector-saturated');
  const { out, err } = await init('--project', place.project, '--region', place.region, '--out', '-');
  for (const value of ['netra_staging', '75.0', '15.0']) expect(out + err).not.toContain(value);
});

const resource = (api: string, type: string, path: string, body: Record<string, unknown>) => ({
  api,
  type,
  path,
  states: [{ body, gone: false }],
});

const run = 'run.googleapis.com';

test('domains, and hosts of load balancers, become endpoints before the services', async () => {
  const project = 'shop-staging';
  const region = 'europe-west1';
  const compute = `/compute/v1/projects/${project}`;
  const url = (path: string) => `https://www.googleapis.com${compute}/${path}`;
  const mapping = (host: string, routeName: string) =>
    resource(run, 'run.DomainMapping', `/v1/projects/${project}/locations/${region}/domainmappings/${host}`, {
      apiVersion: 'domains.cloudrun.com/v1',
      kind: 'DomainMapping',
      metadata: { name: host, namespace: project },
      spec: { routeName },
    });
  const { init } = await openWorld('healthy', [
    mapping('pay.shop.example', 'checkout'),
    mapping('old.shop.example', 'gone'),
    resource(
      'compute.googleapis.com',
      'google.cloud.compute.v1.BackendService',
      `${compute}/global/backendServices/front`,
      {
        name: 'front',
        backends: [{ group: url(`regions/${region}/networkEndpointGroups/checkout-neg`) }],
      },
    ),
    resource(
      'compute.googleapis.com',
      'google.cloud.compute.v1.NetworkEndpointGroup',
      `${compute}/regions/${region}/networkEndpointGroups/checkout-neg`,
      { name: 'checkout-neg', networkEndpointType: 'SERVERLESS', cloudRun: { service: 'checkout' } },
    ),
    resource('compute.googleapis.com', 'google.cloud.compute.v1.UrlMap', `${compute}/global/urlMaps/web`, {
      name: 'web',
      defaultService: url('global/backendServices/front'),
      hostRules: [{ hosts: ['www.shop.example', '*.shop.example'], pathMatcher: 'all' }],
      pathMatchers: [{ name: 'all', defaultService: url('global/backendServices/front') }],
    }),
  ]);
  const { code, out } = await init('--project', project, '--out', '-', '--json', '--repo', 'acme/shop');
  expect(code).toBe(0);
  const { components, policy, configuration } = z
    .object({ components: z.record(z.string(), z.unknown()), policy: z.unknown(), configuration: z.string() })
    .parse(JSON.parse(out));
  expect(components).toMatchObject({
    front: { type: 'load-balancer', backend_service: 'front', depends_on: ['checkout'] },
    'pay-shop-example': { type: 'http', url: 'https://pay.shop.example/', depends_on: ['checkout'] },
    'www-shop-example': { type: 'http', url: 'https://www.shop.example/', depends_on: ['front'] },
  });
  expect(configuration).toContain('# old.shop.example (domain mapping) leads to no service of this region');
  expect(policy).toEqual({
    repositories: {
      'acme/shop': {
        google_cloud_projects: [project],
        probe_hosts: ['pay.shop.example', 'www.shop.example'],
      },
    },
  });
  expect(google?.refusals).toEqual([]);
});

test('the policy entry that it prints is one that the server takes', async () => {
  const { place, init } = await openWorld('config-drift-timeout');
  const { out } = await init(
    '--project',
    place.project,
    '--out',
    join(dir, 'sitrep.yml'),
    '--repo',
    'orbit/freight',
  );
  const entry = /^repositories:\n(?: .*\n)+/mu.exec(out)?.[0] ?? '';
  expect(readPolicy(entry)).toMatchObject({
    policy: { repositories: { 'orbit/freight': { google_cloud_projects: [place.project] } } },
    errors: [],
  });
});

test('what could not be read stands in the file with its remedy, and the rest is there', async () => {
  const { place, init } = await openWorld('connector-saturated');
  google?.inject({ api: 'sqladmin.googleapis.com', kind: 'api-disabled' });
  google?.inject({ api: 'vpcaccess.googleapis.com', kind: 'denied' });
  const { code, out } = await init('--project', place.project, '--region', place.region, '--out', '-');
  expect(code).toBe(0);
  const { errors } = readRepositoryConfiguration(out);
  expect(errors).toEqual([]);
  expect(out).toMatch(/# not read: Cloud SQL instances .*gcloud services enable sqladmin\.googleapis\.com/u);
  expect(out).toMatch(
    /# not read: VPC connectors .*add-iam-policy-binding netra-staging --role=roles\/vpcaccess\.viewer/u,
  );
  // A service names the connector: that much is known without its API.
  expect(out).toContain('name: staging-connector');
});

test('a file that is there is kept, unless --force says otherwise; folders are made', async () => {
  const { place, init } = await openWorld('healthy');
  const out = join(dir, '.github', 'sitrep.yml');
  const args = ['--project', place.project, '--out', out];
  expect(await init(...args)).toMatchObject({ code: 0 });
  await writeFile(out, 'mine');
  const refused = await init(...args);
  expect(refused).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/is there already.*--force/u),
  });
  expect(await readFile(out, 'utf8')).toBe('mine');
  expect(await init(...args, '--force')).toMatchObject({ code: 0 });
  expect((await stat(out)).size).toBeGreaterThan(500);
  await mkdir(join(dir, 'folder'));
  expect(await init('--project', place.project, '--out', join(dir, 'folder'), '--force')).toMatchObject({
    code: 1,
    err: expect.stringContaining('it is a directory'),
  });
});

describe('where there is nothing to write', () => {
  test('no project is named', async () => {
    expect(await sitrep(['init'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/--project or GOOGLE_CLOUD_PROJECT/u),
    });
  });

  test('a project without services', async () => {
    const { init } = await openWorld('healthy');
    expect(await init('--project', 'another', '--out', '-')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/another has no Cloud Run service in any region/u),
    });
    expect(await init('--project', 'another', '--region', 'us-east1', '--out', '-')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/has nothing that Sitrep reads in us-east1/u),
    });
  });

  test('no credentials', async () => {
    const { place, init } = await openWorld('healthy');
    google?.inject({ api: 'oauth2.googleapis.com', kind: 'no-token' });
    expect(await init('--project', place.project, '--out', '-')).toMatchObject({
      code: 3,
      out: '',
      err: expect.stringContaining('gcloud auth application-default login'),
    });
  });
});
