import { clock } from '../../figures.ts';
import { compareIds } from '../../observations.ts';
import { repositoryId } from '../../repository-id.ts';
import type { Change } from '../../snapshot.ts';
import { code, ids, join, label, plain, say, type Text } from '../../text.ts';
import type { ChangeRow, Fold } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { setting, shortRevision } from '../values.ts';
import { fold } from './fold.ts';
import { repositoryChange } from './repository-changes.ts';

/** Settings shown of one change; what is beyond is counted. */
const shownDifferences = 4;

/** Rows shown; a busy repository has hundreds of commits a day. */
const shownChanges = 30;

/** Deploys, commits and operations, the newest first. */
export function changeFold(facts: Facts): Fold<ChangeRow> | null {
  const newestFirst = shownOnce(facts.snapshot.changes).toSorted(
    (a, b) => Date.parse(b.at) - Date.parse(a.at) || compareIds(a.id, b.id),
  );
  const folded = fold(
    label`Changes before and during: ${newestFirst.length}`,
    newestFirst.slice(0, shownChanges).map((change) => changeRow(change, facts)),
  );
  return folded && { ...folded, omitted: Math.max(0, newestFirst.length - shownChanges) };
}

/** The commit that merged a pull request is told with it. */
function shownOnce(changes: readonly Change[]): Change[] {
  const merges = new Set(changes.flatMap(({ kind, sha }) => (kind === 'pull-request' ? (sha ?? []) : [])));
  return changes.filter(({ kind, sha }) => kind !== 'commit' || !merges.has(sha ?? ''));
}

function changeRow(change: Change, facts: Facts): ChangeRow {
  const { seen } = facts;
  if (change.component === repositoryId)
    return {
      at: say`${plain(clock(change.at, seen))}`,
      component: say`${code(change.component)}`,
      what: repositoryChange(facts, change),
      evidence: say`${ids([change.id])}`,
    };
  const revision = change.revision === undefined ? say`` : say` ${code(shortRevision(change.revision))}`;
  return {
    at: say`${plain(clock(change.at, seen))}`,
    component: say`${code(change.component)}`,
    what: say`${plain(change.kind)}${revision}${against(change)}${differences(change)}`,
    evidence: say`${ids([change.id])}`,
  };
}

/** The revision that the serving one is held against. */
function against({ kind, previousRevision }: Change): Text {
  if (kind !== 'drift' || previousRevision === undefined) return say``;
  return say` against ${code(shortRevision(previousRevision))}, healthy last`;
}

function differences({ kind, diff, previousRevision }: Change): Text {
  if (diff.length === 0) {
    const isCompared = (kind === 'revision' || kind === 'drift') && previousRevision !== undefined;
    return isCompared ? say`: no difference` : say``;
  }
  const shown = diff.slice(0, shownDifferences).map(({ key, from, to }) => {
    if (from === null) return say`${code(key)} ${setting(key, to)}`;
    return say`${code(key)} ${setting(key, from)} → ${setting(key, to)}`;
  });
  const more = diff.length > shownDifferences ? say`; and ${diff.length - shownDifferences} more` : say``;
  return say`: ${join(shown, say`; `)}${more}`;
}
