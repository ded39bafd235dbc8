import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { googleDescription } from '../../../scripts/descriptions/google.ts';
import { methodDescriptions } from '../../../sandbox/google/descriptions.ts';
import { methods } from '../../../sandbox/google/methods.ts';
import { matchRoute } from '../../../sandbox/google/routes.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const directory = join(root, 'sandbox', 'descriptions');

test('the description of Cloud Run is what the installed package has', async () => {
  const made = await googleDescription('run', join(root, 'node_modules'));
  expect(await readFile(join(directory, 'google-run.json'), 'utf8')).toBe(made);
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
])('%s %s is no method', (verb, path) => {
  expect(matchRoute(verb, path)).toBeNull();
});
