import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { derived, pathOf } from '../../scripts/derive.ts';
import { galleryOf, galleryPages, galleryScenarios } from '../../scripts/docs-gallery.ts';
import { shownKinds } from '../../scripts/gallery/updates.ts';

test.each(derived)(
  '$file is up to date (node scripts/derive.ts writes it)',
  async ({ file, content }) => {
    expect(await readFile(pathOf(file), 'utf8')).toBe(await content());
  },
  120_000,
);

test('no page of the gallery is left from before', async () => {
  const pages = await readdir(pathOf('docs/gallery'));
  expect(pages.toSorted()).toEqual(galleryPages.map(({ file }) => basename(file)).toSorted());
});

test.each(galleryScenarios)(
  'the gallery has every kind of $name but those that have nothing to tell there',
  async ({ name, without }) => {
    const shown = new Set<string>((await galleryOf(name)).map(({ kind }) => kind));
    expect(Object.keys(shownKinds).filter((kind) => !shown.has(kind))).toEqual(Object.keys(without));
  },
  120_000,
);

test.each(galleryPages)('$file has no hidden marker, and its own links are relative', async ({ file }) => {
  const page = await readFile(pathOf(file), 'utf8');
  expect(page).not.toContain('<!--');
  expect(page.startsWith('[Gallery](../gallery.md)')).toBe(true);
});
