import type { CriterionReading } from '../criteria/types.ts';
import { cite, prose, say, type Text } from '../text.ts';

/** Evidence in brackets at the end of a sentence. */
const lastCitation = / \((E\d+(?:, E\d+)*)\)$/u;

/**
 * Why a criterion stands as it does, with its evidence once: what the sentence cites at its end is of it.
 *
 * @param aside What the evidence proves as well, behind the reason.
 */
export function criterionWords(
  { why, evidence }: Pick<CriterionReading, 'why' | 'evidence'>,
  limit?: number,
  aside: Text = say``,
): Text {
  if (why === '') return say`${aside}${cite(evidence, limit)}`;
  const known = new Set(evidence);
  const words = why
    .replace(/\.$/u, '')
    .replace(lastCitation, (cited, ids: string) =>
      ids.split(', ').every((id) => known.has(id)) ? '' : cited,
    );
  return say`${prose(words)}${aside} ${cite(evidence, limit)}`;
}
