import { describe, expect, it } from 'vitest';
import { mermaidFence } from '../../src/templates/mermaid.ts';
import { expectDrawn } from '../browser/expect-drawn.ts';
import { drawAll, mermaidVersions, openMermaid } from '../browser/mermaid-page.ts';
import { closeBrowserAfterwards } from '../browser/open-page.ts';
import { diagramsOf } from '../templates/hostile-diagrams.ts';
import { hostileLabels } from '../templates/hostile-labels.ts';
import { report } from './trials.ts';

/** Labels that mean something to Mermaid, in every place of every kind of picture, drawn in Chromium by both versions. */

closeBrowserAfterwards();

const sourceOf = (fence: string | null): string => (fence ?? '').split('\n').slice(1, -1).join('\n');

describe.each(mermaidVersions)('Mermaid %s', (version) => {
  it('draws whatever texts come from outside as texts, and nothing else', async (context) => {
    const { page, asked } = await openMermaid(context, version);
    await page.evaluate('window.alert = () => { throw new Error("an alert") }');
    const sources = hostileLabels.flatMap((_label, place) =>
      place % 5 === 0
        ? diagramsOf(hostileLabels.slice(place, place + 6)).map((diagram) => sourceOf(mermaidFence(diagram)))
        : [],
    );
    const drawings = await drawAll(page, sources);
    for (const [place, source] of sources.entries()) expectDrawn(source, drawings[place]);
    expect(asked).toEqual([]);
    expect(await page.title()).toBe('');
    report('labels drawn', { version, labels: hostileLabels.length, diagrams: sources.length });
  }, 120_000);
});
