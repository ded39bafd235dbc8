import { describe, expect, test } from 'vitest';
import { readRepositoryConfiguration, resolveEnvironment } from '../../src/config/repository.ts';
import type { RepositoryFile } from '../../src/config/repository.schema.ts';

/** A file that has no error. */
function read(text: string): RepositoryFile {
  const { configuration, errors } = readRepositoryConfiguration(text);
  if (configuration === null || errors.length > 0) throw new Error(JSON.stringify(errors));
  return configuration;
}

const one = read(
  "version: 1\nenvironment: staging\ncomponents: { api: { type: http, url: 'https://api.example.com' } }\n",
);

const several = `version: 1
google_cloud: { project: shared-project, region: us-central1 }
components:
  api: { type: http, url: 'https://api.example.com', depends_on: [db] }
  db: { type: cloud-sql, instance: main }
journeys: { path: { title: Path, steps: [api] } }
success_criteria:
  - { id: api, title: API, when: "components['api'].healthy" }
environments:
  staging:
    google_cloud: { project: staging-project, region: us-east1 }
    components: { api: { type: http, url: 'https://api.staging.example.com' } }
    impact: { statement: Staging is down }
  production:
    components: { cache: { type: http, url: 'https://cache.example.com' } }
`;

describe('one environment', () => {
  test('is meant without a name, and by its name', () => {
    expect(resolveEnvironment(one)).toEqual(resolveEnvironment(one, 'staging'));
    expect(resolveEnvironment(one)).toMatchObject({
      environment: 'staging',
      components: { api: { type: 'http' } },
    });
  });

  test('another name is an error that says which names exist', () => {
    expect(resolveEnvironment(one, 'prod')).toEqual({
      error: 'there is no environment prod; there is staging',
      names: ['staging'],
    });
  });
});

describe('several environments', () => {
  const file = read(several);

  test('lay their fields over those of the top level', () => {
    const staging = resolveEnvironment(file, 'staging');
    expect(staging).toMatchObject({
      environment: 'staging',
      google_cloud: { project: 'staging-project' },
      impact: { statement: 'Staging is down' },
      journeys: { path: { steps: ['api'] } },
      components: {
        api: { url: 'https://api.staging.example.com', depends_on: [] },
        db: { type: 'cloud-sql' },
      },
    });
    expect(staging).not.toHaveProperty('environments');
    expect(staging).not.toHaveProperty('components.cache');
  });

  test('without a name it is `environment`', () => {
    expect(resolveEnvironment(file)).toMatchObject({
      environment: 'production',
      google_cloud: { project: 'shared-project' },
      components: { api: { url: 'https://api.example.com' }, cache: { type: 'http' } },
    });
  });

  test('without a name and without a preference it has to be said', () => {
    const text =
      "version: 1\nenvironments:\n  east: { components: { api: { type: http, url: 'https://e.example.com' } } }\n";
    const east = read(text);
    expect(resolveEnvironment(east)).toMatchObject({ environment: 'east' });
    const both = read(
      `${text}  west: { components: { api: { type: http, url: 'https://w.example.com' } } }\n`,
    );
    expect(resolveEnvironment(both)).toEqual({
      error: 'say which environment is meant: east, west',
      names: ['east', 'west'],
    });
  });

  test('a component of one environment may be named by criteria that all share; one of none may not', () => {
    const inOne = several.replace("components['api'].healthy", "components['cache'].healthy");
    expect(readRepositoryConfiguration(inOne).errors).toEqual([]);
    const inNone = several.replace("components['api'].healthy", "components['queue'].healthy");
    expect(readRepositoryConfiguration(inNone).errors).toEqual([
      expect.objectContaining({ code: 'unknown-component', line: 8, column: 46 }),
    ]);
  });

  test('faults are found where they are written', () => {
    const text = several.replace(
      "'https://cache.example.com' }",
      "'https://cache.example.com', depends_on: [nope] }",
    );
    expect(readRepositoryConfiguration(text).errors).toEqual([
      expect.objectContaining({
        code: 'unknown-component',
        line: 15,
        column: 87,
        path: 'environments.production.components.cache.depends_on[0]',
      }),
    ]);
  });

  test('a component of one environment that cannot be read is unknown in that one only', () => {
    const faulty = several.replace("type: http, url: 'https://cache.example.com'", 'type: http');
    const { configuration } = readRepositoryConfiguration(faulty);
    expect(configuration && resolveEnvironment(configuration, 'production')).toHaveProperty('unreadable', [
      { component: 'cache', type: 'http', environment: 'production' },
    ]);
    expect(configuration && resolveEnvironment(configuration, 'staging')).not.toHaveProperty('unreadable');
  });
});

test('an owner stays where it is a contact, and is left out where it is none', () => {
  const text = `version: 1
components:
  api: { type: http, url: 'https://api.example.com', owner: web }
  other: { type: http, url: 'https://other.example.com', owner: gone }
contacts: { web: { name: Web Team } }
`;
  const { configuration } = readRepositoryConfiguration(text);
  expect(configuration && resolveEnvironment(configuration)).toMatchObject({
    components: { api: { owner: 'web' }, other: expect.not.objectContaining({ owner: 'gone' }) },
  });
});
