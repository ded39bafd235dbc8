import { templatesFolder } from '../own-templates/own-templates.ts';
import type { TemplateProblem } from '../own-templates/problem.ts';
import { code, prose, say, type Text } from '../text.ts';

/** That a template of the repository was not used for a posting, which one, and why. */
export function templateLine({ file, line, column, message }: TemplateProblem): Text {
  const place = line === null || column === null ? say`` : say` (${code(`${line}:${column}`)})`;
  return say`**Template not used:** ${code(`${templatesFolder}/${file}`)}${place} ${prose(message)}. This is the built-in one; ${code('sitrep check')} tells more.`;
}
