import { z } from 'zod';
import { didYouMean } from '../did-you-mean.ts';
import { updateKinds } from '../view-model/kinds.ts';
import type { TemplateProblem } from './problem.ts';

/** Templates that a repository brings along, in place of the built-in ones of the same names. */

/** Where a repository keeps them. */
export const templatesFolder = '.github/sitrep/templates';

/** What is accepted of them. */
const templateLimits = { files: 40, fileBytes: 64 * 1024, allBytes: 256 * 1024 } as const;

/** A file as it was found. */
export interface FoundTemplate {
  /** Below the folder: `status.hbs`, `partials/footer.hbs`. */
  path: string;
  /** In bytes, as it is stored. */
  size: number;
  /** null where it is no text in UTF-8. */
  text: string | null;
}

const problem = z.object({
  code: z.string(),
  file: z.string(),
  message: z.string(),
  line: z.number().nullable(),
  column: z.number().nullable(),
  remedy: z.string(),
});

const texts = z.record(z.string(), z.string());

/** The templates of a repository: what is used by kind, partials by name, and what is not used. */
export const ownTemplatesSchema = z.object({
  kinds: texts,
  partials: texts,
  refused: z.array(problem),
});
export type OwnTemplates = z.infer<typeof ownTemplatesSchema>;

/** Of a repository that brings none. */
export const noTemplates: OwnTemplates = { kinds: {}, partials: {}, refused: [] };

/** So many refusals are told: a folder of thousands of files is nothing to keep a list of. */
const mostRefused = 100;

const extension = '.hbs';
const partialsFolder = 'partials/';
const partialName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/u;

/** Whether a file is a template at all; others, a README say, are nobody's business. */
export function isTemplate(path: string): boolean {
  return path.endsWith(extension);
}

/** The templates among the files that can be used, within the limits: kinds first, then partials, each by name. */
export function acceptTemplates(found: readonly FoundTemplate[]): OwnTemplates {
  const accepted: OwnTemplates = { kinds: {}, partials: {}, refused: [] };
  let files = 0;
  let bytes = 0;
  for (const file of found.filter(({ path }) => isTemplate(path)).toSorted(inOrder)) {
    const why = whyRefused(file, { files, bytes });
    if (why !== null) {
      if (accepted.refused.length < mostRefused)
        accepted.refused.push({ ...why, file: file.path, line: null, column: null });
      continue;
    }
    files += 1;
    bytes += file.size;
    const name = nameOf(file.path);
    (isPartial(file.path) ? accepted.partials : accepted.kinds)[name] = normal(file.text ?? '');
  }
  return accepted;
}

/** What keeps the template of a kind from being used at all; null where it may be tried. */
export function refusalOf({ refused }: OwnTemplates, path: string): TemplateProblem | null {
  return refused.find(({ file }) => file === path) ?? null;
}

function inOrder(a: FoundTemplate, b: FoundTemplate): number {
  const kindsFirst = Number(isPartial(a.path)) - Number(isPartial(b.path));
  return kindsFirst === 0 ? (a.path < b.path ? -1 : 1) : kindsFirst;
}

function isPartial(path: string): boolean {
  return path.startsWith(partialsFolder);
}

/** Name of a partial, or kind of update. */
function nameOf(path: string): string {
  return path.slice(isPartial(path) ? partialsFolder.length : 0, -extension.length);
}

/** Without the mark that some editors put first, and with line breaks of one kind. */
function normal(text: string): string {
  return text.replace(/^\uFEFF/u, '').replaceAll(/\r\n?/gu, '\n');
}

type Why = Pick<TemplateProblem, 'code' | 'message' | 'remedy'>;

function whyRefused(
  { path, size, text }: FoundTemplate,
  before: { files: number; bytes: number },
): Why | null {
  const name = nameOf(path);
  if (isPartial(path) && !partialName.test(name))
    return {
      code: 'template-name',
      message: 'has no name that a partial can have',
      remedy: 'name it with letters, digits, - and _ only, at most 64, without a folder',
    };
  if (!isPartial(path) && !updateKinds.includes(name)) {
    const meant = didYouMean(name, updateKinds);
    return {
      code: 'template-kind',
      message: 'has the name of no kind of update',
      remedy:
        meant === null
          ? `the kinds are ${updateKinds.join(', ')}; partials stand in ${partialsFolder}`
          : `did you mean ${meant}${extension}?`,
    };
  }
  if (size > templateLimits.fileBytes)
    return {
      code: 'template-size',
      message: 'is larger than a template may be',
      remedy: 'shorten it to 64 KB, or move parts of it to partials',
    };
  if (text === null)
    return {
      code: 'template-encoding',
      message: 'is no text that can be read, or a link to another file',
      remedy: 'save it as UTF-8, in this folder',
    };
  if (before.files >= templateLimits.files)
    return {
      code: 'template-count',
      message: 'is beyond the number of files that are read',
      remedy: 'at most 40 are; remove templates or partials',
    };
  if (before.bytes + size > templateLimits.allBytes)
    return {
      code: 'template-total',
      message: 'is beyond the size that all of them may have together',
      remedy: 'that is 256 KB; shorten templates or partials',
    };
  return null;
}
