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

test.each(galleryScenarios.filter(({ publicOf }) => publicOf === undefined))(
  'the gallery has every kind of $name but those that have nothing to tell there',
  async ({ name, without }) => {
    const shown = new Set<string>((await galleryOf(name)).map(({ kind }) => kind));
    expect(Object.keys(shownKinds).filter((kind) => !shown.has(kind))).toEqual(Object.keys(without));
  },
  120_000,
);

test.each(
  galleryScenarios.flatMap(({ name, publicOf = null, without }) =>
    publicOf === null ? [] : [{ name, publicOf, without }],
  ),
)(
  'of $name every kind is redacted, but those that have no page since they are as in $publicOf',
  async ({ name, publicOf, without }) => {
    const [here, there] = await Promise.all([galleryOf(name), galleryOf(publicOf)]);
    expect(new Set(here.map(({ kind }) => kind))).toEqual(new Set(Object.keys(shownKinds)));
    const alike = here.filter(
      ({ kind, markdown }) => markdown === there.find((one) => one.kind === kind)?.markdown,
    );
    expect(alike.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(without).toSorted());
  },
  120_000,
);

test.each(galleryPages)('$file has no hidden marker, and its own links are relative', async ({ file }) => {
  const page = await readFile(pathOf(file), 'utf8');
  expect(page).not.toContain('<!--');
  expect(page.startsWith('[Gallery](../gallery.md)')).toBe(true);
});
