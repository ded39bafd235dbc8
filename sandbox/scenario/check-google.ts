import { matchRoute } from '../google/routes.ts';
import { placeholder } from '../google/logs/entries.ts';
import { messageNamed } from '../google/descriptions.ts';
import { walkMessage } from '../google/message.ts';
import { writingProblem } from '../google/prometheus/writing.ts';
import { descriptorOf, labelsOfResource } from '../google/metrics/descriptors.ts';
import { contentProblems } from '../google/objects.ts';
import { feedProblems } from '../google/status-feed.ts';
import { inOrder } from './problem.ts';
import type { Path, Problems } from './problem.ts';
import type { Scenario } from './schema.ts';
import { contentAt, resourceAt } from './timeline.ts';

/** Whether the Google part of a scenario is something that the APIs could answer. */

type Resource = Scenario['google']['resources'][number];

/** Before every state but one that has always held. */
const earliest = new Date(-8_640_000_000_000_000);

function* resourceProblems(resource: Resource, path: Path): Problems {
  yield* inOrder(resource.states, [...path, 'states']);
  const [asked = ''] = resource.path.split('?');
  const match = matchRoute('GET', asked) ?? matchRoute('POST', asked);
  if (match === null || match.method.response !== resource.type || match.method.api !== resource.api) {
    yield {
      path: [...path, 'path'],
      what: `no method of ${resource.api} gets a ${resource.type} at ${resource.path}`,
      remedy: 'Give the path below the API host, its host, and the message that a get of it answers with.',
    };
    return;
  }
  const name = match.fields['name'] ?? Object.values(match.fields).at(-1);
  const told = new Set<string>();
  for (const [index, { from }] of resource.states.entries()) {
    const body = resourceAt(resource, from === undefined ? earliest : new Date(from));
    if (body === null) continue;
    const problems = walkMessage(resource.type, body, 'answer').problems;
    if (messageNamed(resource.type)?.['name'] !== undefined && body['name'] !== name)
      problems.push(`name: ${JSON.stringify(body['name'])} where the path has ${name}`);
    problems.push(...contentProblemsOf(resource, from));
    // What an earlier state did wrong is in every later one too.
    for (const what of problems.filter((problem) => !told.has(problem))) {
      told.add(what);
      const at = [...path, 'states', index, 'body'];
      yield { path: at, what, remedy: `Write it as the REST API answers ${resource.type}.` };
    }
  }
}

/** An object of Cloud Storage has a content that can be read, and nothing else has one. */
function contentProblemsOf(resource: Resource, from: string | undefined): string[] {
  const content = contentAt(resource, from === undefined ? earliest : new Date(from));
  if (resource.type !== 'storage.Object') return content === null ? [] : ['content: it is no object'];
  return content === null ? ['content: it is missing'] : contentProblems(content);
}

type FeedIncident = Scenario['google']['status_feed'][number];

function* feedIncidentProblems(incident: FeedIncident, path: Path): Problems {
  yield* inOrder(incident.states, [...path, 'states']);
  for (const [index, { from }] of incident.states.entries()) {
    const body = resourceAt(incident, from === undefined ? earliest : new Date(from));
    for (const what of body === null ? [] : feedProblems(body)) {
      const remedy = 'Write it as https://status.cloud.google.com/incidents.json has it.';
      yield { path: [...path, 'states', index, 'body'], what, remedy };
    }
  }
}

type LogRun = Scenario['google']['logs'][number];

function* logProblems(run: LogRun, path: Path): Problems {
  const span = run.from !== undefined && run.to !== undefined && run.count !== undefined;
  const parts = [run.from, run.to, run.count].filter((part) => part !== undefined).length;
  if (run.at === undefined ? !span : parts > 0) {
    yield { path, what: 'its time is not clear', remedy: 'Give either "at", or "from", "to" and "count".' };
  } else if (run.from !== undefined && run.to !== undefined && Date.parse(run.to) < Date.parse(run.from)) {
    yield {
      path: [...path, 'to'],
      what: 'it ends before it begins',
      remedy: 'Let "to" be later than "from".',
    };
  }
  const at = [...path, 'entry'];
  for (const key of ['timestamp', 'insertId', 'receiveTimestamp']) {
    if (key in run.entry)
      yield { path: [...at, key], what: 'it is set by the stand-in', remedy: 'Leave it out.' };
  }
  for (const problem of walkMessage('google.logging.v2.LogEntry', run.entry, 'answer').problems) {
    yield { path: at, what: problem, remedy: 'Write it as the REST API answers google.logging.v2.LogEntry.' };
  }
  if (JSON.stringify(run.entry).replaceAll(placeholder, '').includes('{{')) {
    yield { path: at, what: 'it has a {{…}} of another form', remedy: 'Write {{n}} or {{rand LEAST MOST}}.' };
  }
  if (!/^projects\/[^/]+\/logs\/[^/]+$/.test(String(run.entry['logName']))) {
    const remedy = 'Write projects/PROJECT/logs/NAME, with %2F for a slash in the name.';
    yield { path: [...at, 'logName'], what: 'it names no log', remedy };
  }
}

type Metric = Scenario['google']['metrics'][number];

function* descriptorProblems(metric: Metric, path: Path): Problems {
  const descriptor = descriptorOf(metric.type);
  if (descriptor === undefined) return;
  const { kinds, valueType, labels, resource } = descriptor;
  const remedy = `${metric.type} is ${kinds.join(' or ')} of ${valueType}: write it so.`;
  if (!kinds.includes(metric.kind)) yield { path: [...path, 'kind'], what: `it is ${metric.kind}`, remedy };
  if (metric.value !== valueType) yield { path: [...path, 'value'], what: `it is ${metric.value}`, remedy };
  for (const label of Object.keys(metric.labels)) {
    if (!labels.includes(label)) {
      const known = labels.join(', ') || 'none';
      yield {
        path: [...path, 'labels', label],
        what: 'the metric has no such label',
        remedy: `It has: ${known}.`,
      };
    }
  }
  if (resource !== null && resource !== metric.resource.type) {
    const at = [...path, 'resource', 'type'];
    yield {
      path: at,
      what: `it is ${metric.resource.type}`,
      remedy: `${metric.type} belongs to ${resource}.`,
    };
  }
}

function* metricProblems(metric: Metric, path: Path): Problems {
  yield* descriptorProblems(metric, path);
  yield* inOrder(metric.levels, [...path, 'levels']);
  const { type, labels } = metric.resource;
  const known = labelsOfResource(type);
  for (const label of Object.keys(labels)) {
    if (known?.includes(label) === false) {
      const at = [...path, 'resource', 'labels', label];
      yield { path: at, what: `${type} has no such label`, remedy: `It has: ${known.join(', ')}.` };
    }
  }
  if (labels['project_id'] === undefined) {
    const at = [...path, 'resource', 'labels'];
    yield { path: at, what: 'project_id is missing', remedy: 'Series are found by their project: add it.' };
  }
  for (const [index, { from, to, value }] of metric.levels.entries()) {
    const at = [...path, 'levels', index];
    if (to !== undefined && Date.parse(to) <= Date.parse(from)) {
      yield {
        path: [...at, 'to'],
        what: 'it ends before it begins',
        remedy: 'Let "to" be later than "from".',
      };
    }
    if (metric.value === 'INT64' && !Number.isInteger(value)) {
      yield {
        path: [...at, 'value'],
        what: `${value} is no whole number`,
        remedy: 'The metric holds INT64.',
      };
    }
  }
}

function* prometheusProblems({ google: { prometheus } }: Scenario): Problems {
  for (const [index, { project, query, series }] of prometheus.entries()) {
    const path = ['google', 'prometheus', index];
    const problem = writingProblem(query);
    if (problem !== null) {
      yield { path: [...path, 'query'], what: problem, remedy: 'Write it as the API could answer it.' };
    }
    for (const [at, { levels }] of series.entries()) {
      yield* inOrder(levels, [...path, 'series', at, 'levels']);
    }
    const twin = prometheus.findIndex((other) => other.project === project && other.query === query);
    if (twin < index) {
      yield { path: [...path, 'query'], what: 'it is there twice', remedy: 'Put its series together.' };
    }
  }
}

/** What is wrong with a scenario's resources, logs, metrics, queries and status feed. */
export function* googleProblems(scenario: Scenario): Problems {
  const { google } = scenario;
  for (const [index, resource] of google.resources.entries()) {
    const path = ['google', 'resources', index];
    yield* resourceProblems(resource, path);
    const twin = google.resources.findIndex(
      ({ api, path: at }) => api === resource.api && at === resource.path,
    );
    if (twin < index) {
      const what = `${resource.path} is there twice`;
      yield { path: [...path, 'path'], what, remedy: 'Put its states together.' };
    }
  }
  for (const [index, run] of google.logs.entries()) yield* logProblems(run, ['google', 'logs', index]);
  for (const [index, metric] of google.metrics.entries()) {
    yield* metricProblems(metric, ['google', 'metrics', index]);
  }
  yield* prometheusProblems(scenario);
  for (const [index, incident] of google.status_feed.entries()) {
    yield* feedIncidentProblems(incident, ['google', 'status_feed', index]);
  }
}
