import { type Observations, currentWithPrefix, gapsOf } from '../observations.ts';
import { repositoryId } from '../repository-id.ts';
import { signal } from '../signals.ts';

/** How the fix of an earlier incident stands on the default branch. */
export type FixStanding = 'reverted' | 'partly reverted' | 'in place' | 'changed since' | 'unknown';

/** The fix of an earlier incident, as the collector `github-earlier-fix` read it. */
export interface EarlierFix {
  standing: FixStanding;
  /** The pull request that closed the issue; null where none is known. */
  pullRequest: { number: number; title: string } | null;
  /** More files were changed than were compared. */
  partial: boolean;
  /** Why it is not known; null where it is. */
  why: string | null;
  evidence: readonly string[];
}

/** What the standing of the fix says of the new incident. */
export type Recurrence = 'regression' | 'incomplete-fix' | 'unknown-fix';

const standings: ReadonlySet<string> = new Set<FixStanding>([
  'reverted',
  'partly reverted',
  'in place',
  'changed since',
]);

/** The fix of an earlier incident by the readings of a snapshot; `unknown` with its reason where it was not read. */
export function earlierFix(index: Observations, issue: number): EarlierFix {
  const name = `${signal.fix}${String(issue)}`;
  const read = currentWithPrefix(index, repositoryId, name).find((found) => found.signal === name);
  if (read !== undefined && isStanding(read.value))
    return {
      standing: read.value,
      pullRequest: pullRequestIn(read.text),
      partial: read.partial === true,
      why: null,
      evidence: [read.id],
    };
  const [gap] = gapsOf(index, repositoryId, name);
  return {
    standing: 'unknown',
    pullRequest: null,
    partial: false,
    why: gap?.detail ?? 'it was not looked for',
    evidence: gap === undefined ? [] : [gap.id],
  };
}

/**
 * A fix that is gone makes the old failure possible again; one that is still there did not end it. What was changed since
 * may be either.
 */
export function recurrenceOf({ standing }: Pick<EarlierFix, 'standing'>): Recurrence {
  switch (standing) {
    case 'reverted':
    case 'partly reverted':
      return 'regression';
    case 'in place':
      return 'incomplete-fix';
    case 'changed since':
    case 'unknown':
      return 'unknown-fix';
  }
}

/** As the collector writes it: `#611 its title`. */
function pullRequestIn(text = ''): EarlierFix['pullRequest'] {
  const [, number, title = ''] = /^#(\d{1,10}) ([^]*)$/.exec(text) ?? [];
  return number === undefined ? null : { number: Number(number), title };
}

function isStanding(value: string): value is FixStanding {
  return standings.has(value);
}
