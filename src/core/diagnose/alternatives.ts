import type { ComponentType } from '../../config/repository.schema.ts';
import { causeIds } from '../causes.ts';
import type { Alternative } from '../diagnosis.ts';
import { componentOf, reachableFrom } from '../graph.ts';
import { sortedIds } from '../observations.ts';
import { causesWithoutRule, decidesFor } from '../rules/causes-without-rule.ts';
import type { CauseWithoutRule } from '../rules/causes-without-rule.ts';
import { bearingClause } from '../rules/connector-readings.ts';
import { stateOf } from './case.ts';
import type { Case } from './case.ts';
import type { Examination, Hypothesis } from './hypotheses.ts';
import { resourceTwins } from './identities.ts';
import type { Walk } from './walk.ts';

const verdictOrder = ['weaker', 'untested', 'refuted'] as const;

/**
 * The hypotheses that are not the root, each with what decided: first those that something speaks for, then those
 * that nobody tested, then the refuted ones. The root's cause in another component that is the same resource is none.
 */
export function alternativesOf(
  found: Case,
  way: Walk,
  examination: Examination,
  root: { cause: string; component: string },
): Alternative[] {
  const indicated = examination.hypotheses.map(ofHypothesis);
  const service = deepestService(found, way);
  const notIndicated = examination.notIndicated
    .filter(({ component, outcome }) => component === service || outcome.verdict === 'weaker')
    .map(({ rule, component, outcome }): Alternative => ({
      cause: rule.id,
      component,
      verdict: outcome.verdict,
      decidedBy: sortedIds(outcome.decidedBy),
      why: outcome.why,
    }));
  const others = causesWithoutRule.flatMap((cause) =>
    candidates(found, way, cause.appliesTo, service).map((component) => ofCause(found, cause, component)),
  );
  const isOne = resourceTwins(found);
  return [...indicated, ...notIndicated, ...others]
    .filter(({ cause, component }) => cause !== root.cause || !isOne(component, root.component))
    .toSorted(
      (a, b) =>
        verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict) ||
        causeIds.indexOf(a.cause) - causeIds.indexOf(b.cause),
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

function ofCause(found: Case, cause: CauseWithoutRule, component: string): Alternative {
  const refutation = cause.refuted?.(found, component);
  if (refutation) return { cause: cause.id, component, ...refutation };
  const read = cause.read?.(found, component) ?? null;
  const why = read
    ? `${bearingClause(read)}; not judged: no rule yet`
    : `not tested; this would decide: ${decidesFor(cause, component)}`;
  return { cause: cause.id, component, verdict: 'untested', decidedBy: read?.evidence ?? [], why };
}

/** The components that a cause could lie in: on a path from what fails, and services only where the walk came to. */
function candidates(
  found: Case,
  way: Walk,
  types: readonly ComponentType[],
  service: string | undefined,
): string[] {
  if (types.includes('cloud-run')) return service === undefined ? [] : [service];
  const ids = types.includes('google-region')
    ? Object.keys(found.configuration.components)
    : reachableFrom(found.graph, way.entries);
  return ids.filter((id) => types.includes(componentOf(found.configuration, id)?.type ?? 'http'));
}

/** The failing service that the walk reached last: causes within a service are asked of it. */
function deepestService(found: Case, way: Walk): string | undefined {
  const services = way.reached.filter((id) => componentOf(found.configuration, id)?.type === 'cloud-run');
  return services.findLast((id) => stateOf(found, id) === 'failing') ?? services.at(-1);
}
