import type { Page } from 'playwright-core';

/** Opens every fold of the page. */
export async function openFolds(page: Page): Promise<void> {
  await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true");
}
