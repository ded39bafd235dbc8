import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { changesOf } from '../../scripts/changelog.ts';
import { version } from '../../src/version.ts';

const changelog = await readFile(path.join(import.meta.dirname, '..', '..', 'CHANGELOG.md'), 'utf8');
const headings = [...changelog.matchAll(/^## (.*)$/gmu)].map(([, heading = '']) => heading);

test('every heading is a semantic version with its date, but for the first, which may be unreleased', () => {
  const released = headings[0] === 'Unreleased' ? headings.slice(1) : headings;
  for (const heading of released) expect(heading).toMatch(/^\d+\.\d+\.\d+ - \d{4}-\d{2}-\d{2}$/u);
  const numbers = released.map((heading) => heading.split(' ')[0] ?? '');
  const newestFirst = numbers.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  expect(numbers).toEqual(newestFirst);
});

test('the version of the package has its heading, or is still to be named', () => {
  expect([`${version} - `, 'Unreleased'].some((start) => headings[0]?.startsWith(start))).toBe(true);
});

test('a release tells what belongs to its version', () => {
  const text =
    '# Changelog\n\n## 1.1.0 - 2026-12-02\n\n- New.\n  More of it.\n\n## 1.0.0 - 2026-12-01\n\n- First.\n';
  expect(changesOf(text, '1.1.0')).toBe('- New.\n  More of it.');
  expect(changesOf(text, '1.0.0')).toBe('- First.');
  expect(() => changesOf(text, '1.2.0')).toThrow('has no heading for 1.2.0');
  expect(() => changesOf(text, '1.0')).toThrow('has no heading');
});
