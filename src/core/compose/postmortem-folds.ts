import type { IncidentEvent } from '../incident/events.ts';
import { dated } from '../figures.ts';
import { stateOf } from '../incident/state.ts';
import { code, issue, label, plain, prose, say, type Text } from '../text.ts';
import type { Fold, ItemRow, PostmortemUpdate } from '../update.ts';
import { actionItems, type ActionItem } from './action-items.ts';
import { citedIds } from './cited.ts';
import { spoken, type Facts } from './facts.ts';
import { changeFold } from './folds/changes.ts';
import { contradictionFold } from './folds/contradictions.ts';
import { evidenceFold } from './folds/evidence.ts';
import { fold } from './folds/fold.ts';
import { sourceFold } from './folds/sources.ts';
import { alternativeFold, whyFold } from './folds/whys.ts';
import type { PostmortemInput } from './postmortem.ts';
import { timelineFold } from './timeline.ts';

/** The parts of a postmortem that may be long; evidence and sources, which are cut first, hold what the parts cite. */
export function postmortemFolds(
  { record, configuration, now }: PostmortemInput,
  facts: Facts | null,
): PostmortemUpdate['folds'] {
  const timeline = timelineFold(record, { group: null, since: null }, now);
  const items = itemFold(actionItems(record, configuration), now);
  const done = doneFold(record);
  if (facts === null)
    return {
      items,
      done,
      whys: null,
      alternatives: null,
      changes: null,
      contradictions: null,
      timeline,
      sources: null,
      evidence: null,
    };
  const parts = {
    whys: whyFold(facts),
    alternatives: alternativeFold(facts),
    changes: changeFold(contributing(facts)),
    contradictions: contradictionFold(facts),
  };
  const cited = citedIds(parts);
  const appendix = onlyCited(facts, cited);
  return {
    items,
    done,
    ...parts,
    timeline,
    sources: sourceFold(appendix),
    evidence: appendix.snapshot.observations.length === 0 ? null : evidenceFold(appendix, cited),
  };
}

/** Changes that a reading ties to the failure, or that came before it; not what was done against it. */
function contributing(facts: Facts): Facts {
  const changes = facts.diagnosis.changes.filter(
    ({ relation, mechanism }) =>
      relation === 'mechanism' || relation === 'correlated' || (relation === 'after' && mechanism !== null),
  );
  return { ...facts, diagnosis: { ...facts.diagnosis, changes } };
}

function onlyCited(facts: Facts, cited: ReadonlySet<string>): Facts {
  const { snapshot } = facts;
  const isCited = ({ id }: { id: string }) => cited.has(id);
  return {
    ...facts,
    snapshot: {
      ...snapshot,
      observations: snapshot.observations.filter(isCited),
      gaps: snapshot.gaps.filter(isCited),
      changes: snapshot.changes.filter(isCited),
      series: (snapshot.series ?? []).filter(isCited),
    },
  };
}

/** What is left to do, with who does it and by when. */
function itemFold(items: readonly ActionItem[], now: string): Fold<ItemRow> | null {
  return fold(
    label`Action items: ${items.length}`,
    items.map((item) => ({ text: itemText(item, now) })),
  );
}

function itemText({ title, owner, dueAt, horizon, key, followup }: ActionItem, now: string): Text {
  const isPrevention = key.startsWith('prevention ');
  const kind = isPrevention ? say`Prevention: ` : say``;
  const who = owner === null ? say`owner **nobody**` : say`owner ${code(owner)}`;
  const due =
    dueAt === null
      ? say``
      : say`, due ${plain(dated(dueAt))}${Date.parse(dueAt) < Date.parse(now) ? say`, **late**` : say``}`;
  const by = horizon === null ? say`` : say`, ${prose(spoken(horizon))}`;
  const link = followup === null ? say`` : say`, follow-up ${issue(followup)}`;
  return say`${kind}${prose(title)}; ${who}${due}${by}${link}${isPrevention ? say`; configured (sitrep.yml)` : say` (record)`}`;
}

/** What was done, by whom and when. */
function doneFold(record: readonly IncidentEvent[]): Fold<ItemRow> | null {
  const rows = stateOf(record).actions.flatMap(({ title, done }) =>
    done === null
      ? []
      : [{ text: say`${prose(title)}; done ${plain(dated(done.at))} by ${code(done.by)} (record)` }],
  );
  return fold(label`Done: ${rows.length}`, rows);
}
