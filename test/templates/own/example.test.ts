import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { acceptTemplates } from '../../../src/core/own-templates/own-templates.ts';
import { updateKinds } from '../../../src/core/view-model/kinds.ts';
import { checkTemplates } from '../../../src/templates/own/check.ts';
import { openTemplateThreads } from '../../../src/templates/own/threads.ts';
import { renderStatus } from './render.ts';

/** What docs/templates.md shows is run. */

const page = readFileSync(new URL('../../../docs/templates.md', import.meta.url), 'utf8');
const files = Object.fromEntries(
  [...page.matchAll(/<!-- example: (\S+) -->\n\n```hbs\n(.*?)```/gsu)].map(([, path = '', text = '']) => [
    path,
    text,
  ]),
);

const threads = openTemplateThreads({ runMs: 20_000, waitMs: 60_000 });
afterAll(() => threads.close());

test('the example is without a fault, and lays a status out', async () => {
  expect(Object.keys(files)).toEqual(['status.hbs', 'partials/footer.hbs']);
  const found = Object.entries(files).map(([path, text]) => ({ path, text, size: text.length }));
  expect(await checkTemplates(threads, acceptTemplates(found))).toEqual([]);
  const { text, problem } = await renderStatus(threads, files);
  expect(problem).toBeNull();
  expect(text).toMatch(/^# .*\n\n\*\*Broken:\*\*/u);
  expect(text).toContain('Our runbook: https://runbooks.example.com/outage');
  expect(text).toContain('<summary>Evidence');
  expect(text).toMatch(/ask in the incident room\.\n\n<sub>Sitrep/u);
});

test('the page names every kind', () => {
  for (const kind of updateKinds) expect(page).toContain(`\`${kind}\``);
});
