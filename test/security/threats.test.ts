import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..');
const text = await readFile(path.join(root, 'SECURITY.md'), 'utf8');

/** The tests that SECURITY.md names, from the root; without a folder they are in this one. */
const named = [...text.matchAll(/`((?:test\/)?[\w/.-]+\.test\.ts)`/gu)].map(([, file = '']) =>
  file.startsWith('test/') ? file : `test/security/${file}`,
);

test.each([...new Set(named)])('%s, which SECURITY.md names, is there', async (file) => {
  expect((await stat(path.join(root, file))).isFile()).toBe(true);
});

test('each suite of this folder stands for a threat that SECURITY.md tells', async () => {
  const suites = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.test.ts'));
  const here = path.basename(import.meta.filename);
  expect(suites.length).toBeGreaterThan(30);
  expect(suites.filter((file) => file !== here && !named.includes(`test/security/${file}`))).toEqual([]);
});
