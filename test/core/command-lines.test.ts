import * as fc from 'fast-check';
import type { Nodes } from 'mdast';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { describe, expect, test } from 'vitest';
import { commandLines } from '../../src/core/command-lines.ts';

/** The commands found, as `name word word`. */
function found(body: string): string[] {
  return commandLines(body).map((line) => [line.name, ...line.words].join(' '));
}

describe('a command is a line of its own', () => {
  test.each<[what: string, body: string, expected: string[]]>([
    ['alone', '/status', ['status']],
    ['with an environment', '/status production', ['status production']],
    ['after text', 'Looking now.\n/status\nMore in a minute.', ['status']],
    ['with Windows line ends', 'Hi\r\n/status\r\n', ['status']],
    ['in capitals, as phones write it', '/Status', ['status']],
    ['with surplus spaces', '   /sitrep    lead   @dana  ', ['lead @dana']],
    ['with a joined dash', '/sitrep resolve —override flapped once', ['resolve --override flapped once']],
    ['a dash inside a reason stays', '/sitrep note 10–20 errors', ['note 10–20 errors']],
    ['several', '/status\n/sitrep help', ['status', 'help']],
    ['bare', '/sitrep', ['']],
    ['after a quote, without an empty line', '> look at this\n/status', ['status']],
    ['in a list item it is no line of its own', '- /status', []],
    ['in the middle of a line', 'please /status', []],
    ['a longer word of another bot', '/statuspage', []],
    ['a path', '/status/page', []],
    ['another bot', '/hold\n/retest', []],
  ])('%s', (_what, body, expected) => {
    expect(found(body)).toEqual(expected);
  });
});

describe('no command where the text is shown, quoted or hidden', () => {
  test.each<[what: string, body: string]>([
    ['quote', '> /status'],
    ['quote in a quote', '> > /status'],
    ['fence', '```\n/status\n```'],
    ['fence with tildes', '~~~sh\n/status\n~~~'],
    ['fence that is never closed', '```\n/status'],
    ['fence whose end is indented too far', '```\n\n    ```\n/status'],
    ['fence after an indented block that looks like one', '    ~~~\n\n~~~\n/status'],
    ['HTML comment after backticks', '```<!--`\n/status\n-->'],
    ['fence in a quote', '> ```\n> /status\n> ```'],
    ['indented block', 'Text\n\n    /status'],
    ['indented by a tab', 'Text\n\n\t/status'],
    ['HTML comment', '<!--\n/status\n-->'],
    ['HTML comment that is never closed', 'Text\n\n<!--\n/status'],
    ['HTML comment inside a block', '<div>\n<!--\n/status\n-->\n</div>'],
    ['HTML comment that starts in a line', 'Text <!--\n/status\n-->'],
    ['HTML comment inside pre', '<pre>\n/status\n</pre>'],
    ['fence far in a list item', '10. Try\n    ```\n    /status\n    ```'],
    ['four spaces, also below text', 'Text\n    /status'],
    ['line separators that are no line ends', '> quoted\u2028/status'],
  ])('%s', (_what, body) => {
    expect(found(body)).toEqual([]);
  });

  test('a command after each of them counts', () => {
    expect(found('> /status\n\n```\n/status\n```\n<!-- /status -->\n\n/sitrep help')).toEqual(['help']);
  });
});

/** Where remark, a full Markdown parser, sees code or an HTML comment, as half-open ranges of offsets. */
function silentRanges(body: string): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  const open: Nodes[] = [unified().use(remarkParse).parse(body)];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const comment = node.type === 'html' && node.value.startsWith('<!--');
    if (node.type === 'code' || comment) {
      ranges.push([node.position?.start.offset ?? 0, node.position?.end.offset ?? 0]);
    }
    if ('children' in node) open.push(...node.children);
  }
  return ranges;
}

test('no command is found where a full Markdown parser sees code or an HTML comment', () => {
  const piece = fc.constantFrom(
    '/status',
    '\n/status\n',
    '\n',
    '\n\n',
    '> ',
    '```',
    '~~~',
    '    ',
    '- ',
    '<!--',
    '-->',
    'word',
    '`',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const body = pieces.join('');
      const silent = silentRanges(body);
      let offset = 0;
      for (const line of body.split('\n')) {
        const shown = silent.some(([from, to]) => offset >= from && offset + line.length <= to);
        const alone = commandLines(body.slice(0, offset + line.length)).length;
        const before = commandLines(body.slice(0, Math.max(0, offset - 1))).length;
        expect(shown && alone > before, JSON.stringify(body)).toBe(false);
        offset += line.length + 1;
      }
    }),
    { numRuns: 3_000 },
  );
});

test.each(['1. ', '>\n- ', '>', '**a', '`', '<!--', '[', '- - ', '\t'])(
  'a comment full of %j is read in one pass',
  (piece) => {
    const body = `${piece.repeat(Math.floor(65_000 / piece.length))}\n\n/status`;
    expect(commandLines(body).length).toBeLessThanOrEqual(1);
  },
  1_000,
);
