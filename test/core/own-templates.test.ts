import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { updateKinds } from '../../src/core/view-model/kinds.ts';
import { acceptTemplates, type FoundTemplate } from '../../src/core/own-templates/own-templates.ts';

const kilobyte = 1024;

function file(path: string, text: string | null = 'x', size = Buffer.byteLength(text ?? '')): FoundTemplate {
  return { path, text, size };
}

const partials = (count: number, text: string): FoundTemplate[] =>
  Array.from({ length: count }, (_, index) => file(`partials/p${String(index).padStart(2, '0')}.hbs`, text));

test('the kinds are the files of the built-in templates', () => {
  const files = readdirSync(new URL('../../src/templates/', import.meta.url)).filter((name) =>
    name.endsWith('.hbs'),
  );
  expect(updateKinds).toEqual(files.map((name) => name.slice(0, -'.hbs'.length)).sort());
});

describe('what is refused, and why', () => {
  test.each<[path: string, file: Partial<FoundTemplate>, reason: RegExp, remedy: RegExp]>([
    ['statsu.hbs', {}, /no kind of update/u, /did you mean status\.hbs/u],
    ['zebra.hbs', {}, /no kind of update/u, /the kinds are brief, checkpoint/u],
    ['../status.hbs', {}, /no kind of update/u, /./u],
    ['partials/../status.hbs', {}, /no name/u, /letters/u],
    ['partials/a/b.hbs', {}, /no name/u, /letters/u],
    ['partials/.hbs', {}, /no name/u, /letters/u],
    ['partials/__proto__.hbs', {}, /no name/u, /letters/u],
    ['partials/a b.hbs', {}, /no name/u, /letters/u],
    ['status.hbs', { size: 64 * kilobyte + 1 }, /larger than a template may be/u, /shorten it to 64 KB/u],
    ['status.hbs', { text: null }, /no text that can be read/u, /save it as UTF-8/u],
  ])('%s %o', (path, changed, reason, remedy) => {
    const { kinds, partials: own, refused } = acceptTemplates([{ ...file(path), ...changed }]);
    expect({ ...kinds, ...own }).toEqual({});
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ file: path, line: null, column: null });
    expect(refused[0]?.message).toMatch(reason);
    // It is posted, where every figure has a source.
    expect(refused[0]?.message).not.toMatch(/\d/u);
    expect(refused[0]?.remedy).toMatch(remedy);
  });

  test('beyond 40 files: kinds come first, what is refused for another reason does not count', () => {
    const found = [...partials(45, 'x'), file('status.hbs'), file('zebra.hbs')];
    const accepted = acceptTemplates(found);
    expect(Object.keys(accepted.kinds)).toEqual(['status']);
    expect(Object.keys(accepted.partials)).toHaveLength(39);
    expect(accepted.refused.map(({ code }) => code)).toEqual([
      'template-kind',
      ...Array(6).fill('template-count'),
    ]);
  });

  test('beyond 256 KB together; a smaller one behind it still fits', () => {
    const accepted = acceptTemplates([
      ...partials(4, 'x'.repeat(60 * kilobyte)),
      file('partials/q.hbs', 'x'.repeat(20 * kilobyte)),
      file('partials/r.hbs', 'x'.repeat(10 * kilobyte)),
    ]);
    expect(Object.keys(accepted.partials)).toEqual(['p00', 'p01', 'p02', 'p03', 'r']);
    expect(accepted.refused).toMatchObject([{ file: 'partials/q.hbs', code: 'template-total' }]);
  });

  test('thousands of files make no endless list', () => {
    const found = Array.from({ length: 5_000 }, (_, index) => file(`zebra${String(index)}.hbs`));
    expect(acceptTemplates(found).refused.length).toBeLessThanOrEqual(100);
  });
});

test('what is no template is left alone', () => {
  expect(acceptTemplates([file('README.md'), file('status.txt', null)])).toEqual({
    kinds: {},
    partials: {},
    refused: [],
  });
});

test('exactly 64 KB is accepted; marks and line breaks of Windows go', () => {
  const accepted = acceptTemplates([
    file('status.hbs', 'x'.repeat(64 * kilobyte)),
    file('brief.hbs', '\uFEFFa\r\nb\rc'),
    file('partials/constructor.hbs', 'x'),
  ]);
  expect(accepted.refused).toEqual([]);
  expect(accepted.kinds['brief']).toBe('a\nb\nc');
  expect(Object.keys(accepted.partials)).toEqual(['constructor']);
});
