import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { TestContext } from 'vitest';
import { z } from 'zod';
import { openPage } from './open-page.ts';

/** GitHub does not tell which version of Mermaid draws there: so an older and the newest one have to draw ours alike. */
const files = {
  '11.4.1': fileURLToPath(import.meta.resolve('mermaid/dist/mermaid.min.js')),
  '12.0.0': fileURLToPath(import.meta.resolve('@mermaid-js/tiny')),
};
export const mermaidVersions = ['11.4.1', '12.0.0'] as const;

const drawingSchema = z.object({
  error: z.string().nullable().describe('Why it could not be drawn'),
  texts: z.array(z.string()).describe('All texts that it shows'),
  title: z.string().describe('What those hear who do not see it'),
  nodes: z.number(),
  arrows: z.number(),
  bars: z.number().describe('Columns that have a height'),
  acting: z.array(z.string()).describe('Elements that link, run or load'),
  cut: z.array(z.string()).describe('Texts of which a part lies outside'),
  letters: z.number().nullable().describe('Height of its letters on the page, in pixels; null without any'),
});

/** A picture as the browser shows it. */
export type Drawing = z.infer<typeof drawingSchema>;

/** A page that has loaded Mermaid and nothing else; what it asks the network for is noted. */
export async function openMermaid(
  context: TestContext,
  version: (typeof mermaidVersions)[number],
  { theme = 'default', ...options }: BrowserContextOptions & { theme?: 'default' | 'dark' } = {},
): Promise<{ page: Page; asked: string[] }> {
  const page = await openPage(context, options);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.setContent('<!doctype html><body style="margin:24px"></body>');
  await page.addScriptTag({ path: files[version] });
  await page.evaluate(
    `mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: '${theme}', suppressErrorRendering: true })`,
  );
  return { page, asked };
}

/** Draws each source, one below the other, and reads back what is to be seen. */
export async function drawAll(page: Page, sources: readonly string[]): Promise<Drawing[]> {
  const drawn: unknown = await page.evaluate(`(${drawInPage})(${JSON.stringify(sources)})`);
  return z.array(drawingSchema).parse(drawn);
}

/** JavaScript of the page. */
const drawInPage = `async (sources) => {
  const found = [];
  for (const source of sources) {
    const box = document.createElement('div');
    document.body.append(box);
    globalThis.drawn = (globalThis.drawn ?? 0) + 1;
    try {
      const { svg } = await mermaid.render('picture-' + drawn, source, box);
      box.innerHTML = svg;
    } catch (error) {
      const nothing = { texts: [], title: '', nodes: 0, arrows: 0, bars: 0, acting: [], cut: [], letters: null };
      found.push({ error: String(error), ...nothing });
      continue;
    }
    const svg = box.querySelector('svg');
    const all = (selector) => [...box.querySelectorAll(selector)];
    const outer = svg.getBoundingClientRect();
    const texts = all('g.node, g.edgeLabel, text').filter((one) => one.textContent.trim() !== '');
    const isCut = (one) => {
      const { left, right, top, bottom } = one.getBoundingClientRect();
      return left < outer.left - 1 || right > outer.right + 1 || top < outer.top - 1 || bottom > outer.bottom + 1;
    };
    const label = box.querySelector('.nodeLabel, .bottom-axis text, text[class*="taskText"]');
    const scale = outer.width / (svg.viewBox.baseVal.width || outer.width);
    found.push({
      error: null,
      texts: texts.map((one) => one.textContent),
      title: box.querySelector('svg > title')?.textContent ?? '',
      nodes: all('g.node').length,
      arrows: all('path.flowchart-link').length,
      bars: all('[class^="bar-plot"] rect').filter((one) => Number(one.getAttribute('height')) > 0).length,
      acting: all('a, script, image, img, iframe, object, embed, video, audio, use').map((one) => one.outerHTML),
      cut: texts.filter(isCut).map((one) => one.textContent),
      letters: label === null ? null : Number.parseFloat(getComputedStyle(label).fontSize) * scale,
    });
  }
  return found;
}`;
