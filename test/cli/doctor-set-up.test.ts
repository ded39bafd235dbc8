import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { doctorFindings } from '../../src/composition/doctor-report.ts';
import { reportText } from '../../src/cli/doctor/report-text.ts';
import type { DoctorCheck } from '../../src/composition/doctor-check.ts';
import { sitrep } from './run.ts';
import { openWorld, type World } from './world.ts';

/** What `sitrep doctor` says of the set-up, against the stand-ins of GitHub and Google. There is no database here. */

let world: World;
let lift: (() => void)[] = [];
let variables: Record<string, string>;
const project = 'netra-staging';

beforeAll(async () => {
  world = await openWorld('connector-saturated');
});
afterAll(() => world.close());
beforeEach(async () => {
  const policy = join(world.dir, 'sitrep.policy.yml');
  await writeFile(
    policy,
    `repositories: { netra-systems/netra-apex: { google_cloud_projects: [${project}] } }`,
  );
  variables = { ...world.variables, SITREP_POLICY: policy, DATABASE_URL: join(world.dir, 'none') };
  world.github.deliverTo('http://127.0.0.1:9/api/github/webhooks');
  world.github.refusals.length = 0;
});
afterEach(() => {
  for (const end of lift) end();
  lift = [];
});

const google = (fault: Parameters<World['google']['inject']>[0]) => lift.push(world.google.inject(fault));

interface Looked {
  code: number;
  text: string;
  checks: DoctorCheck[];
}

async function look(change: Record<string, string | undefined> = {}, ...args: string[]): Promise<Looked> {
  const environment = { ...variables, ...change };
  const { code, out, err } = await sitrep(['doctor', '--json', ...args], environment);
  expect(err).toBe('');
  const found = doctorFindings.parse(JSON.parse(out));
  return { code, text: reportText(found), checks: found.checks };
}

const ofKind = ({ checks }: Looked, about: DoctorCheck['about']) =>
  checks.filter((check) => check.about === about);
const wrongs = ({ checks }: Looked) => checks.filter(({ state }) => state === 'wrong');

test('where everything is in order nothing of the set-up is wrong, and nothing was changed', async () => {
  const before = world.github.requests.length;
  const looked = await look();
  expect(wrongs(looked)).toEqual([]);
  expect(looked.text).toContain('ok       environment: every variable that is set can be read');
  expect(looked.text).toMatch(/ok {7}github app: Sitrep \(sitrep\) has every permission and event/u);
  expect(looked.text).toContain('ok       installations: 1 of 1 work (netra-systems)');
  expect(looked.text).toContain(
    'ok       webhook: http://127.0.0.1:9/api/github/webhooks, JSON, certificate verified',
  );
  expect(looked.text).toContain('policy: 1 repository (netra-systems/netra-apex); 1 project (netra-staging)');
  for (const api of ['run', 'logging', 'monitoring', 'vpcaccess', 'sqladmin', 'secretmanager', 'compute'])
    expect(looked.text).toContain(`ok       google: ${project} ${api}.googleapis.com`);
  expect(world.github.requests.slice(before).every(({ write }) => !write)).toBe(true);
  expect([...world.google.refusals, ...world.github.refusals]).toEqual([]);
});

describe('the environment', () => {
  test('every problem at once, beside what can be looked at all the same', async () => {
    const looked = await look({ PORT: 'web', LOG_LEVEL: 'loud', APP_ID: 'x' });
    expect(looked.code).toBe(1);
    expect(
      ofKind(looked, 'environment').map(({ state, text }) => `${state} ${text.split(' ')[0] ?? ''}`),
    ).toEqual(['wrong LOG_LEVEL', 'wrong APP_ID', 'wrong PORT']);
    expect(ofKind(looked, 'github app')).toMatchObject([{ state: 'not looked at' }]);
    expect(ofKind(looked, 'google').length).toBeGreaterThan(5);
  });

  const none = { APP_ID: undefined, PRIVATE_KEY: undefined, WEBHOOK_SECRET: undefined };
  test('before there is an App: what makes one', async () => {
    const looked = await look({ ...none, SITREP_POLICY: undefined });
    expect(wrongs(looked)).toEqual([]);
    expect(looked.text).toMatch(
      /not looked at github app: none of its credentials is set.*sitrep start makes the App/u,
    );
    expect(looked.text).toMatch(/not looked at policy: SITREP_POLICY is not set.*sitrep init/u);
    expect(looked.text).toMatch(/not looked at google: no project is named/u);
  });

  test('in production the credentials are missing', async () => {
    const looked = await look({ ...none, NODE_ENV: 'production' });
    expect(ofKind(looked, 'environment')).toHaveLength(3);
    expect(looked.text).toMatch(/WRONG {4}environment: APP_ID is not set\. Set it to the App ID/u);
  });

  test('no secret is told', async () => {
    const { text } = await look({ PRIVATE_KEY: 'not-a-key-but-secret' });
    expect(text).not.toContain('not-a-key-but-secret');
    expect(text).not.toContain(world.variables['WEBHOOK_SECRET']);
  });
});

describe('the GitHub App', () => {
  test('a key that is not its own', async () => {
    const { text, code } = await look({ APP_ID: '7' });
    expect(code).toBe(1);
    expect(text).toMatch(/WRONG {4}github app: GitHub does not know the App.*404.*Compare APP_ID/u);
  });

  test('permissions that an installation has not accepted, and one that is suspended', async () => {
    const { installationId } = world.github.app;
    world.github.accept(installationId, { metadata: 'read', issues: 'read' });
    const pending = await look();
    expect(pending.text).toMatch(
      /WRONG {4}installations: that of netra-systems has not accepted issues: write, contents: read.*accepts the new permissions at https:\/\/github\.com\/organizations\/netra-systems\/settings\/installations\/\d+/u,
    );
    world.github.suspend(installationId, true);
    const suspended = await look();
    world.github.suspend(installationId, false);
    world.github.accept(installationId, { ...allPermissions });
    expect(suspended.text).toMatch(/WRONG {4}installations: that of netra-systems has been suspended since/u);
  });

  test('a webhook that leads elsewhere', async () => {
    world.github.deliverTo('http://127.0.0.1:9/');
    const { text } = await look();
    expect(text).toMatch(
      /WRONG {4}webhook: http:\/\/127\.0\.0\.1:9\/ does not end in \/api\/github\/webhooks\. Set at https/u,
    );
    world.github.deliverTo(null);
    expect((await look()).text).toMatch(/WRONG {4}webhook: the App has no webhook address/u);
  });

  test('deliveries that did not arrive', async () => {
    const other = await openWorld('crash-on-start');
    other.github.deliverTo('http://127.0.0.1:9/api/github/webhooks');
    await other.github.comment('carol', 13, 'nobody hears this');
    const { text, code } = await look(other.variables);
    await other.close();
    expect(code).toBe(1);
    expect(text).toMatch(
      /WRONG {4}webhook: of the last 1 deliveries 1 did not arrive; the last one, issue_comment at .*, got 502/u,
    );
  });

  test('GitHub that does not answer does not hold the rest', async () => {
    lift.push(
      world.github.inject({ kind: 'unavailable', pathIncludes: '/app/installations', times: Infinity }),
    );
    const { text, checks } = await look();
    expect(text).toMatch(/WRONG {4}installations: GitHub could not be asked: 503/u);
    expect(checks.some(({ about, state }) => about === 'webhook' && state === 'ok')).toBe(true);
  });
});

const allPermissions = {
  issues: 'write',
  contents: 'read',
  pull_requests: 'read',
  deployments: 'read',
  actions: 'read',
  checks: 'read',
  metadata: 'read',
};

describe('Google', () => {
  test('without credentials: how to get some, once', async () => {
    google({ api: 'oauth2.googleapis.com', kind: 'no-token' });
    const looked = await look();
    expect(wrongs(looked)).toMatchObject([
      {
        about: 'google credentials',
        remedy: expect.stringContaining('gcloud auth application-default login'),
      },
    ]);
  });

  test('an API that is denied, and one that is not enabled: the command for each', async () => {
    google({ api: 'sqladmin.googleapis.com', kind: 'denied' });
    google({ api: 'vpcaccess.googleapis.com', kind: 'api-disabled' });
    const { text, code } = await look();
    expect(code).toBe(1);
    expect(text).toMatch(
      /WRONG {4}google: netra-staging sqladmin\.googleapis\.com: Cloud SQL instances: denied: .*gcloud projects add-iam-policy-binding netra-staging --role=roles\/cloudsql\.viewer/u,
    );
    // A service goes through a connector: so the API is in use.
    expect(text).toMatch(
      /WRONG {4}google: netra-staging vpcaccess\.googleapis\.com: .*api-disabled.*gcloud services enable vpcaccess\.googleapis\.com --project=netra-staging/u,
    );
  });

  test('one that is not enabled and that nothing needs is not wrong', async () => {
    google({ api: 'compute.googleapis.com', kind: 'api-disabled' });
    const looked = await look();
    expect(wrongs(looked)).toEqual([]);
    expect(looked.text).toMatch(
      /not looked at google: netra-staging compute\.googleapis\.com: it is not enabled, and no service shows to need it; .*gcloud services enable compute/u,
    );
  });

  test('with a configuration: the APIs that it needs, and no others', async () => {
    google({ api: 'compute.googleapis.com', kind: 'api-disabled' });
    const named = await look({ SITREP_POLICY: undefined }, '--config', world.config);
    expect(named.text).toMatch(
      /WRONG {4}google: netra-staging compute\.googleapis\.com: .*gcloud services enable/u,
    );
    expect(named.text).toContain(`ok       google: ${project} storage.googleapis.com`);
    const small = join(world.dir, 'small.yml');
    await writeFile(
      small,
      `version: 1\ngoogle_cloud: { project: ${project}, region: us-central1 }\ncomponents: { a: { type: cloud-sql, instance: staging-shared-postgres } }\n`,
    );
    const { checks } = await look({ SITREP_POLICY: undefined }, '--config', small);
    expect(checks.filter(({ about }) => about === 'google').map(({ text }) => text.split(' ')[1])).toEqual([
      'sqladmin.googleapis.com',
      'monitoring.googleapis.com',
    ]);
  });
});

test('what hangs holds nothing: it is told after its time, and the rest is there', async () => {
  const hanging = createServer(() => undefined);
  await new Promise<void>((resolve) => {
    hanging.listen(0, '127.0.0.1', resolve);
  });
  const address = hanging.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  google({ api: 'monitoring.googleapis.com', kind: 'hang' });
  const { out, code } = await sitrep(['doctor'], { ...variables, GHE_HOST: `127.0.0.1:${String(port)}` });
  hanging.closeAllConnections();
  hanging.close();
  expect(code).toBe(1);
  expect(out).toMatch(/WRONG {4}github app: GitHub could not be asked/u);
  expect(out).toMatch(
    /WRONG {4}google: netra-staging monitoring\.googleapis\.com: metrics: timeout: no answer within 4\.5 s/u,
  );
  expect(out).toContain(`ok       google: ${project} logging.googleapis.com`);
});
