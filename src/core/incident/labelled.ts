import type { Configuration } from '../../config/repository.schema.ts';
import { severityOf } from '../severity.ts';
import type { IncidentState } from './state.ts';
import type { Severity } from './terms.ts';

type Labels = Pick<Configuration, 'labels'>;

/** Whether one of these labels opens an incident. Labels compare without case, as on GitHub. */
export function isLabelled(names: readonly string[], { labels }: Labels): boolean {
  const opening = new Set(labels.incident.map((label) => label.toLowerCase()));
  return names.some((label) => opening.has(label.toLowerCase()));
}

/** What is known when the labels of an issue have changed. */
export interface LabelChange {
  state: IncidentState;
  /** Labels of the issue as they are now. */
  carried: readonly string[];
  closed: boolean;
  /** The label that was set or taken away; null where the issue was opened with its labels. */
  changed: string | null;
  removed: boolean;
}

/** What people mean by it. */
export type LabelMeant =
  | { act: 'declare' }
  /** It was stood down, and goes on. */
  | { act: 'declare-again' }
  | { act: 'stand-down' }
  | { act: 'severity'; severity: Severity }
  | { act: 'nothing' };

/**
 * What a change of labels means for the incident. It goes by the labels as they are, so that neither the order nor the
 * number of webhooks matters. Whoever exchanges one severity's label for another's changes the severity, also where the
 * one that is gone had opened the incident.
 */
export function meaningOfLabels(change: LabelChange, configuration: Configuration): LabelMeant {
  const { state, carried, closed, changed, removed } = change;
  const isIncident = isLabelled(carried, configuration);
  if (state.declared === null || state.stoodDown !== null) {
    if (!isIncident || closed || state.resolution !== null) return { act: 'nothing' };
    return { act: state.declared === null ? 'declare' : 'declare-again' };
  }
  if (changed === null) return { act: 'nothing' };
  const severity = severityOf([...carried], configuration);
  const isOfSeverity = severityOf([changed], configuration) !== null;
  if (removed && !isIncident && isLabelled([changed], configuration) && !(isOfSeverity && severity !== null))
    return { act: 'stand-down' };
  // Raised from there already: the webhook of a label that was there at the declaration may come after it.
  const isRaisedFrom =
    !removed && state.regression?.raised === true && severity === state.regression.raisedFrom;
  return isOfSeverity && severity !== null && severity !== state.severity && !isRaisedFrom
    ? { act: 'severity', severity }
    : { act: 'nothing' };
}
