import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Diagram } from '../../src/core/diagram.ts';
import { labelText, mermaidLabel } from '../../src/templates/mermaid-label.ts';
import { mermaidFence } from '../../src/templates/mermaid.ts';
import { diagramsOf } from '../templates/hostile-diagrams.ts';
import { hostileLabels } from '../templates/hostile-labels.ts';
import { hostileText } from '../templates/hostile-text.ts';
import { parseMarkdown } from '../templates/markdown-tree.ts';
import { decoded, skeletonOf } from '../templates/mermaid-source.ts';
import { report, seed, timeLimit, trials } from './trials.ts';

/** Whatever texts come from outside: a label is a label, and a diagram is the diagram that was meant. */

const labels = trials({ bounded: 1_000, full: 20_000 });
const diagrams = trials({ bounded: 100, full: 2_000 });

const sourceOf = (diagram: Diagram): string =>
  (mermaidFence(diagram) ?? '').split('\n').slice(1, -1).join('\n');

const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...hostileLabels) },
  { weight: 3, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
);

test(
  'a label is letters, digits, spaces and numbers of characters only, and reads as the text that was meant',
  () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const label = mermaidLabel(text);
        expect(label).toMatch(/^(?:[\p{L}\p{Nd} ]|#\d+;)+$/u);
        expect(decoded(label)).toBe(labelText(text));
        expect(label).not.toContain('ﬂ');
      }),
      { numRuns: labels, seed: seed() },
    );
  },
  timeLimit(30 * 60_000),
);

test(
  'whatever the texts, the diagram around them stays what it is, in one fence',
  () => {
    const plain = diagramsOf(['a']).map((diagram) => skeletonOf(sourceOf(diagram)));
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 6 }), (texts) => {
        const drawn = diagramsOf(texts);
        expect(drawn.map((diagram) => skeletonOf(sourceOf(diagram)))).toEqual(plain);
        for (const diagram of drawn) {
          const tree = parseMarkdown(`<details>\n\n${mermaidFence(diagram) ?? ''}\n\n</details>\n`);
          expect((tree.children ?? []).map(({ type, lang }) => lang ?? type)).toEqual([
            'html',
            'mermaid',
            'html',
          ]);
        }
      }),
      { numRuns: diagrams, seed: seed() },
    );
  },
  timeLimit(30 * 60_000),
);

test('the counts are told', () => {
  report('labels of pictures', { labels, 'sets of diagrams': diagrams });
  expect(hostileLabels.length).toBeGreaterThanOrEqual(60);
});
