import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { faultOf } from '../../../src/templates/own/judge.ts';
import { type Node, parseMarkdown } from '../markdown-tree.ts';

/** The judge reads lines; a parser of Markdown says whether it reads them right. */

const marker = '<!-- sitrep:0d9f6c6e-6a55-5d0e-9a39-000000000000 -->';

/** Whether a marker behind the text stays hidden, by the parser. */
function staysHidden(text: string): boolean {
  const last: Node | undefined = parseMarkdown(`${text}\n${marker}`).children?.at(-1);
  const item = (node: Node | undefined): Node | undefined =>
    node?.type === 'list' || node?.type === 'listItem' || node?.type === 'blockquote'
      ? item(node.children?.at(-1))
      : node;
  const end = item(last);
  return end?.type === 'html' ? (end.value ?? '').endsWith(marker) : end?.type === 'paragraph';
}

/** Lines as templates print them, between fences that may be left open. */
const line = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('', 'text', '- item', '1. item', '| a | b |', '### x', '`code`', '---'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('```', '```bash', '````text', '~~~', '``` a`b', '   ```', '`````'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '<!-- note -->',
      '`<!--`',
      '<!--',
      '-->',
      '<details><summary>s</summary>',
      '</details>',
      '<sub>',
      '<sub>x</sub>',
      '<pre>',
      '</pre>',
    ),
  },
);

test('what it lets pass hides the marker; without HTML no more than it must is refused for a fence', () => {
  let passed = 0;
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 14 }), (lines) => {
      const text = lines.join('\n');
      const fault = faultOf(text);
      if (fault === null) passed += 1;
      else fc.pre(fault.message === 'leaves a code fence open' && !lines.some((one) => one.startsWith('<')));
      expect({ text, hidden: staysHidden(text) }).toEqual({ text, hidden: fault === null });
    }),
    { numRuns: 2_000 },
  );
  expect(passed).toBeGreaterThan(200);
});

test.each<[what: string, text: string, code: string | null]>([
  ['a fence within a list item', '- x\n\n  ```bash\n  y\n  ```\n', 'template-fence'],
  ['a fence within a quote', '> ```\n> x\n\ny\n', 'template-fence'],
  ['signs of a fence in a fence', '````\n  ```\n> ```\n````\n', null],
  ['signs of a fence in HTML', '<details>\n```\n</details>\n', null],
  ['a tag within a code span', 'a `<details>` b\n', null],
  ['a tag within a fence', '```\n<details>\n```\n', null],
  ['a tag in a comment', '<!-- <details> -->\n', null],
  ['a comment over lines', '<!-- a\nb --> c\n', null],
  ['a command within a word or a path', 'see a/close or `/close`\n', null],
  ['a path in a fence behind a space', '```bash\n /usr/bin/env\n```\n', null],
  ['a path that is set in outside of a fence', '   /usr/bin/env\n', 'template-command'],
  [
    'a tag alone behind a fence, in which a fence has no effect',
    '```\n```\n<sub>\n```\n\n```\n',
    'template-fence',
  ],
  ['a tag alone behind a heading', '### x\n<sub>\n```\n\n```\n', 'template-fence'],
  ['a tag alone behind a rule', '***\n<sub>\n```\n\n```\n', 'template-fence'],
  ['a tag alone behind a comment', '<!-- x -->\n<sub>\n```\n\n```\n', 'template-fence'],
  ['a tag alone in a paragraph', 'x\n<sub>\n```\ny\n```\n', null],
  ['folds in folds', '<details><details></details></details>\n', null],
])('%s', (_what, text, code) => {
  expect(faultOf(text)?.code ?? null).toBe(code);
});
