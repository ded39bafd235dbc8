import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import { configuration, project, resource, resources, startWorld } from './world.ts';
import type { Google, World } from './world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** What is read of the secret `jwt` in the given version, by signal, and the reasons of what is not. */
async function read(version: string, google: Google = {}) {
  world = await startWorld(google);
  const components: Configuration['components'] = {
    jwt: { type: 'secret', name: 'jwt', version, depends_on: [] },
  };
  const { observations, gaps } = await collect(
    { configuration: { ...configuration, components } },
    world.deps,
  );
  expect(world.google.refusals).toEqual([]);
  return {
    values: Object.fromEntries(observations.map(({ signal, value }) => [signal, value])),
    gaps: gaps.map(({ signal, reason }) => [signal, reason]),
  };
}

const api = 'secretmanager.googleapis.com';

/** The secret with versions in these states, the oldest first. */
function versions(...states: string[]): NonNullable<Google['resources']> {
  const path = `/v1/projects/${project}/secrets/jwt`;
  const name = `projects/${project}/secrets/jwt`;
  return [
    resource(api, 'google.cloud.secretmanager.v1.Secret', path, {
      name,
      replication: { userManaged: { replicas: [{ location: 'us-east1' }, { location: 'europe-west1' }] } },
    }),
    ...states.map((state, index) =>
      resource(api, 'google.cloud.secretmanager.v1.SecretVersion', `${path}/versions/${index + 1}`, {
        name: `${name}/versions/${index + 1}`,
        createTime: new Date(Date.UTC(2025, 0, index + 1)).toISOString(),
        state,
      }),
    ),
  ];
}

describe('a secret', () => {
  it.each([
    ['latest', '3', 'ENABLED', '2025-03-01T00:00:00.000Z'],
    ['1', '1', 'DESTROYED', '2025-01-01T00:00:00.000Z'],
    ['live', '2', 'ENABLED', '2025-02-01T00:00:00.000Z'],
  ])(
    'in version %s is version %s, %s, and was last rotated with the newest',
    async (asked, number, state, created) => {
      const { values, gaps } = await read(asked);
      expect(values).toMatchObject({
        'secret.version': number,
        state,
        created,
        rotated: '2025-03-01T00:00:00.000Z',
        'version.newest_enabled': '3',
        replication: 'automatic',
        expires: '2025-06-01T00:00:00.000Z',
        'rotation.next': '2025-04-01T00:00:00.000Z',
      });
      expect(gaps).toEqual([]);
    },
  );

  it.each([
    [['ENABLED', 'DISABLED'], 'DISABLED', '1'],
    [['DESTROYED', 'DISABLED'], 'DISABLED', 'none'],
    [['ENABLED', 'DESTROYED', 'ENABLED', 'DESTROYED'], 'DESTROYED', '3'],
  ])(
    'whose versions are %j has the latest %s, and %s is the newest enabled',
    async (states, state, enabled) => {
      const { values } = await read('latest', { resources: versions(...states) });
      expect(values).toMatchObject({
        state,
        'version.newest_enabled': enabled,
        replication: 'europe-west1, us-east1',
      });
      expect(values).not.toHaveProperty('expires');
    },
  );

  it('without a version has no state, and none that is enabled', async () => {
    const { values, gaps } = await read('latest', { resources: versions() });
    expect(values).toMatchObject({ 'version.newest_enabled': 'none' });
    expect(gaps).toEqual([['state', 'no-data']]);
  });

  it('of which no version is enabled among very many is not said to have none', async () => {
    const many = Array.from({ length: 101 }, (_, index) => (index === 0 ? 'ENABLED' : 'DESTROYED'));
    const { values, gaps } = await read('latest', { resources: versions(...many) });
    expect(values).not.toHaveProperty('version.newest_enabled');
    expect(gaps).toEqual([['version.newest_enabled', 'no-data']]);
  });

  it('without the configured version keeps what is known of it', async () => {
    const { values, gaps } = await read('9');
    expect(values).toMatchObject({ rotated: '2025-03-01T00:00:00.000Z' });
    expect(values).not.toHaveProperty('state');
    expect(gaps).toEqual([['state', 'not-found']]);
  });
});

it('no collection asks for the payload of a secret', async () => {
  world = await startWorld({ resources });
  await collect({ configuration }, world.deps);
  await collect(
    {
      configuration: {
        ...configuration,
        components: { jwt: { type: 'secret', name: 'jwt', version: '2', depends_on: [] } },
      },
    },
    world.deps,
  );
  const asked = world.google.requests.filter(({ path }) => path.includes('/secrets/'));
  expect(asked.length).toBeGreaterThan(3);
  expect(world.google.requests.filter(({ path }) => path.endsWith(':access'))).toEqual([]);
});
