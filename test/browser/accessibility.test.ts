import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startSandbox, type RunningSandbox } from '../../sandbox/run.ts';
import { closeBrowserAfterwards, openPage } from './open-page.ts';
import { openFolds } from './open-folds.ts';

let sandbox: RunningSandbox;
let axe: string;
beforeAll(async () => {
  axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  sandbox = await startSandbox({ scenario: 'connector-saturated', port: 0, log: pino({ level: 'silent' }) });
  const { github, loaded, rest } = sandbox.sandbox();
  await github.comment('alice', loaded.scenario.focus, '/status');
  await rest();
  await github.comment(
    'bob',
    loaded.scenario.focus,
    '```mermaid\nflowchart LR\n  a --> b\n```\n\n- [ ] mine',
  );
  await rest();
});
afterAll(() => sandbox.close());
closeBrowserAfterwards();

const resultSchema = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string(), failureSummary: z.string() })) }),
);

/** What axe-core finds, one line for each kind, with its first example. The drawing frame has no origin and shows nothing. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found: unknown = await page.evaluate(
    'axe.run(document, { iframes: false, resultTypes: ["violations"] }).then(({ violations }) => violations)',
  );
  return resultSchema
    .parse(found)
    .map(
      ({ id, nodes }) =>
        `${id} ×${String(nodes.length)}: ${nodes[0]?.html ?? ''} ${nodes[0]?.failureSummary ?? ''}`,
    );
}

const views = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [1280, 390].map((width) => ({ colorScheme, width })),
);

describe.each(views)('in $colorScheme at $width px', ({ colorScheme, width }) => {
  it('axe-core finds nothing, with all folds open and the commands offered', async (context) => {
    const page = await openPage(context, { colorScheme, viewport: { width, height: 900 } });
    await page.goto(sandbox.url);
    await page.getByText(/requests? to GitHub and Google/u).waitFor();
    await openFolds(page);
    await page.locator('#graph').scrollIntoViewIfNeeded();
    await page.locator('#graph img').waitFor();
    await page.getByRole('article').last().scrollIntoViewIfNeeded();
    await page.locator('.drawn img').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('combobox', { name: 'Command' }).fill('/');
    await page.getByRole('listbox', { name: 'Commands' }).getByRole('option').first().waitFor();
    expect(await violations(page)).toEqual([]);
  }, 120_000);
});
