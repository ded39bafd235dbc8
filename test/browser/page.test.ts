import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRoom, type Room } from '../sandbox/page/room.ts';
import { closeBrowserAfterwards, openPage } from './open-page.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom('Login is **down**.\n<!-- sitrep:hidden -->');
});
afterEach(() => room.page.close());
closeBrowserAfterwards();

/** Opens the page and notes what the browser complains of and whom it asks. */
async function visit(page: Page): Promise<{ complaints: string[]; hosts: Set<string> }> {
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.goto(room.page.url);
  return { complaints, hosts };
}

const styleOf = (page: Page, selector: string, property: string): Promise<unknown> =>
  page.evaluate(`getComputedStyle(document.querySelector('${selector}')).${property}`);

describe('the thread', () => {
  it('shows the issue, without complaint and from its own host only', async (context) => {
    const page = await openPage(context);
    const { complaints, hosts } = await visit(page);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Staging is down #7');
    expect(await page.getByRole('article').locator('strong', { hasText: 'down' }).count()).toBe(1);
    expect(await page.content()).not.toContain('sitrep:hidden');
    expect(await styleOf(page, '.label', 'backgroundColor')).toBe('rgb(182, 2, 5)');
    expect(complaints).toEqual([]);
    expect([...hosts].filter(Boolean)).toEqual([new URL(room.page.url).host]);
  });

  it('follows what happens: comment, reaction, progress, label', async (context) => {
    const page = await openPage(context);
    await visit(page);
    const command = room.thread.say({ by: 'carol', body: '/status' });
    await page.getByText('carol commented').waitFor();
    room.thread.react(command.id, 'eyes');
    await page.getByText('Sitrep is reading…').waitFor();
    await page.getByRole('img', { name: 'eyes' }).waitFor();
    room.thread.say({ by: 'sitrep[bot]', bot: true, body: '### P0 investigating' });
    room.thread.react(command.id, 'rocket');
    room.thread.label('regression');
    await page.getByRole('heading', { name: 'P0 investigating' }).waitFor();
    await page.getByText('New comment by sitrep[bot].').waitFor();
    await page.getByText('regression').waitFor();
    await page.getByText('Sitrep is reading…').waitFor({ state: 'detached' });
    expect(await page.getByRole('article').count()).toBe(3);
  });

  it('keeps a fold open that a reader has opened', async (context) => {
    const fold = room.thread.say({
      by: 'sitrep[bot]',
      bot: true,
      body: '<details><summary>More</summary>\n\ninner\n\n</details>',
    });
    const page = await openPage(context);
    await visit(page);
    await page.getByText('More').click();
    await page.getByText('inner').waitFor();
    room.thread.react(fold.id, 'heart');
    await page.getByRole('img', { name: 'heart' }).waitFor();
    expect(await page.getByText('inner').isVisible()).toBe(true);
  });

  it('runs nothing that a comment brings along', async (context) => {
    room.thread.say({
      by: 'mallory',
      body: '<img src="/page.css" onerror="document.title=1"><script>document.title=2</script><a href="javascript:document.title=3">click</a>',
    });
    const page = await openPage(context);
    await visit(page);
    await page.getByText('click').click();
    expect(await page.title()).toBe('A small outage · Sitrep sandbox');
  });
});

describe('writing', () => {
  it('as a chosen person, by button and by keyboard', async (context) => {
    const page = await openPage(context);
    await visit(page);
    await page.getByLabel('Write as').selectOption('mallory');
    await page.getByLabel('Comment', { exact: true }).fill('Timeout is 75.0 s');
    await page.getByRole('button', { name: 'Comment' }).click();
    await page.getByText('mallory commented').waitFor();
    expect(await page.getByLabel('Comment', { exact: true }).inputValue()).toBe('');
    await page.getByLabel('Comment', { exact: true }).fill('second');
    await page.keyboard.press('Control+Enter');
    await page.getByText('second').and(page.locator('p')).waitFor();
    expect(room.thread.thread(7)).toMatchObject([
      { by: 'mallory', body: 'Timeout is 75.0 s' },
      { body: 'second' },
    ]);
  });

  it('/status with one press, and the clock with another', async (context) => {
    const page = await openPage(context);
    await visit(page);
    await page.getByRole('button', { name: '/status' }).click();
    await page.getByText('alice commented').waitFor();
    await page.getByRole('button', { name: 'Advance the clock by 30 minutes' }).click();
    await page.getByText('2025-09-15 18:35:00 UTC').waitFor();
    expect(room.thread.thread(7)).toMatchObject([{ by: 'alice', body: '/status' }]);
  });

  it('says why a comment was refused, and keeps its text', async (context) => {
    const page = await openPage(context);
    await visit(page);
    await page.getByLabel('Comment', { exact: true }).fill('x'.repeat(65_537));
    await page.getByRole('button', { name: 'Comment' }).click();
    await page.getByRole('alert').filter({ hasText: 'Too big' }).waitFor();
    expect((await page.getByLabel('Comment', { exact: true }).inputValue()).length).toBe(65_537);
  });
});

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  it('fits a phone, with a wide table and a long command in it', async (context) => {
    room.thread.say({
      by: 'sitrep[bot]',
      bot: true,
      body: `| ${'a-long-name '.repeat(9)} | ${'figure '.repeat(9)} |\n|---|---|\n| 1 | 2 |\n\n\`\`\`\ngcloud ${'--flag=value '.repeat(30)}\n\`\`\`\n\n${'w'.repeat(300)}`,
    });
    const page = await openPage(context, { viewport: { width: 390, height: 844 }, colorScheme });
    await visit(page);
    await page.getByText('sitrep[bot]').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const dark = colorScheme === 'dark';
    expect(await styleOf(page, 'body', 'color')).toBe(dark ? 'rgb(240, 246, 252)' : 'rgb(31, 35, 40)');
    expect(await styleOf(page, 'body', 'backgroundColor')).toBe(
      dark ? 'rgb(13, 17, 23)' : 'rgb(255, 255, 255)',
    );
  });
});
