import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configurationPage, schemaFile } from '../../scripts/docs-configuration.ts';
import { processEnvironment } from '../../src/config/environment.ts';
import { variables } from '../../src/config/variables.ts';

const file = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const example = file('docs/sitrep.example.yml');

/** `node scripts/docs-configuration.ts` writes both. */
describe('what is derived from the code is up to date', () => {
  test('docs/configuration.md', async () => {
    expect(file('docs/configuration.md')).toBe(await configurationPage(example));
  });

  test('sitrep.schema.json', () => {
    expect(file('sitrep.schema.json')).toBe(schemaFile());
  });
});

describe('sitrep.schema.json as an editor uses it', () => {
  const ajv = new Ajv({ allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(JSON.parse(file('sitrep.schema.json')));

  test('takes the example', () => {
    expect(validate(parse(example))).toBe(true);
  });

  test.each([
    ['no version', { components: {} }],
    ['an unknown key', { version: 1, checkpoint: ['2h'] }],
    ['a duration that is none', { version: 1, checkpoints: ['2 hours'] }],
    ['a component without its name', { version: 1, components: { a: { type: 'cloud-run' } } }],
    ['a type that is none', { version: 1, components: { a: { type: 'lambda' } } }],
    ['an id with a capital', { version: 1, components: { A: { type: 'google-region' } } }],
  ])('refuses %s', (_name, data) => {
    expect(validate(data)).toBe(false);
  });
});

test('the page names every variable', () => {
  const page = file('docs/configuration.md');
  expect(Object.keys(variables).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('the environment is that of the process', () => {
  expect(processEnvironment()['PATH']).toBe(process.env['PATH']);
});
