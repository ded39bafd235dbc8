import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergePage } from '../../../src/core/board/merge.ts';
import { pageChanges } from '../../../src/core/board/page-changes.ts';

const text = (...lines: string[]) => lines.join('\n');

describe('the page and what we write are merged', () => {
  test.each<[what: string, base: string, ours: string, theirs: string, merged: string]>([
    ['nobody touched it', text('a', 'b'), text('a', 'c'), text('a', 'b'), text('a', 'c')],
    ['Windows line ends are no change', text('a', 'b'), text('a', 'c'), 'a\r\nb\r\n', text('a', 'c')],
    [
      'a line that a person added stays',
      text('a', 'b', 'c'),
      text('A', 'b', 'c'),
      text('a', 'b', 'mine', 'c'),
      text('A', 'b', 'mine', 'c'),
    ],
    [
      'a line that a person changed stays, while we do not change it',
      text('a', 'b', 'c'),
      text('A', 'b', 'c'),
      text('a', 'b', 'mine'),
      text('A', 'b', 'mine'),
    ],
    [
      'where both changed a line ours stands, and theirs goes below',
      text('a', 'b', 'c'),
      text('a', 'ours', 'c'),
      text('a', 'mine', 'c'),
      text('a', 'ours', 'c', '', '**Notes of people**', '', 'mine'),
    ],
    [
      'notes stay where they are',
      text('a', 'b'),
      text('a', 'c'),
      text('a', 'b', '', '**Notes of people**', '', 'mine', 'more'),
      text('a', 'c', '', '**Notes of people**', '', 'mine', 'more'),
    ],
    [
      'a tick is the record’s: our box stands',
      text('- [ ] **1** Roll back', '- [ ] **2** Call'),
      text('- [ ] **1** Roll back', '- [x] **2** Call'),
      text('- [x] **1** Roll back', '- [ ] **2** Call'),
      text('- [ ] **1** Roll back', '- [x] **2** Call'),
    ],
    [
      'a reworded point goes below, without a second box, where we changed it too',
      text('a', '- [ ] **1** Roll back', 'b'),
      text('a', '- [x] **1** Roll back', 'b'),
      text('a', '- [ ] **1** Roll back at once', 'b'),
      text('a', '- [x] **1** Roll back', 'b', '', '**Notes of people**', '', '- 1: Roll back at once'),
    ],
  ])('%s', (_what, base, ours, theirs, merged) => {
    expect(mergePage({ base, ours, theirs })).toBe(merged);
  });

  test('a point that was taken over goes from where it was written', () => {
    const base = text('a', '- [ ] **1** Roll back', 'b');
    const ours = text('a', '- [ ] **1** Roll back', '- [ ] **2** Call @kim', 'b');
    const theirs = text('a', '- [ ] **1** Roll back', '- [ ] Call @kim', 'b');
    expect(mergePage({ base, ours, theirs, taken: ['Call @kim'] })).toBe(ours);
  });
});

const own = fc.constantFrom('one', 'two', 'three', '', '- [ ] **1** four', '| five |', '</details>');
const ownText = fc.array(own, { minLength: 1, maxLength: 12 });
const persons = fc.uniqueArray(fc.stringMatching(/^person [a-z]{1,6}$/u), { minLength: 1, maxLength: 4 });

function withLines(lines: readonly string[], added: readonly string[], places: readonly number[]): string[] {
  return added.reduce<string[]>(
    (result, line, index) => result.toSpliced((places[index] ?? 0) % (result.length + 1), 0, line),
    [...lines],
  );
}

const times = (page: string, line: string) => page.split('\n').filter((one) => one === line).length;

test('no line that a person added is lost or doubled, however often it is written anew', () => {
  fc.assert(
    fc.property(
      ownText,
      fc.array(ownText, { minLength: 1, maxLength: 5 }),
      persons,
      fc.array(fc.nat(50), { minLength: 4, maxLength: 4 }),
      (first, versions, added, places) => {
        let base = first.join('\n');
        let page = withLines(first, added, places).join('\n');
        for (const version of versions) {
          const ours = version.join('\n');
          page = mergePage({ base, ours, theirs: page });
          base = ours;
          for (const line of added) expect(times(page, line), line).toBe(1);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

test('without edits the page is what we write', () => {
  fc.assert(
    fc.property(ownText, ownText, (first, second) => {
      const [base, ours] = [first.join('\n'), second.join('\n')];
      expect(mergePage({ base, ours, theirs: base })).toBe(ours.trimEnd());
    }),
  );
});

describe('what people changed of the checklist', () => {
  const fence = '```';
  test.each<
    [what: string, from: string, to: string, ticks: { number: number; done: boolean }[], added: string[]]
  >([
    ['nothing', '- [ ] **1** a', '- [ ] **1** a', [], []],
    [
      'a tick',
      '- [ ] **1** a\n- [ ] **2** b',
      '- [ ] **1** a\n- [X] **2** b',
      [{ number: 2, done: true }],
      [],
    ],
    ['a box that was cleared', '- [x] **1** a', '- [ ] **1** a', [{ number: 1, done: false }], []],
    ['a reworded point that was ticked', '- [ ] **1** a', '- [x] **1** b', [{ number: 1, done: true }], []],
    ['a line that went', '- [x] **1** a', 'nothing', [], []],
    ['a number that we did not write', 'nothing', '- [x] **9** a', [], []],
    ['a new point', '- [ ] **1** a', '- [ ] **1** a\n* [ ] Call @kim', [], ['Call @kim']],
    ['one that was there before', '- [ ] mine', '- [ ] mine\n- [ ] more', [], ['more']],
    ['one that is done already', '', '- [x] done', [], []],
    ['a box in code', '', `${fence}\n- [ ] code\n${fence}`, [], []],
  ])('%s', (_what, from, to, ticks, added) => {
    expect(pageChanges(from, to)).toEqual({ ticks, added });
  });
});
