import { z } from 'zod';
import { isTemplate, type FoundTemplate } from '../core/own-templates/own-templates.ts';
import { RetryLater } from '../core/retry-later.ts';
import type { GitHubAnswers } from './github-answers.ts';

/** Of git: a link to another file, which would have to be followed. */
const symbolicLink = 0o120000;

const file = z.object({
  name: z.string(),
  type: z.string(),
  mode: z.int(),
  object: z
    .object({
      byteSize: z.int().optional(),
      isBinary: z.boolean().nullish(),
      isTruncated: z.boolean().optional(),
      text: z.string().nullish(),
    })
    .nullable(),
});

/** A path may also name a file, which has no entries. */
const folder = z.object({ entries: z.array(file).nullish() }).nullable();

const part = z.object({ kinds: folder, partials: folder });

/**
 * The templates that the repository has on its default branch, in the answer that an update asks for anyway; null where
 * GitHub does not tell. Of a link the text is the path that it leads to, so it counts as no text.
 *
 * @throws where GitHub asks for a pause.
 */
export async function foundTemplates(github: GitHubAnswers): Promise<FoundTemplate[] | null> {
  const read = await partOf(github);
  if (read === null) return null;
  return [...filesOf(read.kinds, ''), ...filesOf(read.partials, 'partials/')];
}

async function partOf(github: GitHubAnswers): Promise<z.infer<typeof part> | null> {
  try {
    const parsed = part.safeParse((await github.answer()).part('templates'));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof RetryLater) throw error;
    return null;
  }
}

function filesOf(read: z.infer<typeof folder>, prefix: string): FoundTemplate[] {
  return (read?.entries ?? []).flatMap(({ name, type, mode, object }) => {
    if (type !== 'blob' || object === null || !isTemplate(name)) return [];
    const { byteSize = 0, isBinary, isTruncated, text = null } = object;
    const isWhole = mode !== symbolicLink && isBinary !== true && isTruncated !== true;
    // A text that GitHub had to mend holds the sign for what it could not read.
    const isText = isWhole && text !== null && !text.includes('\uFFFD');
    return [{ path: prefix + name, size: byteSize, text: isText ? text : null }];
  });
}
