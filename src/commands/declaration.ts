import type { Configuration } from '../config/repository.schema.ts';
import type { NewEvent } from '../core/incident/events.ts';
import { isLabelled } from '../core/incident/labelled.ts';
import { planActions } from '../core/incident/plan-actions.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { Invocation } from '../core/invocation.ts';
import { severityOf } from '../core/severity.ts';
import type { Severity } from '../core/snapshot.ts';
import type { Beforehand } from './look.ts';

/** How an incident comes to be declared. */
export interface Declared {
  via: 'label' | 'command' | 'status';
  /** UTC, ISO 8601. */
  at: string;
  /** Null for what the labels say. */
  severity: Severity | null;
}

/**
 * The event that declares the incident of an issue, and the plan's actions with it. It has one name, so that it is
 * declared once however often it is told; one that was stood down is declared again, and goes on as it was.
 */
export function declaration(
  { actor, comment, issue }: Invocation,
  configuration: Configuration,
  state: IncidentState,
  { via, at, severity }: Declared,
): NewEvent[] {
  if (state.declared !== null && state.stoodDown === null) return [];
  const declared: NewEvent = {
    key: state.declared === null ? 'declared' : `declared again ${at}`,
    at,
    by: actor,
    url: comment?.url ?? null,
    body: { kind: 'declared', severity: severity ?? severityOf(issue.labels, configuration), via },
  };
  return state.declared === null ? [declared, ...planActions(configuration, at)] : [declared];
}

/**
 * The declaration of an issue that carries the label of an incident and was not declared: its webhook never came, or
 * the label is older than the App. It counts from the opening of the issue, since nobody knows when the label was set.
 * One that was stood down is declared again by the label that has come back.
 */
export function missedDeclaration(
  invocation: Invocation,
  { configuration: read, recollection: { state } }: Pick<Beforehand, 'configuration' | 'recollection'>,
): NewEvent[] {
  const { issue, receivedAt } = invocation;
  if (read.kind !== 'usable' || issue.closed || state.resolution !== null) return [];
  if (!isLabelled(issue.labels, read.configuration)) return [];
  return declaration(invocation, read.configuration, state, {
    via: 'status',
    at: state.declared === null ? issue.openedAt : (receivedAt ?? issue.openedAt),
    severity: null,
  });
}
