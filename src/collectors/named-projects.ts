import type { Component } from '../config/repository.schema.ts';

/**
 * The Google projects that a component leads to beside the configured one, as the texts of the configuration name them:
 * in a full resource name, a connection name, a query or a filter. What selects several at once, such as a pattern, is
 * given as it is written, so that a policy that lists projects one by one grants none of it.
 */
export function namedProjects(component: Component): string[] {
  if (component.type === 'metric') return projectsInPromQl(component.query);
  if (component.type === 'log-filter') return projectsInLogFilter(component.filter);
  return resourceNames(component).flatMap((name) => projectOfName(name) ?? []);
}

/** The first name of a component that is a path and not the name of one thing; null where there is none. */
export function pathForName(component: Component): string | null {
  return resourceNames(component).find((name) => /^\.{1,2}$|[/\\]/.test(name)) ?? null;
}

/** What becomes a segment of a request's path. */
function resourceNames(component: Component): string[] {
  switch (component.type) {
    case 'cloud-run':
      return [component.service];
    case 'vpc-connector':
    case 'secret':
      return [component.name];
    case 'cloud-sql':
      return [component.instance];
    case 'load-balancer':
      return [
        component.backend_service,
        ...(component.region === undefined ? [] : [component.region]),
        ...component.certificates,
      ];
    case 'terraform-state':
      return [component.bucket];
    case 'http':
    case 'websocket':
    case 'google-region':
    case 'service':
    case 'metric':
    case 'log-filter':
      return [];
  }
}

/** Of `projects/P/…`, and of a connection name, `P:region:instance`; a project of a domain has a colon itself. */
function projectOfName(name: string): string | null {
  const inPath = /(?:^|\/)projects\/([^/]+)/.exec(name)?.[1];
  if (inPath !== undefined) return inPath;
  const parts = name.split(':');
  return parts.length < 3 ? null : parts.slice(0, -2).join(':');
}

/** Labels by which a series of Cloud Monitoring says whose it is. */
export const projectLabels: ReadonlySet<string> = new Set(['project_id', 'resource_container']);

/**
 * A word, a string with its quotes, an operator of a matcher, or any other sign, of PromQL
 * (https://prometheus.io/docs/prometheus/latest/querying/basics/). Each alternative begins with another sign, so that
 * the time is linear.
 */
const token = /#[^\n]*|[A-Za-z_:][\w:]*|"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|`[^`]*`|=~|!~|!=|==|=|[^\s]/g;

function projectsInPromQl(query: string): string[] {
  const tokens = (query.match(token) ?? []).filter((one) => !one.startsWith('#'));
  return tokens.flatMap((name, index) => {
    const [operator = '', value = ''] = tokens.slice(index + 1, index + 3);
    if (!['=', '=~', '!=', '!~'].includes(operator) || !isProjectLabel(name)) return [];
    const text = /^["'`]/.test(value) ? value.slice(1, -1) : value;
    if (operator === '=') return [text];
    return operator === '=~' ? text.split('|') : [`${name}${operator}${value}`];
  });
}

/** A label in quotes may be written with escapes: then it may be any label. */
function isProjectLabel(name: string): boolean {
  const label = /^["'`]/.test(name) ? name.slice(1, -1) : name;
  return projectLabels.has(label) || (label !== name && label.includes('\\'));
}

/** The API searches the named project alone, whatever the filter says; one that asks for another is told so. */
function projectsInLogFilter(filter: string): string[] {
  const named = [
    ...filter.matchAll(/\blogName\s*(?:=~|=|:)\s*"?projects\/([^/"\s]+)/gi),
    ...filter.matchAll(/\bproject_id"?\s*(?:=~|=|:)\s*"?([^"\s()]+)/gi),
  ];
  return named.flatMap(([, project]) => project ?? []);
}
