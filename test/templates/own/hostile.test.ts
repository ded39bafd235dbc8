import { afterAll, describe, expect, test } from 'vitest';
import { openTemplateThreads } from '../../../src/templates/own/threads.ts';
import { renderStatus, standsIn } from './render.ts';

/** Templates that were written to do harm, or by somebody in a hurry: each falls back, and none reaches anything. */

// What ends them is told by itself; what is slow on a busy machine is not ended here.
/** The limit of time has tests of its own, below. */
const threads = openTemplateThreads({ runMs: 100_000, waitMs: 100_000 });
afterAll(() => threads.close());

const chain = (length: number, last: string, step: (next: string) => string): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length }, (_, index) => [
      `partials/p${String(index)}.hbs`,
      index === length - 1 ? last : step(`p${String(index + 1)}`),
    ]),
  );

describe('falls back to the built-in one', () => {
  test.each<[what: string, code: string, place: string | null, files: Record<string, string>]>([
    ['nothing', 'template-empty', null, { 'status.hbs': '' }],
    ['64 KB of nothing', 'template-empty', null, { 'status.hbs': ' \n'.repeat(32 * 1024) }],
    [
      'what prints nothing',
      'template-empty',
      null,
      { 'status.hbs': '{{nothing}}{{#each nothing}}x{{/each}}' },
    ],
    ['one byte more than 64 KB', 'template-size', null, { 'status.hbs': 'x'.repeat(64 * 1024 + 1) }],
    ['a tag that is not closed', 'template-syntax', '2:7', { 'status.hbs': 'x\n{{#if x' }],
    ['a block that is not closed', 'template-syntax', '3:2', { 'status.hbs': 'x\n{{#if x}}\ny' }],
    ['a block that is closed twice', 'template-syntax', '1:17', { 'status.hbs': '{{#if a}}{{/if}}{{/if}}' }],
    ['another block that is closed', 'template-syntax', '2:5', { 'status.hbs': 'x\n {{#if a}}{{/each}}' }],
    ['a helper that there is not', 'template-misuse', '1:3', { 'status.hbs': 'x {{shell "ls"}}' }],
    [
      'a helper that writes to the log',
      'template-misuse',
      '1:1',
      { 'status.hbs': '{{log "x" level="error"}}' },
    ],
    ['the hook for missing helpers', 'template-misuse', '1:1', { 'status.hbs': '{{helperMissing "x"}}' }],
    ['a decorator that there is not', 'template-misuse', '1:1', { 'status.hbs': '{{* evil}}' }],
    ['if without a condition', 'template-misuse', '1:1', { 'status.hbs': '{{#if}}{{/if}}' }],
    ['if as a value', 'template-misuse', '1:1', { 'status.hbs': '{{if headline}}' }],
    ['lookup without a key', 'template-misuse', '2:1', { 'status.hbs': 'x\n{{lookup this}}' }],
    ['a partial that there is not', 'template-misuse', '1:3', { 'status.hbs': 'x {{> nowhere}}' }],
    ['a partial by a name of Object', 'template-misuse', '1:1', { 'status.hbs': '{{> constructor}}' }],
    [
      'a partial by a computed name',
      'template-partial',
      null,
      { 'status.hbs': '{{> (lookup this "kind")}}' },
    ],
    [
      'a fault in a partial',
      'template-syntax',
      '3:1',
      { 'status.hbs': '{{> a}}', 'partials/a.hbs': '\n{{#if a}}\n' },
    ],
    [
      'a partial that is refused',
      'template-size',
      null,
      { 'status.hbs': '{{> footer}}', 'partials/footer.hbs': 'x'.repeat(70_000) },
    ],
    [
      'blocks nested beyond the stack',
      'template-syntax',
      null,
      { 'status.hbs': '{{#if a}}'.repeat(3_000) + '{{/if}}'.repeat(3_000) },
    ],
    [
      'a partial that calls itself',
      'template-recursion',
      null,
      { 'status.hbs': '{{> a}}', 'partials/a.hbs': 'x{{> a}}' },
    ],
    [
      'two that call each other',
      'template-recursion',
      null,
      { 'status.hbs': '{{> a}}', 'partials/a.hbs': '{{> b}}', 'partials/b.hbs': '{{> a}}{{> a}}' },
    ],
    [
      'an inline partial that calls itself',
      'template-recursion',
      null,
      { 'status.hbs': '{{#*inline "a"}}{{> a}}{{/inline}}{{> a}}' },
    ],
    [
      'more than a comment holds',
      'template-length',
      null,
      { 'status.hbs': `{{headline}}${'x'.repeat(60_000)}` },
    ],
    [
      'more than a string can hold',
      'template-length',
      null,
      { 'status.hbs': '{{> p0}}', ...chain(30, 'x'.repeat(1_000), (next) => `{{> ${next}}}{{> ${next}}}`) },
    ],
    ['a fence that is left open', 'template-fence', null, { 'status.hbs': 'x\n```bash\n{{headline}}\n' }],
    ['a fence with too short an end', 'template-fence', null, { 'status.hbs': '````\nx\n```\n' }],
    ['a fence of tildes', 'template-fence', null, { 'status.hbs': '~~~\nx\n```\n' }],
    [
      'a fold that is left open',
      'template-tag',
      null,
      { 'status.hbs': '<details><summary>x</summary>\n\ny\n' },
    ],
    [
      'a fold that is closed twice',
      'template-tag',
      null,
      { 'status.hbs': '</details>\n\n<details></details>\n' },
    ],
    [
      'a table that is left open',
      'template-tag',
      null,
      { 'status.hbs': '<TABLE class="x"><tr><td>x</td></tr>\n' },
    ],
    ['a comment that is left open', 'template-comment', null, { 'status.hbs': 'x\n\n<!-- y\n' }],
    ['a command for bots', 'template-command', null, { 'status.hbs': '### {{headline}}\n/close\n' }],
    ['a command for bots, set in', 'template-command', null, { 'status.hbs': 'x\n  /lgtm cancel\n' }],
    ['a command for bots in a fence', 'template-command', null, { 'status.hbs': '```\n/approve\n```\n' }],
    [
      'a command for bots behind a rare line break',
      'template-command',
      null,
      { 'status.hbs': 'x\u2028/close\n' },
    ],
    [
      'a command for bots from two pieces',
      'template-command',
      null,
      { 'status.hbs': '{{#if headline}}/{{/if}}{{#if headline}}close{{/if}}' },
    ],
    [
      'the hidden marker',
      'template-marker',
      null,
      { 'status.hbs': 'x <!-- sitrep:0d9f6c6e-6a55-5d0e-9a39-000000000000 -->' },
    ],
    [
      'the hidden marker from two pieces',
      'template-marker',
      null,
      { 'status.hbs': 'x <!{{!x}}--{{nothing}} sitrep:1 -->' },
    ],
  ])('%s', async (_what, code, place, files) => {
    const laid = await renderStatus(threads, files);
    const { problem } = laid;
    expect(problem?.code).toBe(code);
    expect(standsIn(laid)).toBe(true);
    expect(problem?.line === null ? null : `${String(problem?.line)}:${String(problem?.column)}`).toBe(place);
    expect(laid.text).toContain(problem?.message.slice(0, 12));
    // It is posted, where every figure has a source.
    expect(problem?.message.replaceAll(/`[^`]*`/gu, '')).not.toMatch(/\d/u);
  });
});

describe('reaches nothing', () => {
  test.each([
    '{{constructor.constructor}}',
    '{{constructor.constructor.name}}',
    '{{__proto__}}{{__proto__.constructor}}{{__proto__.toString}}',
    '{{toString}}{{valueOf}}{{hasOwnProperty}}{{__defineGetter__}}{{__lookupGetter__}}',
    '{{#with (lookup this "constructor")}}{{this}}{{name}}{{/with}}',
    '{{#with (lookup (lookup this "constructor") "constructor")}}{{this}}{{/with}}',
    '{{#with "x" as |string|}}{{#with "e" as |list|}}{{lookup string.sub "constructor"}}{{list.push}}{{string.sub.apply}}{{/with}}{{/with}}',
    '{{#with folds.evidence.rows}}{{push}}{{map.constructor}}{{filter.constructor}}{{/with}}',
    '{{lookup folds.evidence.rows "constructor"}}{{lookup headline "constructor"}}{{headline.constructor.constructor}}',
    '{{process}}{{process.env.PATH}}{{global}}{{globalThis}}{{require}}{{module}}{{import}}{{fetch}}{{parentPort}}',
    '{{@root.constructor}}{{@root.__proto__}}{{@key.constructor}}{{@_parent}}{{@_parent.constructor}}{{@partial-block}}',
    '{{../constructor}}{{../../process}}{{../../../../x}}',
    '{{#each this}}{{@key.constructor}}{{#with (lookup this "__proto__")}}{{this}}{{/with}}{{/each}}',
    '{{#*inline "constructor"}}{{constructor}}{{/inline}}{{> constructor}}',
    '{{{constructor}}}{{&constructor}}{{[constructor]}}{{this.[constructor].[constructor]}}',
  ])('%s', async (template) => {
    const { text, problem } = await renderStatus(threads, { 'status.hbs': `[${template}]` });
    expect(problem).toBeNull();
    expect(text).toMatch(/^\[\]\n$/u);
  });

  test('with a helper as a value, which fails or prints nothing', async () => {
    for (const template of [
      '{{#with lookup}}{{this}}{{/with}}',
      '{{#each (lookup this "if")}}{{this}}{{/each}}',
      '{{lookup if "call"}}',
    ]) {
      const { text } = await renderStatus(threads, { 'status.hbs': `[${template}]` });
      expect(text).not.toMatch(/function|native|=>/u);
    }
  });
});

describe('is ended', () => {
  const each = '{{#each @root.folds}}{{#each rows}}';
  const end = '{{/each}}{{/each}}';
  const loop = { 'status.hbs': `${each.repeat(6)}{{#if nothing}}x{{/if}}${end.repeat(6)}` };

  test('by the time, and another one runs in a new thread after it', async () => {
    const strict = openTemplateThreads({ threads: 1, runMs: 300, waitMs: 60_000 });
    const laid = await renderStatus(strict, loop);
    expect(laid.problem?.code).toBe('template-time');
    expect(standsIn(laid)).toBe(true);
    let after = await renderStatus(strict, { 'status.hbs': 'fine' });
    // A machine that is busy may not give the next one its time either; then it is a machine's matter, not the thread's.
    for (let tries = 0; after.problem?.code === 'template-time' && tries < 20; tries += 1)
      after = await renderStatus(strict, { 'status.hbs': 'fine' });
    expect(after).toEqual({ text: 'fine\n', problem: null });
    await strict.close();
  });

  test('by the memory, and the process goes on', async () => {
    const small = openTemplateThreads({ threads: 1, runMs: 60_000, waitMs: 60_000, megabytes: 24 });
    const hoard = { 'status.hbs': `${each.repeat(5)}xy{{@index}}${end.repeat(5)}` };
    const laid = await renderStatus(small, hoard);
    expect(laid.problem?.code).toBe('template-memory');
    expect(standsIn(laid)).toBe(true);
    expect(await renderStatus(small, { 'status.hbs': 'fine' })).toEqual({ text: 'fine\n', problem: null });
    await small.close();
  });

  test('where all threads are taken: others wait for a while, and fall back', async () => {
    const one = openTemplateThreads({ threads: 1, runMs: 60_000, waitMs: 1_000 });
    const fine = { 'status.hbs': 'fine' };
    while ((await renderStatus(one, fine)).problem !== null);
    const looping = renderStatus(one, loop);
    const waited = await renderStatus(one, fine);
    expect(waited.problem?.code).toBe('template-waited');
    expect(standsIn(waited)).toBe(true);
    await one.close();
    expect((await looping).problem?.code).toBe('template-thread');
  });
});

describe('leaves nothing to the next one in the same thread', () => {
  const one = openTemplateThreads({ threads: 1, runMs: 20_000, waitMs: 60_000 });
  afterAll(() => one.close());
  const theirs = {
    'status.hbs': '{{#*inline "inner"}}theirs{{/inline}}{{> inner}}{{> mine}}{{> footer}}',
    'partials/mine.hbs': 'theirs',
    'partials/footer.hbs': 'theirs',
  };

  test.each([
    ['a partial', '{{> mine}}', /uses the partial `mine`/u],
    ['an inline partial', '{{> inner}}', /uses the partial `inner`/u],
  ])('%s', async (_what, text, reason) => {
    expect(await renderStatus(one, theirs)).toEqual({ text: 'theirstheirstheirs\n', problem: null });
    const after = await renderStatus(one, { 'status.hbs': text });
    expect(after.problem?.message).toMatch(reason);
  });

  test('a partial in place of ours', async () => {
    await renderStatus(one, theirs);
    const after = await renderStatus(one, { 'status.hbs': '{{> footer}}' });
    expect(after.problem).toBeNull();
    expect(after.text).toMatch(/^<sub>Sitrep/u);
  });
});

describe('is taken as it was meant', () => {
  test.each<[what: string, text: string]>([
    ['a mark of the byte order', '\uFEFFfine'],
    ['line breaks of Windows', '{{#if headline}}\r\nfine\r\n{{/if}}\r\n'],
    ['what is missing', '{{nowhere.to.be.found}}fine{{../../nor.there}}'],
    ['triple braces', '{{{nothing}}}fine'],
    ['comments of Handlebars', '{{!-- {{#if}} --}}fine'],
  ])('%s', async (_what, text) => {
    expect(await renderStatus(threads, { 'status.hbs': text })).toEqual({ text: 'fine\n', problem: null });
  });

  test('a partial that nobody uses may be broken', async () => {
    const files = { 'status.hbs': 'fine', 'partials/a.hbs': '{{#if', 'partials/b.hbs': 'x'.repeat(70_000) };
    expect(await renderStatus(threads, files)).toEqual({ text: 'fine\n', problem: null });
  });

  test('rows of folds are cut until it fits', async () => {
    const files = {
      'status.hbs':
        '{{#each folds}}{{#each rows}}{{id}}{{value}}\n{{/each}}{{#if omitted}}{{omitted}} more\n{{/if}}{{/each}}\nend',
    };
    const whole = await renderStatus(threads, files);
    const limit = Math.floor(whole.text.length / 2);
    const cut = await renderStatus(threads, files, limit);
    expect(cut.problem).toBeNull();
    expect(cut.text.length).toBeLessThanOrEqual(limit);
    expect(cut.text).toMatch(/\d more\n/u);
    expect(cut.text).toMatch(/end\n$/u);
  });
});
