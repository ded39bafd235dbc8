import type { Configuration } from '../config/repository.schema.ts';
import type { NewEvent } from '../core/incident/events.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { Invocation } from '../core/invocation.ts';
import { severityOf } from '../core/severity.ts';
import type { Severity } from '../core/snapshot.ts';
import type { Beforehand } from './look.ts';

/** How an incident comes to be declared. */
interface Declared {
  via: 'label' | 'command' | 'status';
  at: string;
  /** Null for what the labels say. */
  severity: Severity | null;
}

/** The event that declares the incident of an issue; it has one name, so that it is declared once however often it is told. */
export function declaration(
  { actor, comment, issue }: Invocation,
  configuration: Configuration,
  state: IncidentState,
  { via, at, severity }: Declared,
): NewEvent[] {
  if (state.declared !== null && state.stoodDown === null) return [];
  return [
    {
      key: state.declared === null ? 'declared' : `declared again ${at}`,
      at,
      by: actor,
      url: comment?.url ?? null,
      body: { kind: 'declared', severity: severity ?? severityOf(issue.labels, configuration), via },
    },
  ];
}

/** Whether the issue carries a label that opens an incident. Labels compare without case, as on GitHub. */
export function isLabelled({ labels }: Invocation['issue'], configuration: Configuration): boolean {
  const opening = new Set(configuration.labels.incident.map((label) => label.toLowerCase()));
  return labels.some((label) => opening.has(label.toLowerCase()));
}

/**
 * The declaration of an issue that carries the label of an incident and was not declared: its webhook never came, or
 * the label is older than the App. It counts from the opening of the issue, since nobody knows when the label was set.
 */
export function missedDeclaration(
  invocation: Invocation,
  { configuration: read, recollection: { state } }: Pick<Beforehand, 'configuration' | 'recollection'>,
): NewEvent[] {
  const { issue } = invocation;
  if (read.kind !== 'usable' || issue.closed || state.declared !== null) return [];
  if (!isLabelled(issue, read.configuration)) return [];
  return declaration(invocation, read.configuration, state, {
    via: 'status',
    at: issue.openedAt,
    severity: null,
  });
}
