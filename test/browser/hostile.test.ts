import * as fc from 'fast-check';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { openRoom, type Room } from '../sandbox/page/room.ts';
import { hostileText } from '../templates/hostile-text.ts';
import { closeBrowserAfterwards, openPage } from './open-page.ts';
import { openFolds } from './open-folds.ts';
import { hostsOf, visit } from './visit.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(() => room.page.close());
closeBrowserAfterwards();

const stateSchema = z
  .record(z.string(), z.union([z.string(), z.number()]))
  .and(z.object({ articles: z.number() }));

/** What such a text could change if it did something. */
async function stateOf(page: Page): Promise<z.infer<typeof stateSchema>> {
  const state: unknown = await page.evaluate(`(() => {
    const count = (selector) => document.querySelectorAll(selector).length;
    return {
      title: document.title,
      scripts: count('script'),
      frames: count('iframe:not(.drawing-frame)'),
      articles: count('article'),
      forms: count('form'),
      fields: count('#command'),
      parts: count('main > *'),
      pictures: count('article img[src^="http"], article video, article object'),
    };
  })()`);
  return stateSchema.parse(state);
}

it('runs nothing that a comment brings along', async (context) => {
  room.thread.say({
    by: 'mallory',
    body: '<img src="/page.css" onerror="document.title=1"><script>document.title=2</script><a href="javascript:document.title=3">click</a>',
  });
  const page = await openPage(context);
  await visit(page, room.page.url);
  await page.getByText('click').click();
  expect(await page.title()).toBe('A small outage · Sitrep sandbox');
});

it('hostile texts, as comment, name, label and title, do nothing and ask nobody', async (context) => {
  const texts = fc.sample(hostileText, { numRuns: 60, seed: 1278 });
  const page = await openPage(context);
  const seen = await visit(page, room.page.url);
  const before = await stateOf(page);
  for (const body of texts) room.thread.say({ by: body.slice(0, 30) || 'nobody', body });
  for (const label of texts.slice(0, 10)) room.thread.wear(label);
  room.thread.say({ by: 'carol', body: 'the last one' });
  await page.getByText('the last one').waitFor();
  await openFolds(page);
  expect(await stateOf(page)).toEqual({ ...before, articles: before.articles + texts.length + 1 });
  expect(hostsOf(seen)).toEqual([new URL(room.page.url).host]);
  expect(page.url()).toBe(`${room.page.url}/`);
});

it('a diagram that brings markup and addresses along runs nothing and loads nothing', async (context) => {
  const labels = [
    '<img src=x onerror=parent.document.title=1>',
    '<script>top.document.title=2</script>',
    '<img src=https://evil.example/p.png>',
    '<iframe src=https://evil.example></iframe>',
  ];
  const source = [
    '%%{init: {"securityLevel": "loose", "htmlLabels": true, "themeCSS": "@import url(https://evil.example/a.css)"}}%%',
    'flowchart LR',
    ...labels.map((label, index) => `  n${String(index)}["${label}"]`),
    '  n0 --> n1',
    '  click n0 href "javascript:alert(1)"',
    '  style n1 fill:url(https://evil.example/b)',
  ].join('\n');
  room.thread.say({ by: 'mallory', body: `\`\`\`mermaid\n${source}\n\`\`\`` });
  const page = await openPage(context);
  const seen = await visit(page, room.page.url);
  await page.locator('.drawn img, .diagram-problem').first().waitFor();
  expect(await page.title()).toBe('A small outage · Sitrep sandbox');
  expect(hostsOf(seen)).toEqual([new URL(room.page.url).host]);
  expect(await page.locator('.drawn a, .drawn script, .drawn iframe').count()).toBe(0);
});
