import { namesCommit } from '../image-commit.ts';
import { sortedIds, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Change } from '../snapshot.ts';
import { driftWords, repositoryWords, revisionWords, toldOnce } from './change-words.ts';
import type { DatedChange } from './dated-change.ts';
import { code } from './wording.ts';

/** Clocks of GitHub and Google differ by so much at most, ms. */
const skew = 60_000;

/** Revisions, and the changes of the repository that stay to be told apart from them. */
export interface DatedRevisions {
  revisions: DatedChange[];
  rest: Change[];
}

/**
 * Revisions as changes, each with the comparison to the last healthy one and with what brought it out: a commit, its
 * pull request, deployment and run, where the image that came with the revision names the commit. Nothing is put
 * together by time alone.
 */
export function datedRevisions(changes: readonly Change[]): DatedRevisions {
  const repository = changes.filter(isOfRepository);
  const told = new Set<string>();
  const leads = changes.filter((change) => change.kind === 'revision' || isLoneDrift(changes, change));
  const revisions = leads.map((lead): DatedChange => {
    const drifts = lead.kind === 'drift' ? [] : changes.filter((other) => isDriftOf(other, lead));
    const brought = broughtBy(repository, lead);
    for (const { id } of brought) told.add(id);
    const at = time(lead.at);
    return {
      kind: lead.kind,
      component: lead.component,
      from: at,
      to: at,
      evidence: [lead.id, ...sortedIds([...drifts, ...brought].map(({ id }) => id))],
      what: [
        lead.kind === 'drift'
          ? `revision ${code(lead.revision ?? 'of an unknown name')} ${driftWords(lead)}`
          : revisionWords(lead),
        ...drifts.map(driftWords),
        ...toldOnce(brought).map(repositoryWords),
      ].join('; '),
      revisions: [lead, ...drifts],
      ended: null,
    };
  });
  return { revisions, rest: repository.filter(({ id }) => !told.has(id)) };
}

function isOfRepository({ kind }: Change): boolean {
  return kind === 'commit' || kind === 'pull-request' || kind === 'deployment' || kind === 'workflow-run';
}

function isDriftOf(other: Change, lead: Change): boolean {
  return other.kind === 'drift' && other.component === lead.component && other.revision === lead.revision;
}

function isLoneDrift(changes: readonly Change[], change: Change): boolean {
  return (
    change.kind === 'drift' && !changes.some((lead) => lead.kind === 'revision' && isDriftOf(change, lead))
  );
}

/** The commit that the new image names, with its pull request, and the last deployment and run of it before the revision. */
function broughtBy(repository: readonly Change[], lead: Change): Change[] {
  const image = lead.diff.find(({ key }) => key === signal.image)?.to ?? '';
  const same = repository.filter(
    ({ sha, at }) => namesCommit(image, sha) && time(at) <= time(lead.at) + skew,
  );
  const ofKind = (kind: Change['kind']): Change[] =>
    same
      .filter((one) => one.kind === kind)
      .toSorted((a, b) => time(b.at) - time(a.at))
      .slice(0, 1);
  return [...ofKind('deployment'), ...ofKind('workflow-run'), ...ofKind('pull-request'), ...ofKind('commit')];
}
