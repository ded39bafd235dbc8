import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRoom, type Room } from '../sandbox/page/room.ts';
import { closeBrowserAfterwards, openPage } from './open-page.ts';
import { openFolds } from './open-folds.ts';
import { visit } from './visit.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(() => room.page.close());
closeBrowserAfterwards();

const wide = [
  `| ${'a-long-name'.repeat(9)} | ${'figure'.repeat(9)} |\n|---|---|\n| 1 | 2 |`,
  `\`\`\`\ngcloud ${'--flag=value '.repeat(30)}\n\`\`\``,
  'w'.repeat(300),
  `\`\`\`mermaid\nflowchart LR\n  ${Array.from({ length: 12 }, (_, index) => `n${String(index)}["number ${String(index)}"]`).join(' --> ')}\n\`\`\``,
].join('\n\n');

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  it('fits a phone, with wide tables, commands and diagrams in it, which scroll by themselves', async (context) => {
    room.thread.say({ by: 'sitrep[bot]', bot: true, body: wide });
    room.requests.push({
      to: 'Google',
      api: 'logging.googleapis.com',
      at: '2025-09-15T18:05:00Z',
      method: 'POST',
      path: `/v2/${'x'.repeat(400)}`,
      status: 200,
      startedAt: 1,
      endedAt: 2,
    });
    const page = await openPage(context, { viewport: { width: 390, height: 844 }, colorScheme });
    await visit(page, room.page.url);
    await page.evaluate(
      "document.querySelector('article:last-child .reactions, article:last-child .markdown-body > :last-child').scrollIntoView()",
    );
    await page.locator('.drawn img').waitFor();
    await openFolds(page);
    await page.getByText('logging', { exact: true }).waitFor();
    await page.locator('#components-summary').scrollIntoViewIfNeeded();
    await page.locator('#graph img').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(
      await page.evaluate(
        "(({ scrollWidth, clientWidth, tabIndex }) => scrollWidth > clientWidth && tabIndex === 0)(document.querySelector('.markdown-body table'))",
      ),
    ).toBe(true);
    const dark = colorScheme === 'dark';
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe(
      dark ? 'rgb(240, 246, 252)' : 'rgb(31, 35, 40)',
    );
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      dark ? 'rgb(13, 17, 23)' : 'rgb(255, 255, 255)',
    );
  });
});
