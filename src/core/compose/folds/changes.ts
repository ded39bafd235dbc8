import type { ListedChange } from '../../diagnosis.ts';
import { span } from '../../diagnose/wording.ts';
import { clock } from '../../figures.ts';
import { cite, code, ids, label, plain, prose, say, type Text } from '../../text.ts';
import type { ChangeRow, Fold } from '../../update.ts';
import { withShortRevisions } from '../cause-lines.ts';
import type { Facts } from '../facts.ts';
import { fold } from './fold.ts';

/** Rows shown; a busy repository has hundreds of commits a day. */
const shownChanges = 30;

const minute = 60_000;

/** The list of changes of the diagnosis, the newest first: what was done, and what ties it to the failures. */
export function changeFold(facts: Facts): Fold<ChangeRow> | null {
  const { changes } = facts.diagnosis;
  const folded = fold(
    label`Changes before and during: ${changes.length}`,
    changes.slice(0, shownChanges).map((change) => changeRow(change, facts)),
  );
  return folded && { ...folded, omitted: Math.max(0, changes.length - shownChanges) };
}

function changeRow(change: ListedChange, { seen }: Facts): ChangeRow {
  return {
    at: say`${plain(clock(change.at, seen))}`,
    component: say`${code(change.component)}`,
    what: say`${prose(withShortRevisions(change.what))}`,
    bearing: say`${bearing(change)}`,
    evidence: say`${ids(change.evidence)}`,
  };
}

/** `correlated only, 4 min before the failures (E3)`. */
function bearing(change: ListedChange): Text {
  const { relation, mechanism } = change;
  const how = mechanism === null ? say`` : say`: ${prose(mechanism)}`;
  switch (relation) {
    case 'mechanism':
      return say`**mechanism**${when(change)}${how}`;
    case 'correlated':
      return say`correlated only${when(change)}`;
    case 'after':
      return say`${mechanism === null ? say`no cause` : say`makes it worse`}${when(change)}${how}`;
    case 'undated':
      return say`–`;
  }
}

function when({ relation, minutesBeforeOnset: minutes, onset }: ListedChange): Text {
  if (relation === 'after' && minutes === null)
    return say`, after the failures began ${cite(onset.slice(0, 1))}`;
  if (minutes === null) return say``;
  if (minutes === 0) return say`, within a minute of the failures ${cite(onset.slice(0, 1))}`;
  const apart = plain(span(Math.abs(minutes) * minute));
  return minutes < 0
    ? say`, ${apart} after the failures began ${cite(onset.slice(0, 1))}`
    : say`, ${apart} before the failures ${cite(onset.slice(0, 1))}`;
}
