import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeStatus, type StatusInput } from '../../src/core/compose.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import { incident } from '../fixtures/status/incident.ts';
import { hostileText } from '../templates/hostile-text.ts';
import { allNodes, nodesOf, type Node, parseMarkdown } from '../templates/markdown-tree.ts';
import { report, seed, timeLimit, trials } from './trials.ts';

/** Fields of the input whose text comes from outside. */
const foreign = new Set([
  'value',
  'unit',
  'text',
  'revision',
  'previousRevision',
  'query',
  'console',
  'command',
  'method',
  'detail',
  'remedy',
  'by',
  'url',
  'from',
  'to',
  'key',
  'question',
  'answer',
  'mechanism',
  'summary',
  'why',
  'wouldDecide',
  'title',
  'statement',
  'name',
  'mention',
  'run',
  'phase',
  'horizon',
  'lead',
  'stage',
]);

/** The input with such texts replaced by hostile ones, in turn, or with one put behind them. */
function withTexts(input: StatusInput, texts: readonly string[]): StatusInput {
  let next = 0;
  const replaced: unknown = JSON.parse(JSON.stringify(input), (key, value: unknown) => {
    if (!foreign.has(key) || typeof value !== 'string' || /^\d{4}-\d\d-\d\dT/.test(value)) return value;
    next += 1;
    const text = texts[next % texts.length] ?? '';
    return next % 3 === 0 ? `${value}${text}` : text;
  });
  return isStatusInput(replaced) ? replaced : input;
}

function isStatusInput(value: unknown): value is StatusInput {
  return value !== null && typeof value === 'object' && 'snapshot' in value && 'configuration' in value;
}

const ourHtml = /^(?:<details><summary>[A-Za-z0-9 :,.–]*<\/summary>|<\/details>|<sub>|<\/sub>)$/;

/** Addresses that the input itself holds as links to a console or a comment, or that the configuration names. */
function linksIn(tree: Node): string[] {
  return nodesOf(tree, 'link').map((node) => node.url ?? '');
}

describe('whatever the texts of the world hold, the update keeps its form', () => {
  const texts = fc.array(hostileText, { minLength: 1, maxLength: 8 });

  test(
    'no HTML but ours, folds balanced, tables whole, no mention, link or command',
    () => {
      const numRuns = trials({ bounded: 40, full: 500 });
      fc.assert(
        fc.property(texts, (hostile) => {
          const markdown = renderUpdate(composeStatus(withTexts(incident, hostile)));
          const tree = parseMarkdown(markdown);
          const html = nodesOf(tree, 'html').map((node) => node.value ?? '');
          expect(html.filter((one) => !ourHtml.test(one))).toEqual([]);
          expect(html.filter((one) => one.startsWith('<details>')).length).toBe(
            html.filter((one) => one === '</details>').length,
          );
          expect(nodesOf(tree, 'image')).toEqual([]);
          expect(linksIn(tree).filter((url) => !url.startsWith('https://'))).toEqual([]);
          for (const table of nodesOf(tree, 'table')) {
            const widths = new Set((table.children ?? []).map((row) => row.children?.length));
            expect(widths.size).toBe(1);
          }
          const prose = nodesOf(tree, 'text').map((node) => node.value ?? '');
          const mentions = prose.flatMap((text) => text.match(/@[A-Za-z0-9][\w-]*/g) ?? []);
          expect(
            mentions.filter(
              (one) => one !== `@${withTexts(incident, hostile).snapshot.incident?.lead ?? ''}`,
            ),
          ).toEqual([]);
          expect(prose.flatMap((text) => text.match(/#\d+/g) ?? []).filter((one) => one !== '#1263')).toEqual(
            [],
          );
          for (const line of markdown.split('\n')) expect(line).not.toMatch(/^\//);
          expect(allNodes(tree).filter((node) => node.type === 'heading').length).toBe(1);
          expect(nodesOf(tree, 'table').length).toBe(markdown.match(/^\| --- \|/gm)?.length);
          expect(markdown.isWellFormed()).toBe(true);
        }),
        { numRuns, seed: seed() },
      );
      report('whole updates', { updates: numRuns });
    },
    timeLimit(30 * 60_000),
  );
});
