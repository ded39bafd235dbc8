import { composeStatus } from '../../../src/core/compose.ts';
import { templateLine } from '../../../src/core/compose/template-line.ts';
import { acceptTemplates } from '../../../src/core/own-templates/own-templates.ts';
import type { StatusUpdate } from '../../../src/core/update.ts';
import { renderUpdate } from '../../../src/templates/render.ts';
import { renderWith, type Laid } from '../../../src/templates/own/render-with.ts';
import type { TemplateThreads } from '../../../src/templates/own/threads.ts';
import { incident } from '../../fixtures/status/incident.ts';

/** A status with all of its folds. */
const statusUpdate: StatusUpdate = composeStatus(incident);

/** What comes of a status where the repository has these files. */
export function renderStatus(
  threads: TemplateThreads,
  files: Readonly<Record<string, string>>,
  limit?: number,
): Promise<Laid> {
  const found = Object.entries(files).map(([path, text]) => ({ path, text, size: Buffer.byteLength(text) }));
  return renderWith(threads, acceptTemplates(found), statusUpdate, limit);
}

/** Whether it is what the built-in template gives, with the line that says why it stands in. */
export function standsIn({ text, problem }: Laid, limit?: number): boolean {
  return (
    problem !== null &&
    text === renderUpdate(statusUpdate, limit, templateLine(problem)) &&
    /^\*\*Template not used:\*\*/mu.test(text)
  );
}
