import type { Component, Configuration } from '../config/repository.schema.ts';
import type { ComponentState, Snapshot } from './snapshot.ts';
import { indexObservations, sortedIds } from './observations.ts';
import type { Observations } from './observations.ts';
import { cloudRunState } from './states/cloud-run.ts';
import { cloudSqlState } from './states/cloud-sql.ts';
import { connectorState } from './states/connector.ts';
import { regionState } from './states/google-region.ts';
import { httpState } from './states/http.ts';
import { loadBalancerState } from './states/load-balancer.ts';
import { logFilterState } from './states/log-filter.ts';
import { metricState } from './states/metric.ts';
import { unread } from './states/reading.ts';
import type { StateReading } from './states/reading.ts';
import { secretState } from './states/secret.ts';
import { serviceState } from './states/service.ts';
import { terraformState } from './states/terraform-state.ts';
import { webSocketState } from './states/websocket.ts';

export type { StateReading } from './states/reading.ts';

/** A journey as the states of its steps show it. */
export interface JourneyReading {
  id: string;
  title: string;
  /** True if a step fails, null if none fails but not all could be read. */
  blocked: boolean | null;
  /** The first failing step; without one, the first that could not be read. */
  at: string | null;
  evidence: string[];
  steps: { component: string; state: ComponentState; evidence: string[] }[];
}

/**
 * The state of each configured component. A component is healthy only where something shows that it works: an
 * answer, traffic without errors, a load below its limit. A present state that reads right (`READY`,
 * `RUNNABLE`) without any such figure is unknown, as is everything that could not be read.
 */
export function componentStates(
  configuration: Configuration,
  snapshot: Snapshot,
): Record<string, StateReading> {
  return statesOf(configuration, indexObservations(snapshot));
}

/** As `componentStates`, over an index that is already there. */
export function statesOf(configuration: Configuration, index: Observations): Record<string, StateReading> {
  const answers = answersByService(configuration, index);
  const entries = Object.entries(configuration.components).map(([id, component]): [string, StateReading] => [
    id,
    stateOf(id, component, index, answers.get(id) ?? []),
  ]);
  return Object.fromEntries(entries);
}

function stateOf(
  id: string,
  component: Component,
  index: Observations,
  answers: readonly StateReading[],
): StateReading {
  switch (component.type) {
    case 'cloud-run':
      return cloudRunState(id, index, answers);
    case 'vpc-connector':
      return connectorState(id, index);
    case 'cloud-sql':
      return cloudSqlState(id, index);
    case 'http':
      return httpState(id, component, index);
    case 'websocket':
      return webSocketState(id, component, index);
    case 'metric':
      return metricState(id, component, index);
    case 'log-filter':
      return logFilterState(id, component, index);
    case 'service':
      return serviceState(id, component, index);
    case 'secret':
      return secretState(id, index);
    case 'load-balancer':
      return loadBalancerState(id, index);
    case 'google-region':
      return regionState(id, index);
    case 'terraform-state':
      return terraformState(id, index);
    default:
      return unread(index, id, 'any');
  }
}

/** The endpoints whose one dependency a service is, as far as they were read: what they answer is its answer. */
function answersByService(configuration: Configuration, index: Observations): Map<string, StateReading[]> {
  const answers = new Map<string, StateReading[]>();
  for (const [endpoint, component] of Object.entries(configuration.components)) {
    const [service, ...others] = component.depends_on;
    if (component.type !== 'http' || service === undefined || others.length > 0) continue;
    const state = httpState(endpoint, component, index);
    if (state.state !== 'unknown') answers.set(service, [...(answers.get(service) ?? []), state]);
  }
  return answers;
}

/**
 * Each journey with the state of its steps. It is blocked at its first failing step; a degraded step slows it
 * and does not block it. Steps that could not be read leave it open (`blocked: null`) unless another one fails.
 */
export function journeyReadings(
  configuration: Configuration,
  states: Readonly<Record<string, StateReading>>,
): Record<string, JourneyReading> {
  const entries = Object.entries(configuration.journeys).map(([id, journey]): [string, JourneyReading] => {
    const steps = journey.steps.map((component) => {
      const found = Object.hasOwn(states, component) ? states[component] : undefined;
      return { component, state: found?.state ?? 'unknown', evidence: found?.evidence ?? [] };
    });
    return [id, { id, title: journey.title, ...outcomeOf(steps), steps }];
  });
  return Object.fromEntries(entries);
}

function outcomeOf(steps: JourneyReading['steps']): Pick<JourneyReading, 'blocked' | 'at' | 'evidence'> {
  const failing = steps.findIndex((step) => step.state === 'failing');
  const unknown = steps.findIndex((step) => step.state === 'unknown');
  const at = steps[failing === -1 ? unknown : failing]?.component ?? null;
  const shown = at === null ? steps : steps.slice(0, (failing === -1 ? unknown : failing) + 1);
  const deciding = shown.filter((step) => at === null || step.component === at || step.state === 'unknown');
  return {
    blocked: failing === -1 ? (unknown === -1 ? false : null) : true,
    at,
    evidence: sortedIds(deciding.flatMap((step) => step.evidence)),
  };
}
