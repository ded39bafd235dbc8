import type { Configuration } from '../../config/repository.schema.ts';
import type { IncidentEvent } from '../incident/events.ts';
import { stateOf, type ChecklistAction } from '../incident/state.ts';

/** Something that is left to do after an incident. */
export interface ActionItem {
  /** Once an incident: what the record of a follow-up names it by. */
  key: string;
  title: string;
  owner: string | null;
  /** UTC, ISO 8601; null for none. */
  dueAt: string | null;
  /** By when, in words of the configuration; null for none. */
  horizon: string | null;
  /** Command for a person to run; null for none. */
  run: string | null;
  /** The issue that was opened for it; null where there is none. */
  followup: number | null;
}

/**
 * What is left to do: open actions, and what the configuration wants done so that it does not happen again. Actions of the
 * plan that nobody took on were not needed and are not left to do.
 */
export function actionItems(
  record: readonly IncidentEvent[],
  { prevention }: Pick<Configuration, 'prevention'>,
): ActionItem[] {
  const opened = new Map(
    record.flatMap(({ body }) => (body.kind === 'followup' ? [[body.of, body.number] as const] : [])),
  );
  const items = [
    ...stateOf(record).actions.filter(isLeft).map(ofAction),
    ...prevention.map(({ title, horizon }) => ({
      key: `prevention ${title}`,
      title,
      owner: null,
      dueAt: null,
      horizon: horizon ?? null,
      run: null,
    })),
  ];
  return items.map((item) => ({ ...item, followup: opened.get(item.key) ?? null }));
}

function isLeft({ done, planned, owner }: ChecklistAction): boolean {
  return done === null && (!planned || owner !== null);
}

function ofAction({ number, title, owner, dueAt, run }: ChecklistAction) {
  return { key: `action ${String(number)}`, title, owner, dueAt, horizon: null, run };
}
