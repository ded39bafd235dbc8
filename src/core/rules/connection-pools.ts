import { code } from '../diagnose/wording.ts';
import { dependenciesOf, inUse } from '../graph.ts';
import { before, current, latest, numberOf, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import type { RuleContext } from './rule.ts';

/** Variables that set how many connections a process keeps, and how many it may open beyond that. */
const poolSize = /POOL_?(?:MAX_?)?SIZE|MAX_?POOL|POOL_?MAX|MAX_?CONNECTIONS|CONNECTION_?LIMIT/i;
const overflow = /MAX_?OVERFLOW/i;

/** What the instances of the services that use a database may open together. */
interface PoolReading {
  exceeds: boolean;
  clause: string;
  seen: Observation[];
}

/**
 * Instances times pool size of the service that may open most, against the limit of the database: what people
 * forget when a service scales. Null where no service shows a pool size among its variables.
 */
export function poolReading(context: RuleContext): PoolReading | null {
  const { found, component } = context;
  const limit =
    latest(found.index, component, `${signal.flag}max_connections`) ??
    latest(found.index, component, signal.defaultConnections);
  const most = numberOf(limit);
  if (!limit || most === null) return null;
  const demands = Object.keys(found.configuration.components)
    .filter((id) => dependenciesOf(found.graph, id).some(({ to }) => to === component))
    .flatMap((id) => demandOf(context, id) ?? []);
  const [greatest] = demands.toSorted((a, b) => b.possible - a.possible);
  if (!greatest) return null;
  return {
    exceeds: greatest.possible >= most * 0.9,
    clause: `${greatest.clause} against ${limit.value} allowed`,
    seen: [...greatest.seen, limit],
  };
}

interface Demand {
  possible: number;
  clause: string;
  seen: Observation[];
}

function demandOf({ found }: RuleContext, service: string): Demand | null {
  const settings = (found.index.byComponent.get(service) ?? []).filter(
    ({ signal: name }) => name.startsWith(signal.env) && (poolSize.test(name) || overflow.test(name)),
  );
  const names = [...new Set(settings.map(({ signal: name }) => name))];
  const values = names.flatMap((name) => inUse(found.index, service, name).slice(0, 1));
  const numbers = values.filter((seen) => numberOf(seen) !== null);
  const instances = current(found.index, service, signal.activeInstances);
  const [pool, running] = [sumOf(numbers), sumOf(instances)];
  if (pool === null || running === null || !numbers.some(({ signal: name }) => poolSize.test(name)))
    return null;
  const [was] = before(found.index, service, signal.activeInstances);
  const earlier =
    was && numberOf(was) !== null && was.value !== String(running)
      ? `, ${was.value} in the hour before,`
      : '';
  return {
    possible: pool * running,
    clause: `${running} instances of ${code(service)}${earlier} with up to ${pool} connections each may open ${pool * running}`,
    seen: [...numbers, ...instances, ...(earlier === '' || !was ? [] : [was])],
  };
}
