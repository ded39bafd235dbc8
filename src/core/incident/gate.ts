import type { Result } from '../criteria/types.ts';
import { roleSuffices, type Role } from '../roles.ts';

/** Who asks for an incident to be called resolved, and what they put in their favour. */
export interface Asker {
  /** The role held in the repository at the time of the call. */
  role: Role;
  isLead: boolean;
  /** The reason for which criteria that are not met are to be passed over; null for none. */
  override: string | null;
}

/** Who can pass over what blocks: of criteria that are unknown the lead can too, of failing ones a maintainer only. */
export type Overrider = 'lead' | 'maintain';

/** What the resolve gate says. */
export type GateAnswer<Criterion> =
  | {
      granted: true;
      /** Criteria that are not met and were passed over. */
      overridden: readonly Criterion[];
    }
  | {
      granted: false;
      failing: readonly Criterion[];
      unknown: readonly Criterion[];
      /** Whom it takes to override. */
      needs: Overrider;
    };

/**
 * Whether an incident may be called resolved: where all criteria are met; where none fails and the lead gives a reason
 * for passing over what is unknown; or where a maintainer gives one, for whatever is not met. What is unknown never
 * counts as met.
 */
export function gate<Criterion extends { result: Result }>(
  criteria: readonly Criterion[],
  { role, isLead, override }: Asker,
): GateAnswer<Criterion> {
  const failing = criteria.filter(({ result }) => result === 'failed');
  const unknown = criteria.filter(({ result }) => result === 'unknown');
  const blocking = criteria.filter(({ result }) => result !== 'met');
  const needs: Overrider = failing.length > 0 ? 'maintain' : 'lead';
  const mayOverride = roleSuffices(role, 'maintain') || (needs === 'lead' && isLead);
  if (blocking.length === 0 || (override !== null && mayOverride))
    return { granted: true, overridden: blocking };
  return { granted: false, failing, unknown, needs };
}
