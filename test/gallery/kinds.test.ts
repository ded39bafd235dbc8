import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { markdownRenderer } from '../../sandbox/page/markdown.ts';
import { storyOf } from '../../scripts/gallery/story.ts';
import { updatesOf, type Shown } from '../../scripts/gallery/updates.ts';
import { componentStates } from '../../src/core/states.ts';
import { cmarkHtml, countsOf, hasCmark } from './counts.ts';
import { aboveTheFold, faultsIn, missingAbove, visible } from './plain-words.ts';

/** Every kind of update of every scenario: GitHub's parser and ours see the same, and it can be read at 3 a.m. */

const scenarios = readdirSync(new URL('../../sandbox/scenarios/', import.meta.url)).toSorted();
const patience = 180_000;
/** Lines above the fold, and characters of one: on a phone some ten rows. */
const mostLines = 12;
const longestLine = 520;

const withCmark = await hasCmark();
if (!withCmark)
  process.stderr.write(
    '\n*** cmark-gfm is not installed: that GitHub sees what we see was NOT compared (apt-get install cmark-gfm) ***\n\n',
  );

test('in CI GitHub’s parser is there', () => {
  expect(process.env['CI'] === undefined || withCmark).toBe(true);
});

/** Kinds whose whole content stands open, since it is what was asked for. */
const open: ReadonlySet<string> = new Set([
  'five-whys',
  'criteria',
  'diff',
  'evidence',
  'evidence-all',
  'timeline',
  'postmortem',
  'help',
  'refusal',
]);

const named = ({ kind, title }: Shown): string => `${kind} (${title})`;

describe.each(scenarios)('%s', (name) => {
  let made: Promise<Shown[]> | null = null;
  const shown = (): Promise<Shown[]> => (made ??= storyOf(name).then(updatesOf));

  test(
    'has the same tables, rows, boxes, folds and code for GitHub’s parser and for ours',
    async () => {
      const render = markdownRenderer();
      for (const update of await shown()) {
        const ours = countsOf(render(update.markdown).markup);
        expect(ours.details, named(update)).toBe(update.markdown.match(/^<details>/gmu)?.length ?? 0);
        // Where it is not installed, which was said loudly, ours has nothing to be compared with.
        const theirs = withCmark ? countsOf(await cmarkHtml(update.markdown)) : ours;
        expect(theirs, named(update)).toEqual(ours);
      }
    },
    patience,
  );

  test(
    'says what counts above the fold, within twelve lines that can be read',
    async () => {
      const { status, checkpoint, declared } = await storyOf(name);
      const [statusTroubled, checkpointTroubled, declaredTroubled] = [status, checkpoint, declared].map(
        ({ configuration, snapshot }) =>
          Object.values(componentStates(configuration, snapshot)).some(
            ({ state }) => state === 'failing' || state === 'degraded',
          ),
      );
      const inTrouble = (kind: Shown['kind']): boolean =>
        (kind === 'declare'
          ? declaredTroubled
          : kind.startsWith('checkpoint')
            ? checkpointTroubled
            : statusTroubled) === true;
      const problems = (await shown()).flatMap((update) => {
        const above = aboveTheFold(update.markdown);
        const long = open.has(update.kind) ? [] : above.filter((line) => visible(line).length > longestLine);
        return [
          ...missingAbove(update, inTrouble(update.kind)).map((what) => `no ${what}`),
          ...(open.has(update.kind) || above.length <= mostLines ? [] : [`${String(above.length)} lines`]),
          ...long.map((line) => `${String(visible(line).length)} characters: ${visible(line)}`),
        ].map((problem) => `${named(update)}: ${problem}`);
      });
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'is written in plain words, with one rounding, and each citation once',
    async () => {
      const faults = (await shown()).flatMap((update) =>
        faultsIn(update.markdown).map((fault) => `${named(update)}: ${fault}`),
      );
      expect([...new Set(faults)]).toEqual([]);
    },
    patience,
  );
});

describe('the checks find what they are for', () => {
  test.each([
    ['1 exits with code 3', 'one of several'],
    ['time-outs are not in it (E1, E2) (E1, E3)', 'evidence cited twice'],
    ['a critical outage', 'an adjective'],
    ['recovery 33.3 % (E1)', 'a share'],
    ['`web` 200 in 0.15 s', 'a time under a second'],
    ['read 18:05 UTC UTC', 'a unit or word twice'],
    ['<details><summary>Regression of ?</summary>', 'a heading that lost a figure'],
  ])('%s', (text, fault) => {
    expect(faultsIn(text).join('\n')).toContain(fault);
  });

  test.each(['1 of 109 requests 5xx', '“a critical outage” (stated, `kim`)', '`1 exits`', '21 exits'])(
    'and let pass %s',
    (text) => {
      expect(faultsIn(text)).toEqual([]);
    },
  );

  test('a status without a line is missing it', () => {
    const markdown = '### x\n**Broken:** `a`\n**Since 17:09:** b\n**Next:** board 18:00\n\n<details>';
    expect(missingAbove({ kind: 'status', title: '', markdown }, true)).toEqual(['affected', 'next']);
  });

  test('a table that is broken for one renderer shows in the counts', () => {
    const render = markdownRenderer();
    const whole = countsOf(render('| a | b |\n| --- | --- |\n| 1 | 2 |\n').markup);
    expect(whole).toMatchObject({ tables: 1, rows: 2 });
    expect(countsOf(render('text\n| a | b\n1 | 2 |\n').markup)).toMatchObject({ tables: 0, rows: 0 });
  });
});
