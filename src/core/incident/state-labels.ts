import type { Configuration } from '../../config/repository.schema.ts';
import type { WantedLabel } from '../kept-labels.ts';
import { isLabelled } from './labelled.ts';
import type { IncidentState } from './state.ts';

/**
 * The labels that follow from how an incident stands: severity, stage, regression, escalated, that the issue was closed
 * while criteria did not hold, and the one of incidents where a command declared it. None of them belongs there after it
 * was stood down: nobody keeps them true.
 *
 * @param carried Labels of the issue: a severity that a label of people's tells already is not told twice.
 */
export function stateLabels(
  configuration: Configuration,
  state: IncidentState,
  carried: readonly string[],
): WantedLabel[] {
  if (state.declared === null) return [];
  const severities = severityLabels(configuration, state, carried);
  const { stage, regression, escalated, closed_unresolved: closedUnresolved } = configuration.labels;
  const looked = state.stoodDown === null;
  const stages = Object.entries(stage).map(([of, name]): WantedLabel => ({
    name,
    wanted: looked && of === state.stage,
    meaning: 'stage',
  }));
  const own = severities.filter(({ wanted }) => wanted).map(({ name }) => name);
  return [
    ...incidentLabel(configuration, state, [...carried, ...own]),
    ...severities,
    ...stages,
    { name: regression, wanted: looked && state.regression !== null, meaning: 'regression' },
    { name: escalated, wanted: looked && state.escalations.length > 0, meaning: 'escalated' },
    { name: closedUnresolved, wanted: looked && state.closedUnresolved, meaning: 'closed-unresolved' },
  ];
}

/**
 * The same after something changed. Where a rule of the configuration keeps one of these names too, the rule decides,
 * but for what just changed.
 */
export function labelsOfChange(
  configuration: Configuration,
  { before, after, carried }: { before: IncidentState; after: IncidentState; carried: readonly string[] },
): WantedLabel[] {
  const ruled = new Set(configuration.labels.apply.map(({ label }) => label.toLowerCase()));
  const was = new Map(
    stateLabels(configuration, before, carried).map(({ name, wanted }) => [name, wanted] as const),
  );
  return stateLabels(configuration, after, carried).filter(
    ({ name, wanted }) => !ruled.has(name.toLowerCase()) || was.get(name) !== wanted,
  );
}

/** Nothing belongs on the issue any more of what Sitrep put there. */
export function labelsAfterStandDown(configuration: Configuration, state: IncidentState): WantedLabel[] {
  const rules = configuration.labels.apply.map(({ label }): WantedLabel => ({ name: label, wanted: false }));
  return [...stateLabels(configuration, state, []), ...rules];
}

function severityLabels(
  { labels }: Configuration,
  { severity, stoodDown }: IncidentState,
  carried: readonly string[],
): WantedLabel[] {
  const worn = new Set(carried.map((name) => name.toLowerCase()));
  return Object.entries(labels.severity).flatMap(([of, [name, ...others]]): WantedLabel[] => {
    if (name === undefined) return [];
    const told = others.some((other) => worn.has(other.toLowerCase()));
    return [{ name, wanted: stoodDown === null && of === severity && !told, meaning: severityMeaning(of) }];
  });
}

function severityMeaning(of: string): 'P0' | 'P1' | 'P2' | 'P3' {
  return (['P0', 'P1', 'P2', 'P3'] as const).find((known) => known === of) ?? 'P3';
}

/** Whoever declares by label has set one; by a command the first is set, unless another of them is there. */
function incidentLabel(
  configuration: Configuration,
  { declared, stoodDown }: IncidentState,
  there: readonly string[],
): WantedLabel[] {
  const [first] = configuration.labels.incident;
  if (first === undefined) return [];
  const others = there.filter((name) => name.toLowerCase() !== first.toLowerCase());
  const wanted = stoodDown === null && declared?.via === 'command' && !isLabelled(others, configuration);
  return [{ name: first, wanted, meaning: 'incident' }];
}
