import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, onTestFinished, type TestContext } from 'vitest';
import { launchChromium, whyNoBrowser } from './chromium.ts';

let browser: Promise<Browser> | undefined;

/**
 * A page in a context of its own, closed when the test has finished. Where the browser cannot run, the test is
 * reported as not run, with the reason; in CI (`CI=true`) that is a failure.
 */
export async function openPage(context: TestContext, options: BrowserContextOptions = {}): Promise<Page> {
  const why = whyNoBrowser();
  if (why !== null && process.env['CI'] === 'true') throw new Error(`Browser tests must run in CI: ${why}`);
  if (why !== null) {
    process.stderr.write(`\nNOT RUN: ${context.task.name}: ${why}\n`);
    context.skip(why);
  }
  browser ??= launchChromium().catch((error: unknown) => {
    // The next test tries again: one start that failed says nothing of the page.
    browser = undefined;
    throw error;
  });
  const own = await (await browser).newContext(options);
  onTestFinished(() => own.close());
  return own.newPage();
}

/** Call once in a file of browser tests: closes the browser, if one was opened. */
export function closeBrowserAfterwards(): void {
  afterAll(async () => {
    const opened = browser;
    // The next file of this worker opens its own.
    browser = undefined;
    await (await opened)?.close();
  });
}
