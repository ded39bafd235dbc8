import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPolicy } from '../../src/config/policy.ts';
import { readRepositoryConfiguration, resolveEnvironment } from '../../src/config/repository.ts';
import { repositorySchema } from '../../src/config/repository.schema.ts';
import type { RepositoryFile } from '../../src/config/repository.schema.ts';

const example = readFileSync(new URL('../../docs/sitrep.example.yml', import.meta.url), 'utf8');

const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    '*a',
    '&a',
    '!x',
    '{',
    '}',
    '[',
    ']',
    ':',
    '- ',
    '|',
    '>',
    "'",
    '"',
    '\n',
    '\t',
    '? ',
    '---\n',
    '#',
    '%YAML 1.1\n',
    '<<: ',
    'null',
    '__proto__: 1',
    '0x1',
    '~',
  ),
);

/** A change at a place (a share of the length): characters cut out, something put in. */
const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(12), put: piece });

const mutated = (text: string) =>
  fc.array(change, { minLength: 1, maxLength: 5 }).map((changes) =>
    changes.reduce((now, { at, cut, put }) => {
      const start = Math.floor(at * now.length);
      return now.slice(0, start) + put + now.slice(start + cut);
    }, text),
  );

/** The errors that do not stand in the text or do not say what to do: there should be none. */
function unsound(
  text: string,
  errors: readonly { line: number; column: number; message: string; remedy: string }[],
): unknown[] {
  const lines = text.split('\n');
  return errors.filter(({ line, column, message, remedy }) => {
    const length = lines[line - 1]?.length;
    const isPlace = length !== undefined && column >= 1 && column <= length + 1;
    return !isPlace || message === '' || remedy === '';
  });
}

test('a mutated file is read without throwing, its errors have places, and what is left is sound', () => {
  fc.assert(
    fc.property(mutated(example), (text) => {
      const { configuration, errors } = readRepositoryConfiguration(text);
      expect(unsound(text, errors)).toEqual([]);
      const file: RepositoryFile = configuration ?? repositorySchema.parse({ version: 1 });
      const { unreadable, ...rest } = file;
      expect(repositorySchema.safeParse(rest).success).toBe(true);
      expect(unreadable === undefined || errors.length > 0).toBe(true);
      const resolved = resolveEnvironment(rest);
      const components = 'error' in resolved ? {} : resolved.components;
      const targets = Object.values(components).flatMap(({ depends_on, via }) => [
        ...depends_on,
        ...(via === undefined ? [] : [via]),
      ]);
      expect(Object.keys(components)).toEqual(expect.arrayContaining(targets));
    }),
    { numRuns: 400 },
  );
});

test('any data in place of a part are read without throwing', () => {
  const paths = [
    'version',
    'environment',
    'google_cloud',
    'labels',
    'components',
    'journeys',
    'success_criteria',
    'escalation',
    'contacts',
    'checkpoints',
    'plan',
    'prevention',
    'environments',
    'impact',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 3 }), (path, value) => {
      const text = JSON.stringify({
        version: 1,
        components: { a: { type: 'secret', name: 'a' } },
        [path]: value,
      });
      expect(unsound(text, readRepositoryConfiguration(text).errors)).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test('a mutated policy grants nothing where it has an error', () => {
  const policy =
    'repositories:\n  "a/*":\n    google_cloud_projects: [my-project]\n    probe_hosts: ["*.example.com"]\n';
  fc.assert(
    fc.property(mutated(policy), (text) => {
      const read = readPolicy(text);
      expect(unsound(text, read.errors)).toEqual([]);
      expect(read.policy === null).toBe(read.errors.length > 0);
    }),
    { numRuns: 300 },
  );
});

test.each([100, 1_000, 2_500, 5_000, 9_000, 30_000])(
  '%s brackets within each other are read without throwing',
  (depth) => {
    const text = `version: 1\nplan: ${'['.repeat(depth)}${']'.repeat(depth)}\n`;
    expect(readRepositoryConfiguration(text).errors).not.toEqual([]);
  },
);
