import type { Configuration } from '../../config/repository.schema.ts';
import type { SampledCriteria } from '../criteria/sampled.ts';
import type { Standing, Standings } from '../criteria/standing.ts';

/**
 * Whether a sample shows that a full look is due: an escalation rule turned true or can be told no more from samples
 * (its clock ran out, say), or the last success criterion was met. Only a look can say why, and only a look escalates.
 */
export function isLookDue(
  { escalation, success_criteria: criteria }: Pick<Configuration, 'escalation' | 'success_criteria'>,
  before: Standings,
  { told, open }: SampledCriteria,
): boolean {
  const watched = new Set(escalation.filter(({ action }) => action !== 'continue').map(({ id }) => id));
  const turned = told.some(
    ({ kind, id, result }) =>
      kind === 'escalation' &&
      watched.has(id) &&
      result === 'met' &&
      before.escalation[id] !== undefined &&
      before.escalation[id].result !== 'met',
  );
  const lost = open.some(
    ({ kind, id }) => kind === 'escalation' && watched.has(id) && before.escalation[id]?.toldBy === 'sample',
  );
  const now: Record<string, Pick<Standing, 'result'>> = {
    ...before.success,
    ...Object.fromEntries(told.filter(({ kind }) => kind === 'success').map((one) => [one.id, one])),
  };
  const areMet = (standing: Readonly<Record<string, Pick<Standing, 'result'>>>): boolean =>
    criteria.length > 0 && criteria.every(({ id }) => standing[id]?.result === 'met');
  return turned || lost || (areMet(now) && !areMet(before.success));
}
