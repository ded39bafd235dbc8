import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodesOf, parseMarkdown, textOf } from '../templates/markdown-tree.ts';
import { expectKeptPicture, upperPart } from './kept-picture.ts';
import { closeBrowserAfterwards, openPage } from './open-page.ts';
import { openStillSandbox, type StillSandbox } from './still-sandbox.ts';
import { visit } from './visit.ts';

/**
 * The walk of `docs/tutorial.md` on the real page, step by step: what it has people write, what it quotes, and the
 * pictures that it shows. `npm run screenshots` takes these anew.
 */

let still: StillSandbox;
beforeEach(async () => {
  still = await openStillSandbox('connector-saturated');
});
afterEach(() => still.close());
closeBrowserAfterwards();

const density = 1.5;
const desktop = { width: 1280, height: 730 };
/** High enough for a whole comment. */
const tall = { width: 1280, height: 1_500 };
const phone = { width: 390, height: 2_000 };
const unmoved = { animations: 'disabled', caret: 'hide' } as const;

const tutorial = parseMarkdown(await readFile(new URL('../../docs/tutorial.md', import.meta.url), 'utf8'));

/** What the page has people write: each stands in a fence of its own. */
const toBeWritten = nodesOf(tutorial, 'code')
  .map(({ value = '' }) => value)
  .filter((value) => value.startsWith('/'));

/** What the page quotes of Sitrep's comments; `…` stands where words are left out. */
const quoted = nodesOf(tutorial, 'blockquote')
  .flatMap((quote) => nodesOf(quote, 'paragraph').flatMap((paragraph) => textOf(paragraph).split('\n')))
  .flatMap((line) => line.split('…').map((part) => part.trim()))
  .filter((part) => part !== '');

/** Plays one walk, and keeps what was written on it. */
function walkOn(page: Page) {
  const written: string[] = [];

  async function settled(): Promise<void> {
    await still.sandbox.rest();
    await page.getByText('Sitrep works on').waitFor({ state: 'detached' });
  }

  async function write(by: string, command: string): Promise<void> {
    written.push(command);
    await page.getByLabel('Write as').selectOption(by);
    await page.getByRole('combobox', { name: 'Command' }).fill(command);
    await page.keyboard.press('Enter');
    await page.getByText(command, { exact: true }).and(page.locator('p')).last().waitFor();
    await settled();
  }

  async function tick(by: string, box: string): Promise<void> {
    const board = page.getByRole('article').filter({ hasText: 'Pinned' });
    await page.getByLabel('Write as').selectOption(by);
    await board.getByRole('checkbox', { name: box }).check();
    await board.getByText('Checklist 1/6 done').waitFor();
    await settled();
  }

  async function advance(distance: string, until: string): Promise<void> {
    await page.getByRole('button', { name: `Advance the clock by ${distance}` }).click();
    await page.getByText(`${until} UTC`).waitFor({ timeout: 120_000 });
    await page.getByText('The clock moves on').waitFor({ state: 'detached' });
    await settled();
  }

  /** The comment of Sitrep that holds the text, the last one. */
  const comment = (text: string): Locator =>
    page.getByRole('article').filter({ hasText: 'sitrep[bot]' }).filter({ hasText: text }).last();

  return { written, write, tick, advance, comment };
}

/** How far below the window's upper edge it begins. */
async function topOf(part: Locator): Promise<number> {
  return (await part.boundingBox())?.y ?? 0;
}

/** The graph beside the thread is that of this look, and drawn. */
async function expectGraphOf(page: Page, summary: string): Promise<void> {
  await page.getByText(summary).waitFor();
  const graph = page.locator('#graph img');
  // Red is drawn at first by this look.
  await expect
    .poll(async () => decodeURIComponent((await graph.getAttribute('src')) ?? ''))
    .toContain('#cf222e');
  await page.evaluate("document.querySelector('#graph img').decode()");
}

/** The page as somebody sees it who has scrolled to a comment. */
async function viewAt(page: Page, comment: Locator): Promise<Buffer> {
  await page.setViewportSize(desktop);
  await expectGraphOf(page, '6 failing, 1 degraded, 6 healthy');
  const id = (await comment.getAttribute('id')) ?? '';
  // What comes into view above it takes its height only then.
  await expect
    .poll(async () => {
      await page.evaluate(`document.getElementById('${id}').scrollIntoView()`);
      return Math.round(await topOf(comment));
    })
    .toBe(80);
  return page.screenshot({ ...unmoved, scale: 'css' });
}

/** A comment down to its first fold. */
async function upTo(page: Page, comment: Locator, size: { width: number; height: number }): Promise<Buffer> {
  await page.setViewportSize(size);
  await comment.scrollIntoViewIfNeeded();
  const height = (await topOf(comment.locator('details').first())) - (await topOf(comment));
  return upperPart(await comment.screenshot(unmoved), Math.floor(height * density));
}

it('docs/tutorial.md leads from /status to the postmortem, by what it shows', async (context) => {
  const page = await openPage(context, { viewport: desktop, deviceScaleFactor: density });
  const { complaints } = await visit(page, still.url);
  const { written, write, tick, advance, comment } = walkOn(page);

  await write('carol', '/status');
  await expectKeptPicture('update', await viewAt(page, comment('Do now, no owner')));
  await write('carol', '/sitrep evidence E276');
  await expectKeptPicture('evidence', await comment('Evidence E276:').screenshot(unmoved));
  await write('alice', '/sitrep lead');
  await write('bob', '/sitrep resolve');
  await expectKeptPicture('not-resolved', await upTo(page, comment('P0 not resolved'), tall));

  await tick('bob', 'Move backend traffic');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectKeptPicture('living-comment', await upTo(page, comment('Checklist 1/6'), phone));
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(desktop);
  await advance('30 minutes', '18:35:00');
  await write('bob', '/sitrep stage mitigating');
  await write('bob', '/sitrep note traffic of the backend is back on 00749-6tr at 18:21');

  await advance('30 minutes', '19:05:00');
  await advance('10 minutes', '19:15:00');
  await comment('2 h checkpoint').waitFor();
  await write('carol', '/sitrep criteria');
  await write(
    'alice',
    '/sitrep resolve --override logins go to production, staging waits for a larger connector',
  );
  await page.getByText('Closed', { exact: true }).waitFor();
  await write('alice', '/sitrep postmortem');

  expect(written).toEqual(toBeWritten);
  const { sandbox } = still;
  const said = sandbox.github
    .thread(sandbox.loaded.scenario.focus)
    .filter(({ bot }) => bot)
    .map(({ body }) => textOf(parseMarkdown(body)))
    .join('\n');
  expect(quoted.length).toBeGreaterThan(8);
  expect(quoted.filter((words) => !said.includes(words))).toEqual([]);
  expect([...sandbox.github.refusals, ...sandbox.google.refusals, ...complaints]).toEqual([]);
}, 300_000);
