import type { CloudRunComponent, Component } from '../../config/repository.schema.ts';
import type { Case } from '../diagnose/case.ts';
import type { Contradiction } from '../diagnosis.ts';
import { dependenciesOf, inUse, namesConnector, namesInstance } from '../graph.ts';
import { current, latest } from '../observations.ts';
import type { Observations } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { expectationsOf } from './expectations.ts';
import type { Expectation } from './expectations.ts';

/** What the configuration expects or names, against what the APIs show of what is in use. */
export function configuredAgainstMeasured(found: Case): Contradiction[] {
  return Object.entries(found.configuration.components).flatMap(([id, component]) => {
    const expected = expectationsOf(component).flatMap((one) => against(found.index, id, component, one));
    if (component.type === 'cloud-run') return [...expected, ...connectors(found, id, component)];
    if (component.type !== 'cloud-sql') return expected;
    const names = current(found.index, id, signal.name);
    const named = disagreeing(id, signal.name, component.instance, names, (seen) =>
      namesInstance(seen.value, component.instance),
    );
    return [...expected, ...named];
  });
}

function against(
  index: Observations,
  id: string,
  { type }: Component,
  { name, value, agrees, absentAgrees }: Expectation,
): Contradiction[] {
  const live = inUse(index, id, name).filter((seen) => !isHidden(seen));
  if (inUse(index, id, name).length > 0) {
    return disagreeing(id, name, value, live, (seen) => agrees(seen.value));
  }
  const read = absentAgrees === true ? undefined : readWithout(index, id, type);
  if (read === undefined) return [];
  const sides = [{ value }, { value: 'not set', evidence: read.id }];
  return [{ about: { component: id, signal: name }, kind: 'configured-measured', sides }];
}

/**
 * What shows that all settings were read, so that one which is missing is not set; undefined where nothing does.
 * Of a service only the serving revision counts: of others some settings are left out.
 */
function readWithout(index: Observations, id: string, type: Component['type']): Observation | undefined {
  if (type === 'cloud-sql') return latest(index, id, signal.tier);
  if (type !== 'cloud-run') return undefined;
  return latest(index, id, signal.servingRevision) && inUse(index, id, signal.image)[0];
}

/** A service that the configuration puts behind a connector, and whose revision has another one, or none. */
function connectors(
  { configuration, index, graph }: Case,
  id: string,
  { expect }: CloudRunComponent,
): Contradiction[] {
  // What is expected in so many words is compared as such.
  if (expect?.connector !== undefined) return [];
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
