import { readdir, readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { format, resolveConfig } from 'prettier';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadScenario, scenarioJsonSchema } from '../../sandbox/scenario/load.ts';

const root = new URL('../../', import.meta.url);
const schemaFile = new URL('sandbox/scenario.schema.json', root);
const names = await readdir(new URL('sandbox/scenarios/', root));

async function scenarioOf(name: string): Promise<Record<string, unknown>> {
  const text = await readFile(new URL(`sandbox/scenarios/${name}/scenario.yml`, root), 'utf8');
  const scenario: Record<string, unknown> = parse(text);
  return scenario;
}

it('scenario.schema.json is the one derived from the form (`vitest run test/scenarios --update` writes it)', async () => {
  const options = await resolveConfig(schemaFile.pathname);
  const derived = await format(JSON.stringify(scenarioJsonSchema()), { ...options, parser: 'json' });
  await expect(derived).toMatchFileSnapshot(schemaFile.pathname);
});

describe('the JSON Schema judges as the loader does', () => {
  let accepts: (scenario: unknown) => boolean;
  beforeAll(async () => {
    const schema: unknown = JSON.parse(await readFile(schemaFile, 'utf8'));
    const ajv = addFormats.default(new Ajv2020({ strict: false }));
    if (typeof schema !== 'object' || schema === null) throw new Error('the schema is no object');
    accepts = ajv.compile(schema);
  });

  it.each(names)('accepts %s', async (name) => {
    expect(accepts(await scenarioOf(name))).toBe(true);
  });

  it.each([
    ['an unknown field', { weather: 'fine' }],
    ['a time without a zone', { start: '2026-03-03T10:00:00' }],
    ['a role that GitHub has not', { people: { carol: { role: 'owner' } } }],
    ['a step that is none', { script: [{ wait: '5m' }] }],
    ['no issue', { issues: [] }],
  ])('refuses %s', async (_, change) => {
    expect(accepts({ ...(await scenarioOf('healthy')), ...change })).toBe(false);
  });
});

describe('every scenario that is shipped', () => {
  it.each(names)('%s: loads, with configuration, policy, expectation and a script', async (name) => {
    const { scenario, configuration, policy, expected } = await loadScenario(name);
    expect(configuration).toContain('version: 1');
    expect(policy).toContain('google_cloud_projects');
    expect(expected?.figures.length).toBeGreaterThan(0);
    expect(scenario.script.length).toBeGreaterThan(0);
  });
});
