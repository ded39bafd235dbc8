import { atLeast, figure } from '../figures.ts';
import { before, latest } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { cite, code, join, plain, type Plain, say, type Text } from '../text.ts';
import { componentsIn, type Facts } from './facts.ts';

/** Services shown in one line; the figures of all are in the fold. */
const shown = 2;

/** `checkout` p95 130 ms, was 120 ms the hour before (E35, E39), 5xx 0/696 (E21, E22): how those that are OK do. */
export function servingFigures(facts: Facts): Text | null {
  const services = componentsIn(facts, 'healthy').filter(
    (id) => facts.configuration.components[id]?.type === 'cloud-run',
  );
  const perService = services.flatMap((id) => {
    const parts = [latency(facts, id), errors(facts, id)].filter((part) => part !== null);
    return parts.length === 0 ? [] : [say`${code(id)} ${join(parts)}`];
  });
  return perService.length === 0 ? null : say`${join(perService.slice(0, shown), say`; `)}`;
}

function latency(facts: Facts, id: string): Text | null {
  const now = latest(facts.index, id, signal.latencyP95);
  if (now === undefined) return null;
  const was = before(facts.index, id, signal.latencyP95)[0];
  if (was === undefined) return say`p95 ${written(now)} ${cite([now.id])}`;
  return say`p95 ${written(now)}, was ${written(was)} the hour before ${cite([now.id, was.id])}`;
}

function errors(facts: Facts, id: string): Text | null {
  const requests = latest(facts.index, id, signal.requests);
  const failed = latest(facts.index, id, signal.serverErrors);
  if (requests === undefined || failed === undefined) return null;
  return say`5xx ${written(failed)} of ${written(requests)} requests ${cite([requests.id, failed.id])}`;
}

function written(found: Observation): Plain {
  return plain(
    atLeast(figure(found.value, found.signal === signal.latencyP95 ? found.unit : null), found.partial),
  );
}
