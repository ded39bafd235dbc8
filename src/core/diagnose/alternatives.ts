import { causeIds } from '../causes.ts';
import type { Alternative } from '../diagnosis.ts';
import { componentOf } from '../graph.ts';
import { sortedIds } from '../observations.ts';
import { stateOf } from './case.ts';
import type { Case } from './case.ts';
import type { Examination } from './hypotheses.ts';
import type { Hypothesis } from './weighing.ts';
import { resourceTwins } from './identities.ts';
import type { Walk } from './walk.ts';

const causeOrder = new Map(causeIds.map((id, place) => [id, place]));
const verdictOrder = ['weaker', 'untested', 'refuted'] as const;

/**
 * The hypotheses that are not the root, each with what decided: first those that something speaks for, then those
 * that nobody tested, then the refuted ones. The root's cause in another component that is the same resource is none.
 */
export function alternativesOf(
  found: Case,
  way: Walk,
  examination: Examination,
  roots: readonly { cause: string; component: string }[],
): Alternative[] {
  const indicated = examination.hypotheses.map(ofHypothesis);
  const service = deepestService(found, way);
  const notIndicated = examination.notIndicated
    .filter(({ component, outcome }) => {
      if (outcome.verdict === 'weaker' || component === service) return true;
      return (componentOf(found.configuration, component)?.type ?? 'cloud-run') !== 'cloud-run';
    })
    .map(({ rule, component, outcome }): Alternative => ({
      cause: rule.id,
      component,
      verdict: outcome.verdict,
      decidedBy: sortedIds(outcome.decidedBy),
      why: outcome.why,
    }));
  const isOne = resourceTwins(found);
  return [...indicated, ...notIndicated]
    .filter(({ cause, component }) =>
      roots.every((root) => cause !== root.cause || !isOne(component, root.component)),
    )
    .toSorted(
      (a, b) =>
        verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict) ||
        (causeOrder.get(a.cause) ?? 0) - (causeOrder.get(b.cause) ?? 0),
    );
}

function ofHypothesis({ rule, component, indication, gates }: Hypothesis): Alternative {
  const refuted =
    indication.role === 'effect' ||
    (indication.role === 'root' && (!gates.notForbidden || gates.order === false));
  return {
    cause: rule.id,
    component,
    verdict: refuted ? 'refuted' : 'weaker',
    decidedBy: sortedIds(indication.decidedBy),
    why: indication.why,
  };
}

/** The failing service that the walk reached last: causes within a service are asked of it. */
function deepestService(found: Case, way: Walk): string | undefined {
  const services = way.reached.filter((id) => componentOf(found.configuration, id)?.type === 'cloud-run');
  return services.findLast((id) => stateOf(found, id) === 'failing') ?? services.at(-1);
}
