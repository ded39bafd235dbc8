import { clock } from '../../figures.ts';
import { compareIds } from '../../observations.ts';
import type { Change } from '../../snapshot.ts';
import { code, ids, join, label, plain, say, type Text } from '../../text.ts';
import type { ChangeRow, Fold } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { setting, shortRevision } from '../values.ts';
import { fold } from './fold.ts';

/** Settings shown of one change; what is beyond is counted. */
const shownDifferences = 4;

/** Deploys, commits and operations, the newest first. */
export function changeFold(facts: Facts): Fold<ChangeRow> | null {
  const newestFirst = facts.snapshot.changes.toSorted(
    (a, b) => Date.parse(b.at) - Date.parse(a.at) || compareIds(a.id, b.id),
  );
  return fold(
    label`Changes before and during: ${newestFirst.length}`,
    newestFirst.map((change) => changeRow(change, facts.seen)),
  );
}

function changeRow(change: Change, seen: string): ChangeRow {
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
