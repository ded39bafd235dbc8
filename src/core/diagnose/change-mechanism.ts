import { inUse } from '../graph.ts';
import { mechanismsOf } from '../rules/drift-mechanisms.ts';
import type { Change } from '../snapshot.ts';
import { isAbnormal, stateOf } from './case.ts';
import type { Case } from './case.ts';
import type { DatedChange } from './dated-change.ts';
import type { Hypothesis } from './weighing.ts';
import { onsetOf } from './onset.ts';
import type { Onset } from './onset.ts';
import { connectionFailures } from './traversal.ts';
import type { Walk } from './walk.ts';
import { code } from './wording.ts';

/**
 * How a change bears on the failure, in words: a reading that ties a changed setting to it, a cause that was found and
 * rests on the change, or an operation on a database that fails and that the walk came to. Null where nothing does.
 */
export function mechanismOf(
  found: Case,
  way: Walk,
  hypotheses: readonly Hypothesis[],
  change: DatedChange,
  onset: Onset | null,
): string | null {
  return ofSettings(found, change) ?? ofCause(hypotheses, change) ?? ofOperation(found, way, change, onset);
}

function ofSettings(found: Case, { component, revisions }: DatedChange): string | null {
  if (revisions.length === 0 || !isAbnormal(found, component)) return null;
  const context = {
    found,
    component,
    onset: onsetOf(found, component),
    connectionFailures: connectionFailures(found, component),
    incoming: [],
  };
  const mechanism = revisions
    .flatMap((change) => mechanismsOf(context, change))
    .find(({ holds, difference }) => holds === true && isInForce(found, component, difference));
  return mechanism ? `${code(mechanism.difference.key)}: ${mechanism.clause}` : null;
}

/** A later revision may have set it back: then it is no more what makes the service fail. */
function isInForce({ index }: Case, component: string, { key, to }: Change['diff'][number]): boolean {
  const now = inUse(index, component, key);
  return now.length === 0 || now.some(({ value }) => value === to);
}

/** A limit that a cause was measured against is no change for that; operations are held against their time. */
function ofCause(hypotheses: readonly Hypothesis[], { evidence, kind }: DatedChange): string | null {
  if (kind === 'limit') return null;
  const ids = new Set(evidence);
  const cause = hypotheses.find(
    ({ verdict, indication: { items, decidedBy } }) =>
      verdict !== 'unknown' &&
      [...decidedBy, ...items.flatMap((item) => (item.holds === true ? item.evidence : []))].some((id) =>
        ids.has(id),
      ),
  );
  return cause ? `${cause.rule.id} of ${code(cause.component)}: ${cause.indication.why}` : null;
}

function ofOperation(found: Case, way: Walk, change: DatedChange, onset: Onset | null): string | null {
  const { kind, component, from, ended } = change;
  if (kind !== 'operation' || ended === null || onset === null) return null;
  // An operation alone makes a database degraded: that would prove itself.
  if (!way.reached.includes(component) || stateOf(found, component) !== 'failing') return null;
  const overlaps = from <= onset.latest && ended >= onset.at;
  return overlaps
    ? `${code(component)} fails, and the operation was under way when the failures began`
    : null;
}
