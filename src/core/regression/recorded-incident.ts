import type { EarlierIncident } from './earlier-incident.ts';
import type { PresentIncident } from './present-incident.ts';

/** What the issue of a recorded incident says. */
export type RecordedIssue = Pick<
  EarlierIncident,
  'issue' | 'title' | 'url' | 'openedAt' | 'closedAt' | 'labels'
>;

/**
 * A present incident as later ones are compared with it: what was measured of it, and the cause where one alone was
 * found. Kept when it ends, in place of what its issue says.
 */
export function recordedIncident(
  { signatures, chain, causes, text }: PresentIncident,
  issue: RecordedIssue,
): EarlierIncident {
  const [cause = null] = causes.length === 1 ? causes : [];
  return {
    ...issue,
    signatures: signatures.map(({ id, line, frame }) => ({ id, line, frame })),
    components: [...chain],
    cause,
    text,
    source: 'recorded',
  };
}
