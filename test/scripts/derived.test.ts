import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { derived, pathOf } from '../../scripts/derive.ts';

test.each(derived)('$file is up to date (node scripts/derive.ts writes it)', async ({ file, content }) => {
  expect(await readFile(pathOf(file), 'utf8')).toBe(await content());
});
