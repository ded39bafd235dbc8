import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxesOf, withBox } from '../../sandbox/boxes.ts';

const fence = '```';

describe('the boxes of a text', () => {
  test.each<[string, string, [string, boolean][]]>([
    ['none in prose', 'Nothing [ ] here.\n\n- [link](x)\n- plain', []],
    [
      'one a line, ticked or not',
      '- [ ] Roll back\n- [x] Page the DBA\n* [X] Tell them',
      [
        ['Roll back', false],
        ['Page the DBA', true],
        ['Tell them', true],
      ],
    ],
    [
      'numbered',
      '1. [ ] first\n2) [ ] other',
      [
        ['first', false],
        ['other', false],
      ],
    ],
    [
      'nested',
      '- [ ] outer\n  - [x] inner',
      [
        ['outer', false],
        ['inner', true],
      ],
    ],
    ['without its markup', '- [ ] **Roll back** `api-42` now <!-- a1 -->', [['Roll back api-42 now', false]]],
    ['with what was neutralised', '- [ ] ask &#64;\u200bbob', [['ask @bob', false]]],
    ['not in code', `${fence}\n- [ ] code\n${fence}\n\n    - [ ] code\n\n- [ ] real`, [['real', false]]],
    ['not in a comment', '<!--\n- [ ] hidden\n-->\n\n- [ ] real', [['real', false]]],
    ['behind a bracket', '- [x] see [ ] and [x]', [['see [ ] and [x]', true]]],
    ['in a folded part', '<details>\n\n- [ ] folded\n\n</details>', [['folded', false]]],
    [
      'under a tab or Windows lines',
      '-\t[ ] tab\r\n- [ ] two\r\n',
      [
        ['tab', false],
        ['two', false],
      ],
    ],
  ])('%s', (_what, text, expected) => {
    expect(boxesOf(text).map((box) => [box.text, box.ticked])).toEqual(expected);
  });
});

test('a box is ticked and cleared again, and nothing else of the text changes', () => {
  const label = fc.stringMatching(/^[a-z][a-z \]*_`<>-]{0,20}[a-z]$/u);
  const line = fc.oneof(
    fc
      .tuple(fc.constantFrom('- [ ] ', '* [ ] ', '  - [ ] ', '3. [ ] '), label)
      .map(([box, text]) => box + text),
    label,
    fc.constant(''),
    fc.constant(fence),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.nat(), (lines, chosen) => {
      const text = lines.join('\n');
      const boxes = boxesOf(text);
      const box = boxes[chosen % Math.max(1, boxes.length)];
      if (!box) return;
      const ticked = withBox(text, box, true);
      const after = boxesOf(ticked);
      expect(after.map(({ ticked: is }) => is)).toEqual(boxes.map((other) => other === box));
      expect(after.map((other) => other.text)).toEqual(boxes.map((other) => other.text));
      expect(withBox(ticked, box, false)).toBe(text);
    }),
  );
});
