import type { Component, Configuration } from '../../config/repository.schema.ts';
import { conditionsOf, isClock } from '../incident/rule-clock.ts';

/**
 * The configuration as far as a redacted update may name it: ids, titles, edges, people, times. What a component is called
 * at its provider, and where it answers, is its id here; commands, queries, expectations and conditions are left out.
 */
export function redactedConfiguration(configuration: Configuration): Configuration {
  const {
    version,
    environment,
    labels,
    contacts,
    checkpoints,
    refresh,
    regressions,
    resolution,
    postmortem,
  } = configuration;
  const { journeys, impact, prevention, unreadable } = configuration;
  return {
    version,
    environment,
    labels: { ...labels, apply: [] },
    components: Object.fromEntries(
      Object.entries(configuration.components).map(([id, component]) => [id, nameless(id, component)]),
    ),
    journeys,
    ...(impact === undefined ? {} : { impact }),
    contacts,
    checkpoints,
    refresh,
    regressions,
    resolution,
    postmortem,
    prevention,
    ...(unreadable === undefined ? {} : { unreadable }),
    success_criteria: configuration.success_criteria.map(({ id, title, for: length }) => ({
      id,
      title,
      when: '',
      ...(length === undefined ? {} : { for: length }),
    })),
    escalation: configuration.escalation.map((rule) => ({ ...rule, when: clockAlone(rule.when) })),
    plan: configuration.plan.map(({ phase, window, actions }) => ({
      phase,
      ...(window === undefined ? {} : { window }),
      actions: actions.map(({ title }) => ({ title })),
    })),
  };
}

/** When a rule is due is a time; what else it asks for names figures. */
function clockAlone(when: string): string {
  return conditionsOf(when).filter(isClock).join(' && ');
}

function nameless(id: string, component: Component): Component {
  const { depends_on, via, owner, title } = component;
  const known = {
    depends_on,
    ...(via === undefined ? {} : { via }),
    ...(owner === undefined ? {} : { owner }),
    ...(title === undefined ? {} : { title }),
  };
  switch (component.type) {
    case 'cloud-run':
      return { type: 'cloud-run', service: id, ...known };
    case 'vpc-connector':
      return { type: 'vpc-connector', name: id, ...known };
    case 'cloud-sql':
      return { type: 'cloud-sql', instance: id, ...known };
    case 'secret':
      return { type: 'secret', name: id, version: 'latest', ...known };
    case 'load-balancer':
      return { type: 'load-balancer', backend_service: id, certificates: [], ...known };
    case 'http':
    case 'websocket':
      return { type: component.type, url: '', ...known };
    case 'metric':
      return { type: 'metric', query: '', ...known };
    case 'log-filter':
      return { type: 'log-filter', filter: '', ...known };
    case 'terraform-state':
      return { type: 'terraform-state', bucket: '', object: '', ...known };
    case 'google-region':
    case 'service':
      return { type: component.type, ...known };
  }
}
