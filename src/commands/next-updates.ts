import type { Configuration } from '../config/repository.schema.ts';
import { nextCheckpoint, plannedCheckpoints } from '../core/checkpoints.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { Invocation } from '../core/invocation.ts';
import type { CommandDeps } from './deps.ts';

/** The updates that come by themselves where an incident is looked after from now on. */
export interface NextUpdates {
  /** Distances from the declaration; empty where none comes. */
  plan: string[];
  /** UTC, ISO 8601; null where none comes. */
  nextAt: string | null;
}

/** The updates of an incident's plan, or of the configuration's, within what the operator allows. */
export function nextUpdates(
  deps: Pick<CommandDeps, 'commentsPerHour' | 'now'>,
  invocation: Invocation,
  configuration: Pick<Configuration, 'checkpoints'>,
  { plan: chosen, declared }: IncidentState,
): NextUpdates {
  const plan = plannedCheckpoints(chosen ?? configuration.checkpoints, deps.commentsPerHour(invocation));
  const now = deps.now().toISOString();
  return { plan, nextAt: nextCheckpoint(plan, declared?.at ?? now, now)?.dueAt ?? null };
}
