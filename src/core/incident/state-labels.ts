import type { Configuration } from '../../config/repository.schema.ts';
import type { IncidentState } from './state.ts';

/** A label of the incident's issue, and whether it belongs there. */
export interface WantedLabel {
  name: string;
  wanted: boolean;
}

/**
 * The labels that follow from how an incident stands: its severity, and that its issue was closed while criteria did not
 * hold. Other severities' labels do not belong there.
 */
export function stateLabels({ labels }: Configuration, state: IncidentState): WantedLabel[] {
  if (state.declared === null) return [];
  const severities = Object.entries(labels.severity).flatMap(([severity, [name]]) =>
    name === undefined ? [] : [{ name, wanted: severity === state.severity }],
  );
  return [...severities, { name: labels.closed_unresolved, wanted: state.closedUnresolved }];
}
