import type { CloudRunComponent } from '../../config/repository.schema.ts';
import type { Case } from '../diagnose/case.ts';
import type { Contradiction } from '../diagnosis.ts';
import { dependenciesOf, inUse, namesConnector, namesInstance } from '../graph.ts';
import { current } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { sameValue } from './same-value.ts';

/** What the configuration expects or names, against what the APIs show of the revision in use. */
export function configuredAgainstMeasured(found: Case): Contradiction[] {
  return Object.entries(found.configuration.components).flatMap(([id, component]) => {
    if (component.type === 'cloud-run')
      return [...expectations(found, id, component), ...connectors(found, id)];
    if (component.type !== 'cloud-sql') return [];
    const names = current(found.index, id, signal.name);
    return disagreeing(id, signal.name, component.instance, names, (seen) =>
      namesInstance(seen.value, component.instance),
    );
  });
}

function expectations({ index }: Case, id: string, { expect }: CloudRunComponent): Contradiction[] {
  const env = Object.entries(expect?.env ?? {}).flatMap(([name, value]) => {
    const key = `${signal.env}${name}`;
    const shown = inUse(index, id, key).filter((seen) => !isHidden(seen));
    return disagreeing(id, key, value, shown, (seen) => sameValue(seen.value, value));
  });
  const egress = expect?.egress;
  if (egress === undefined) return env;
  const shown = inUse(index, id, signal.egress);
  return [...env, ...disagreeing(id, signal.egress, egress, shown, (seen) => seen.value === egress)];
}

/** A service that the configuration puts behind a connector, and whose revision has another one, or none. */
function connectors({ configuration, index, graph }: Case, id: string): Contradiction[] {
  const configured = (configuration.components[id]?.depends_on ?? []).flatMap((to) => {
    const component = Object.hasOwn(configuration.components, to) ? configuration.components[to] : undefined;
    return component?.type === 'vpc-connector' ? [component.name] : [];
  });
  const [only, ...others] = configured;
  const attached = dependenciesOf(graph, id).some((edge) => edge.kind === 'attached');
  if (only === undefined || others.length > 0 || attached) return [];
  return disagreeing(id, signal.connector, only, inUse(index, id, signal.connector), (seen) =>
    namesConnector(seen.value, only),
  );
}

function disagreeing(
  component: string,
  name: string,
  configured: string,
  shown: readonly Observation[],
  agrees: (seen: Observation) => boolean,
): Contradiction[] {
  const others = shown.filter((seen) => !agrees(seen));
  if (others.length === 0) return [];
  const sides = others.map((seen) => ({ value: seen.value, evidence: seen.id }));
  return [
    {
      about: { component, signal: name },
      kind: 'configured-measured',
      sides: [{ value: configured }, ...sides],
    },
  ];
}

/** A value that was redacted, or that lies in Secret Manager, cannot be compared. */
function isHidden({ value }: Observation): boolean {
  return value.includes('redacted') || /^secret \S+:\S+$/.test(value);
}
