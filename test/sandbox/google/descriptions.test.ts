import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { googleDescription, writtenGoogleDescriptions } from '../../../scripts/descriptions/google.ts';
import { methodDescriptions } from '../../../sandbox/google/descriptions.ts';
import { methods } from '../../../sandbox/google/methods.ts';
import { matchRoute } from '../../../sandbox/google/routes.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const directory = join(root, 'sandbox', 'descriptions');

test('the description of Cloud Run is what the installed package has', async () => {
  const made = await googleDescription('run', join(root, 'node_modules'));
  expect(await readFile(join(directory, 'google-run.json'), 'utf8')).toBe(made);
});

test('the descriptions that no package carries are those that are written down', async () => {
  for (const [file, text] of Object.entries(writtenGoogleDescriptions())) {
    expect(await readFile(join(directory, file), 'utf8')).toBe(text);
  }
});

test('every method in use is described, on the host that the stand-in answers for', () => {
  const described = Object.fromEntries(methodDescriptions.map(({ name, api }) => [name, api]));
  expect(described).toEqual(
    Object.fromEntries(Object.entries(methods).map(([name, { api }]) => [name, api])),
  );
});

test('the descriptions stay small', async () => {
  const files = (await readdir(directory)).filter((file) => file.startsWith('google-'));
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(directory, file))).size));
  expect(sizes.reduce((total, size) => total + size, 0)).toBeLessThan(600_000);
});

test.each([
  ['GET', '/v2/projects/p/locations/r/services', 'google.cloud.run.v2.Services.ListServices'],
  ['GET', '/v2/projects/p/locations/r/services/s', 'google.cloud.run.v2.Services.GetService'],
  ['GET', '/v2/projects/p/locations/r/services/s/revisions', 'google.cloud.run.v2.Revisions.ListRevisions'],
  ['GET', '/v2/projects/p/locations/r/services/s/revisions/v', 'google.cloud.run.v2.Revisions.GetRevision'],
  [
    'GET',
    '/v1/projects/p/locations/r/connectors',
    'google.cloud.vpcaccess.v1.VpcAccessService.ListConnectors',
  ],
  [
    'GET',
    '/v1/projects/p/locations/r/connectors/c',
    'google.cloud.vpcaccess.v1.VpcAccessService.GetConnector',
  ],
  ['GET', '/v1/projects/p/instances', 'google.cloud.sql.v1.SqlInstancesService.List'],
  ['GET', '/v1/projects/example.com:p/instances/i', 'google.cloud.sql.v1.SqlInstancesService.Get'],
  ['GET', '/v1/projects/p/operations', 'google.cloud.sql.v1.SqlOperationsService.List'],
  ['GET', '/v1/projects/p/operations/o', 'google.cloud.sql.v1.SqlOperationsService.Get'],
  [
    'GET',
    '/v1/projects/p/secrets/s/versions/latest',
    'google.cloud.secretmanager.v1.SecretManagerService.GetSecretVersion',
  ],
  [
    'GET',
    '/v1/projects/p/secrets/s/versions',
    'google.cloud.secretmanager.v1.SecretManagerService.ListSecretVersions',
  ],
  [
    'POST',
    '/compute/v1/projects/p/global/backendServices/b/getHealth',
    'google.cloud.compute.v1.BackendServices.GetHealth',
  ],
  [
    'GET',
    '/compute/v1/projects/p/regions/r/sslCertificates/c',
    'google.cloud.compute.v1.RegionSslCertificates.Get',
  ],
  ['GET', '/v1/projects/p/locations/global/events', 'google.cloud.servicehealth.v1.ServiceHealth.ListEvents'],
  ['GET', '/storage/v1/b/bucket/o/a%2Fb.tfstate', 'storage.objects.get'],
  ['POST', '/v2/entries:list', 'google.logging.v2.LoggingServiceV2.ListLogEntries'],
  ['GET', '/v3/projects/p/timeSeries', 'google.monitoring.v3.MetricService.ListTimeSeries'],
])('%s %s is %s', (verb, path, name) => {
  expect(matchRoute(verb, path)?.method.name).toBe(name);
});

test.each([
  ['GET', '/v2/entries:list'],
  ['POST', '/v2/projects/p/locations/r/services'],
  ['GET', '/v2/projects/p/locations/r/services/'],
  ['GET', '/v2/projects/p/locations/r/services/s:run'],
  ['GET', '/v2/projects/p/locations/r/services/%E0%A4%A'],
  ['GET', '/v2/projects/p/locations/r/services/s/revisions/v/more'],
  ['GET', '/v3/organizations/o/timeSeries'],
  // The payload of a secret is never asked for, so that nobody answers it.
  ['GET', '/v1/projects/p/secrets/s/versions/7:access'],
  ['GET', '/v1/projects/p/secrets/s/versions/latest:access'],
])('%s %s is no method', (verb, path) => {
  expect(matchRoute(verb, path)).toBeNull();
});
