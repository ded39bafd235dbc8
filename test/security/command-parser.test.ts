import { describe, expect, test, vi } from 'vitest';
import { commandLines, type CommandLine } from '../../src/core/command-lines.ts';
import type { Random } from '../faults/random.ts';
import { linearity } from './linear.ts';
import { patternsInSource } from './patterns.ts';
import { candidates, shownAsText } from './shown-commands.ts';
import { report, seededRandom, timeLimit, trials } from './trials.ts';

/** Comments of anybody: which lines are commands, and how long it takes to tell. */

/** Each command has a number, by which it is known again. */
const written = [
  '/status N',
  '/sitrep note N',
  '/Status N',
  '/SITREP  resolve   —override N',
  '/sitrep ack N `x`',
  '/sitrep note N [a](b) <b>',
  '/status: N',
  '/statuspage N',
  '/\u017Ftatus N',
  '/status\u0301 N',
  '\\/status N',
  '&#47;status N',
  'please /status N',
];

const pieces = [
  [
    '\n',
    '\n',
    '\n',
    '\n\n',
    '\n\n',
    '\r\n',
    '\r',
    ' ',
    '  ',
    '   ',
    '    ',
    '\t',
    '\u00A0',
    '\u2028',
    '\uFEFF',
  ],
  [
    'word',
    'e\u0301',
    '*',
    '**',
    '~~',
    '_',
    '#',
    '# ',
    '---',
    '===',
    '***',
    '\\',
    '&lt;',
    '@a',
    'https://a.b/c',
  ],
  [
    '> ',
    '>',
    '- ',
    '* ',
    '1. ',
    '2) ',
    '10. ',
    '- [ ] ',
    '-\n',
    '[^1]: ',
    '[^1]',
    '[a]:',
    '[a]: /b',
    "'",
    '"',
  ],
  ['```', '```sh', '````', '~~~', '`', '`', '``', '```x`'],
  [
    '<!--',
    '-->',
    '<!-->',
    '<div>',
    '</div>',
    '<details>',
    '</details>',
    '<pre>',
    '</pre>',
    '<b>',
    '<b',
    '<a href="',
    '>',
  ],
  [
    '<?',
    '? >',
    '?>',
    '<![CDATA[',
    ']]>',
    '<!X',
    '<https://a.b>',
    '<script>',
    '</script>',
    '<summary>',
    'a <b c',
    '$',
    '$$',
  ],
  ['[', ']', '](', ')', '![', '](<', '(', '|', '| a |', '|-|', ':-:', '-|-', '| - |'],
].flat();

/** What opens and closes within a line or over lines, and what a line may begin with. */
const signs = [
  ['`', '`', '``', '```', '~~~', '$', '<!--', '-->', '<?', '?>', '<!X', '<![CDATA[', ']]>', '<', '>', '!'],
  ['<a b="', '<a ', '<a>', '"', "'", '[', '](', '](<', '(', ')', '\\', 'a', ' ', '<div>', '<pre>', '</pre>'],
  ['> ', '- ', '1. ', '* ', '  ', '    ', '[a]:', '[^1]: ', '|-', '|'],
].flat();

/** A comment of a few lines, every third of them a command and the others a few signs. */
function lineByLine(random: Random): string {
  const lines = Array.from({ length: 2 + random.below(7) }, (_, index) => {
    const end = random.chance(0.1) ? '\n\n' : '\n';
    if (random.chance(0.35)) return `${random.chance(0.2) ? '  ' : ''}/status n${String(index)}x${end}`;
    return Array.from({ length: random.below(6) }, () => random.pick(signs)).join('') + end;
  });
  return lines.join('');
}

/** A comment of many pieces, every fourth of them a command. */
function comment(random: Random, most: number): string {
  let body = '';
  for (let count = 1 + random.below(most); count > 0; count -= 1) {
    if (random.chance(0.25))
      body += `${random.chance(0.8) ? '\n' : ''}${random.pick(written)}${random.chance(0.8) ? '\n' : ''}`;
    else body += random.pick(pieces);
  }
  let number = 0;
  return body.replaceAll(/\bN\b/gu, () => `n${String((number += 1))}x`);
}

const numberIn = (text: string): string => /\bn\d+x\b/u.exec(text)?.[0] ?? '';

/** The line as the parser says that it read it, and as it was written: modulo case, dashes and spaces. */
function sameWords({ name, words, written: line }: CommandLine): boolean {
  const read = [name, ...words].join(' ');
  const plain = line
    .trim()
    .replace(/^\/(?:sitrep|(?=status))\s*/iu, '')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll('—', '--');
  return read.toLowerCase() === plain.toLowerCase() && words.every((word) => plain.includes(word));
}

describe('of a comment of anything', () => {
  const count = trials({ bounded: 2_000, full: 50_000 });

  test(
    'no line is a command but a line of a paragraph, and it says what was written',
    { timeout: timeLimit(1_800_000) },
    (context) => {
      const random = seededRandom(context);
      let found = 0;
      let shown = 0;
      for (let trial = 0; trial < count; trial += 1) {
        const body = trial % 2 === 0 ? comment(random, 24) : lineByLine(random);
        const commands = commandLines(body);
        const isText = shownAsText(body);
        const lines = candidates(body);
        shown += lines.filter(
          ({ offset, text }) => isText(offset) && /^\/(?:status|sitrep)\s/iu.test(text),
        ).length;
        for (const command of commands) {
          const line = lines.find(({ text }) => numberIn(text) === numberIn(command.written));
          expect(
            line !== undefined && isText(line.offset),
            `${command.written} in ${JSON.stringify(body)}`,
          ).toBe(true);
          expect(sameWords(command), command.written).toBe(true);
        }
        found += commands.length;
      }
      // Where nothing were found, nothing were wrong.
      expect(found / shown).toBeGreaterThan(0.3);
      report('command parser', {
        comments: count,
        'lines of a paragraph': shown,
        'taken as commands': found,
        wrong: 0,
      });
    },
  );
});

/** Blocks as people write them, each with an empty line behind it. */
const blocks = [
  'Looking now, `backend` is down; see [the runbook](https://a.b/c "why").',
  '/status N',
  '/sitrep note N the pool is full',
  'Text before.\n/sitrep ack N\nText behind.',
  '- one\n- two\n\n  /status N',
  '> /status N\n> quoted',
  '```sh\n/status N\n```',
  '~~~\n\n/status N\n\n~~~',
  '    /status N',
  '<!-- /status N -->',
  '<!--\n\n/status N\n\n-->',
  '<details>\n<summary>Log</summary>\n\n```\n/status N\n```\n\n</details>',
  '| a | b |\n|---|---|\n| /status N | 2 |',
  '1. Run\n   ```\n   /status N\n   ```\n2. Wait',
  '- ```\n  /status N\n  ```',
  '# Update',
  'A line\n---',
];

test(
  'of blocks with an empty line between them, the commands are exactly the lines of paragraphs',
  { timeout: timeLimit(600_000) },
  (context) => {
    const random = seededRandom(context);
    const count = trials({ bounded: 300, full: 5_000 });
    for (let trial = 0; trial < count; trial += 1) {
      let number = 0;
      const body = Array.from({ length: 1 + random.below(8) }, () => random.pick(blocks))
        .join('\n\n')
        .replaceAll(/\bN\b/gu, () => `n${String((number += 1))}x`);
      const isText = shownAsText(body);
      const expected = candidates(body).filter(({ offset }) => isText(offset));
      expect(
        commandLines(body).map(({ written: line }) => numberIn(line)),
        body,
      ).toEqual(expected.map(({ text }) => numberIn(text)));
    }
  },
);

/** What parsers of Markdown were slow with, to GitHub's limit of 65,536 characters. */
const slow: readonly string[] = [
  '> ',
  '>',
  '- ',
  '1. ',
  '- - ',
  '```\n',
  '- ```\n',
  '  ```\n',
  '`',
  '` `` ',
  '`\n',
  '<!--',
  '<!-- \n',
  '<',
  '<a ',
  '<a b="',
  '[',
  '](',
  '[a](',
  '![',
  '[^',
  '\\',
  '**a',
  'e\u0301',
  ' ',
  '\t',
  '|-',
  '<div>\n',
  '- <pre>\n',
  '/status\n',
  '`\n/status\n',
  '1) [^a]: ',
  '<?',
  '<!X ',
  '$a',
  '](a "',
  '1. ```\n',
  '>\n- ',
  '1.\n',
];

function filled(piece: string, length: number): string {
  return `/status\n\n${piece.repeat(Math.ceil(length / piece.length)).slice(0, length - 20)}\n\n/status`;
}

/** How often a text is held against a pattern; that each pattern is linear itself is told below. */
function stepsOf(body: string): number {
  const applied = vi.spyOn(RegExp.prototype, 'exec');
  try {
    commandLines(body);
    return applied.mock.calls.length;
  } finally {
    applied.mockRestore();
  }
}

function timeOf(body: string, times: number): number {
  const from = performance.now();
  for (let again = 0; again < times; again += 1) commandLines(body);
  return performance.now() - from;
}

/**
 * How much longer four times the text takes, up to GitHub's limit: the median of pairs that are measured side by side, each
 * for some ms. Linear: 4, and what collecting the memory adds; quadratic: 16.
 */
function growthOf(piece: string): number {
  const [one, two] = [filled(piece, 16_384), filled(piece, 65_536)];
  const warm = Array.from({ length: 3 }, () => timeOf(two, 1)).at(-1) ?? 0;
  const times = Math.max(1, Math.ceil(10 / Math.max(warm, 0.1)));
  const ratios = Array.from({ length: 11 }, () => timeOf(two, times) / timeOf(one, times));
  return ratios.sort((a, b) => a - b).at(5) ?? NaN;
}

describe('a comment that is made to be slow', () => {
  test.each(slow)('of %j is read in steps that grow as its length does', (piece) => {
    const [one, two] = [stepsOf(filled(piece, 4_096)), stepsOf(filled(piece, 8_192))];
    expect(one).toBeGreaterThan(0);
    expect(two).toBeLessThanOrEqual(2.1 * one + 20);
  });

  test.each([4].slice(0, trials({ bounded: 0, full: 1 })))(
    'takes at most nine times as long at %i times the length',
    { timeout: 600_000 },
    () => {
      const ratios = slow.map((piece) => {
        const ratio = growthOf(piece);
        expect(ratio, JSON.stringify(piece)).toBeLessThanOrEqual(9);
        return ratio;
      });
      report('linear time of the command parser', {
        bodies: slow.length,
        'largest ratio for four times the length': Math.max(...ratios).toFixed(2),
      });
    },
  );
});

test('every regular expression of the parser is linear, as recheck tells', { timeout: 120_000 }, async () => {
  const own = /^core\/(?:command-lines|comment-blocks|comment-inlines)\.ts$/u;
  const patterns = patternsInSource().filter(({ file }) => own.test(file));
  expect(patterns.length).toBeGreaterThan(15);
  for (const { pattern } of patterns) expect(await linearity(pattern)).toMatchObject({ linear: true });
  expect(await linearity(/^(?:a+)+$/u)).toMatchObject({ linear: false });
});
