import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { faultOf } from '../../src/templates/own/judge.ts';
import type { Laid } from '../../src/templates/own/render-with.ts';
import { openTemplateThreads } from '../../src/templates/own/threads.ts';
import { readTemplates } from '../../src/templates/read-templates.ts';
import { renderStatus, standsIn } from '../templates/own/render.ts';
import { report, seed, timeLimit, trials } from './trials.ts';

const threads = openTemplateThreads({ runMs: 20_000, waitMs: 60_000 });
afterAll(() => threads.close());

const tried = trials({ bounded: 300, full: 5_000 });

const builtIn = Object.fromEntries(readTemplates('.'));
const texts = ['brief', 'status', 'living', 'declare'].map((kind) => builtIn[kind] ?? '');

const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    '{{',
    '}}',
    '{{{',
    '{{#if ',
    '{{/if}}',
    '{{/each}}',
    '{{else}}',
    '{{^}}',
    '{{#each folds}}',
    '{{> status}}',
    '{{> fold}}',
    '{{> @partial-block}}',
    '{{lookup ',
    '(',
    ')',
    '../',
    '@root.',
    '[',
    ']',
    '|',
    ' as |x|',
    '~',
    '{{!--',
    '--}}',
    '"',
    '=',
    '{{constructor}}',
    '__proto__',
    '\n/close\n',
    '\n```\n',
    '<details>',
    '</details>',
    '<!--',
    '\0',
    '\uD800',
    '\\{{',
  ),
);

/** A change at a place (a share of the length): characters cut out, something put in. */
const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(12), put: piece });

const mutated = fc
  .tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 4 }))
  .map(([text, changes]) =>
    changes.reduce((now, { at, cut, put }) => {
      const start = Math.floor(at * now.length);
      return now.slice(0, start) + put + now.slice(start + cut);
    }, text),
  );

/** Whether a place is one of the text. */
function isIn(text: string, line: number | null, column: number | null): boolean {
  const length = line === null ? undefined : text.split('\n')[line - 1]?.length;
  return length !== undefined && column !== null && column >= 1 && column <= length + 1;
}

const aboutTheText = /^template-(?:empty|marker|command|fence|comment|tag|length|partial|recursion)$/u;

/** How it ended; anything else is what must not be. */
function ending(text: string, laid: Laid): string {
  const { problem } = laid;
  if (problem === null) {
    const isShort = Array.from(laid.text).length <= 60_000;
    return isShort && faultOf(laid.text) === null ? 'posted' : `posted though it may not: ${laid.text}`;
  }
  if (!standsIn(laid)) return `not replaced by the built-in one: ${laid.text}`;
  if (problem.message === '' || problem.remedy === '') return 'without a reason';
  if (problem.code === 'template-syntax' || problem.code === 'template-misuse')
    return isIn(text, problem.line, problem.column) ? 'placed' : `no such place: ${JSON.stringify(problem)}`;
  return aboutTheText.test(problem.code) ? 'judged' : `not told apart: ${JSON.stringify(problem)}`;
}

test(
  'a template with mistakes gives a text that may be posted, or the built-in one and the reason with its place',
  { timeout: timeLimit(1_800_000) },
  async () => {
    const ended = { posted: 0, placed: 0, judged: 0 };
    await fc.assert(
      fc.asyncProperty(mutated, async (text) => {
        const end = ending(text, await renderStatus(threads, { 'status.hbs': text }));
        if (end === 'posted' || end === 'placed' || end === 'judged') ended[end] += 1;
        expect({ text, end }).toEqual({ text, end: expect.stringMatching(/^(?:posted|placed|judged)$/u) });
      }),
      { seed: seed(), numRuns: tried },
    );
    expect(ended.posted + ended.placed + ended.judged).toBe(tried);
    expect(Math.min(ended.posted, ended.placed, ended.judged)).toBeGreaterThan(tried / 100);
    report('templates, mutated', { tried, ...ended });
  },
);
