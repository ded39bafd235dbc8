import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { fenced, foreignProse, inlineCode } from '../../src/templates/neutralise.ts';
import { hostileText } from '../templates/hostile-text.ts';
import { allNodes, nodesOf, parseMarkdown, type Node } from '../templates/markdown-tree.ts';
import { report, seed, timeLimit, trials } from './trials.ts';

const texts = trials({ bounded: 1_000, full: 20_000 });
const tables = trials({ bounded: 200, full: 2_000 });
const limit = timeLimit(30 * 60_000);

/** What must never come of foreign text. */
function actsIn(tree: Node): string[] {
  const forbidden = new Set([
    'link',
    'linkReference',
    'image',
    'imageReference',
    'html',
    'definition',
    'footnoteReference',
    'footnoteDefinition',
    'delete',
    'strong',
    'emphasis',
  ]);
  return allNodes(tree)
    .filter((node) => forbidden.has(node.type))
    .map((node) => node.type);
}

/** What GitHub itself finds in the text of a rendered comment, outside code. */
const triggers: [string, RegExp][] = [
  ['mention', /@[A-Za-z0-9]/],
  ['reference', /#\d/],
  ['reference by GH-', /(?:^|[^A-Za-z0-9])GH-\d/i],
  ['commit', /(?:^|[^0-9A-Za-z])[0-9a-f]{7,40}(?![0-9A-Za-z])/i],
  ['address', /:\/\/|www\.[^\s]/i],
  ['emoji', /:(?!\d\d:)[a-z0-9_+-]+:/],
];

function triggersIn(tree: Node): string[] {
  const text = nodesOf(tree, 'text').map((node) => node.value ?? '');
  return triggers.filter(([, pattern]) => text.some((one) => pattern.test(one))).map(([name]) => name);
}

const hidden =
  /(?![\n\t])\p{Cc}|[\u061c\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad]|[\u{e0000}-\u{e0fff}]/u;

afterAll(() => report('neutralisers', { 'texts, of each of four properties': texts, tables }));

describe('foreign text in a line', () => {
  test(
    'prose stays one paragraph in which nothing acts',
    () => {
      fc.assert(
        fc.property(hostileText, (text) => {
          const markdown = foreignProse(text);
          const tree = parseMarkdown(markdown);
          expect(actsIn(tree)).toEqual([]);
          expect(triggersIn(tree)).toEqual([]);
          expect((tree.children ?? []).map((node) => node.type)).toEqual(['paragraph']);
          expect(markdown).not.toMatch(hidden);
          expect(markdown).not.toContain('\n');
          expect(markdown).not.toMatch(/^\s*\//);
          expect(markdown.isWellFormed()).toBe(true);
        }),
        { numRuns: texts, seed: seed() },
      );
    },
    limit,
  );

  test(
    'a short value is one code span, whatever it holds',
    () => {
      fc.assert(
        fc.property(hostileText, (text) => {
          const markdown = inlineCode(text);
          const [paragraph, ...rest] = parseMarkdown(`a ${markdown} b`).children ?? [];
          expect(rest).toEqual([]);
          const types = (paragraph?.children ?? []).map((node) => node.type);
          expect(types).toEqual(markdown === '(empty)' ? ['text'] : ['text', 'inlineCode', 'text']);
          expect(markdown).not.toMatch(hidden);
        }),
        { numRuns: texts, seed: seed() },
      );
    },
    limit,
  );
});

describe('foreign text in a table', () => {
  test(
    'keeps its rows and columns',
    () => {
      const cell = fc.tuple(hostileText, hostileText);
      fc.assert(
        fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), (rows) => {
          const lines = rows.map(([a, b]) => `| ${inlineCode(a)} | ${foreignProse(b)} |`);
          const tree = parseMarkdown(['| A | B |', '| --- | --- |', ...lines].join('\n'));
          expect((tree.children ?? []).map((node) => node.type)).toEqual(['table']);
          const found = nodesOf(tree, 'tableRow').map((row) => row.children?.length);
          expect(found).toEqual(Array.from({ length: rows.length + 1 }, () => 2));
          expect(actsIn(tree)).toEqual([]);
          expect(triggersIn(tree)).toEqual([]);
        }),
        { numRuns: tables, seed: seed() },
      );
    },
    limit,
  );
});

describe('foreign text in a fence', () => {
  test(
    'stays in it, and no line reads as a command of some bot',
    () => {
      fc.assert(
        fc.property(hostileText, (text) => {
          const fence = fenced(text, 'text');
          const tree = parseMarkdown(`<details>\n\n${fence}\n\n</details>\n`);
          expect((tree.children ?? []).map((node) => node.type)).toEqual(['html', 'code', 'html']);
          for (const line of fence.split('\n')) expect(line).not.toMatch(/^\s*\//);
          expect(fence).not.toMatch(hidden);
        }),
        { numRuns: texts, seed: seed() },
      );
    },
    limit,
  );
});

describe('secrets', () => {
  test(
    'do not survive next to anything else',
    () => {
      const written = fc.constantFrom(
        'password=hunter22',
        'postgres://u:hunter22@db/x',
        'Bearer hunter22abc',
        '"api_key": "hunter22"',
      );
      const around = fc.array(fc.constantFrom('a', '\n', ' ', '|', '<b>', '@x', '\u200b', '/'), {
        maxLength: 6,
      });
      fc.assert(
        fc.property(around, written, around, (before, secret, after) => {
          const text = `${before.join('')} ${secret} ${after.join('')}`;
          for (const shown of [foreignProse(text), inlineCode(text), fenced(text, 'text')])
            expect(shown).not.toContain('hunter22');
        }),
        { numRuns: texts, seed: seed() },
      );
    },
    limit,
  );
});
