import { componentOf, dependenciesOf } from '../graph.ts';
import { current, latest, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { errorsOf } from '../states/errors.ts';
import type { Case } from './case.ts';
import { noneFree } from './log-signatures.ts';

/**
 * What Cloud Run, or the thing itself, says of a thing that a revision needs and cannot have. Such a line names the
 * thing, so it is proof of the way even where the thing's own state reads right: a secret that is enabled and may not
 * be read, a database that runs and is full. Texts of Cloud Run: cloud.google.com/run/docs/troubleshooting.
 */

/** A connector that is gone, or may not be used. */
export const connectorRefused =
  /VPC (?:access )?connector \S{1,200} does not exist|permission to use (?:it|the (?:VPC )?connector)/i;

/** A secret, or a version of it, that Cloud Run could not give to an instance. */
const secretRefusedByCloudRun =
  /could not fetch secret "?projects\/|permission denied on secret|secret version\b.{0,300}\bis in (?:DISABLED|DESTROYED) state|\bsecret projects\/\S{1,300} was not found/i;

/** The same, or a client library of Secret Manager that was refused in the program. */
export const secretRefused = new RegExp(
  String.raw`${secretRefusedByCloudRun.source}|Permission 'secretmanager\.versions\.access' denied|\bSecret \[projects/\S{1,300} not found`,
  'i',
);

/** Reason of a condition for the same (Cloud Run Admin API v2, RevisionReason). */
const secretsCheckFailed = 'SECRETS_ACCESS_CHECK_FAILED';

/** Whether a line that refuses a secret is Cloud Run's own, about an instance that it does not start. */
export function isSaidByCloudRun({ text = '' }: Observation): boolean {
  return (
    text.includes(secretsCheckFailed) ||
    (secretRefusedByCloudRun.test(text) && !/\b(?:exceptions?\.|rpc error|Error: \d)/.test(text))
  );
}

/** Instances that Cloud Run did not bring up, in its own words. */
const instanceNotStarted = /instance could not start successfully|no available instance/i;

/** The lines and conditions of a service by which it is told that it cannot have one of the things it needs. */
export function accusations(found: Case, from: string, to: string): Observation[] {
  const component = componentOf(found.configuration, to);
  if (component?.type === 'secret') {
    return refusals(found, from, secretRefused).filter(({ text }) => namesResource(text, component.name));
  }
  if (component?.type === 'vpc-connector') {
    return refusals(found, from, connectorRefused).filter(({ text }) => namesResource(text, component.name));
  }
  if (component?.type === 'cloud-sql') {
    const databases = dependenciesOf(found.graph, from).filter(
      ({ to: other }) => componentOf(found.configuration, other)?.type === 'cloud-sql',
    );
    return refusals(found, from, noneFree).filter(
      ({ text }) => databases.length === 1 || namesResource(text, component.instance),
    );
  }
  return [];
}

/** Error lines and failed conditions of a service that fit a pattern, or give the reason of a secret's check. */
export function refusals(found: Case, service: string, pattern: RegExp): Observation[] {
  const { index } = found;
  const conditions = failedConditions(found, service);
  const lines = current(index, service, signal.logError).filter((line) => (numberOf(line) ?? 0) > 0);
  const reasons = pattern === secretRefused ? secretsCheckFailed : null;
  return [...conditions, ...lines].filter(
    ({ text = '' }) => pattern.test(text) || (reasons !== null && text.includes(reasons)),
  );
}

/**
 * Conditions that tell why a service fails. Where an older revision serves, and answers 5xx, they tell of a deployment
 * that did not come through, and of nothing that this revision does.
 */
function failedConditions({ index }: Case, service: string): Observation[] {
  const created = latest(index, service, signal.createdRevision)?.value;
  const serving = latest(index, service, signal.servingRevision)?.value;
  const isOlder = created !== undefined && serving !== undefined && created !== serving;
  if (isOlder && errorsOf(service, index)?.material === true) return [];
  return [
    ...current(index, service, signal.ready),
    ...current(index, service, signal.revisionState).filter(
      ({ revision }) => created === undefined || revision === created,
    ),
  ].filter(({ value }) => /FAILED|FALSE/i.test(value));
}

/** Whether a text names a resource by its short name: as a whole word, or as the last part of its full name. */
export function namesResource(text: string | undefined, name: string): boolean {
  if (text === undefined) return false;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const edges = [text[at - 1] ?? ' ', text[at + name.length] ?? ' '];
    if (edges.every((edge) => !/[\w-]/.test(edge))) return true;
  }
  return false;
}

/** Products of Google's status pages by the type of component that uses them. */
const products: Readonly<Record<string, RegExp>> = {
  'cloud-run': /Cloud Run/i,
  'cloud-sql': /Cloud SQL/i,
  'vpc-connector': /Serverless VPC Access|Virtual Private Cloud|\bVPC\b|Cloud Networking/i,
  'load-balancer': /Load Balancing/i,
  secret: /Secret Manager/i,
};

/** Names of regions and of the zones in them, as events tell them: `us-central1`, `europe-west12-b`. */
const places = /(?<![\w-])[a-z]{2,16}-[a-z]{4,12}\d{1,2}(?=-[a-z](?![\w-])|(?![\w-]))/g;

/** Whether an event concerns a region: it names it, a zone of it, its continent or all of them, or names no place. */
function concerns(text: string, region: string): boolean {
  const named: readonly string[] = text.match(places) ?? [];
  const continent = region.split('-')[0] ?? region;
  const isWide = text
    .split(/[;,] /)
    .some((part) => part === 'global' || part === continent || (part === 'eu' && continent === 'europe'));
  return named.includes(region) || isWide || named.length === 0;
}

/** Events that Google reports as going on for the product of a component, in this region or everywhere. */
export function eventsFor(found: Case, component: string, region: string): Observation[] {
  const type = componentOf(found.configuration, component)?.type ?? '';
  const product = Object.hasOwn(products, type) ? products[type] : undefined;
  const place = found.configuration.google_cloud?.region;
  return current(found.index, region, signal.event).filter(
    ({ value, text = '' }) =>
      value.startsWith('ACTIVE') &&
      value !== 'ACTIVE NOT_IMPACTED' &&
      product?.test(text) === true &&
      (place === undefined || concerns(text, place)),
  );
}

/**
 * How an incident of the region shows at a component: for a service by the instances that Cloud Run did not bring
 * up while an event of its product goes on, for anything else by the event itself.
 */
export function regionSignature(found: Case, component: string, region: string): Observation[] {
  const events = eventsFor(found, component, region);
  if (events.length === 0) return [];
  if (componentOf(found.configuration, component)?.type !== 'cloud-run') return events;
  return current(found.index, component, signal.logError).filter(
    (line) => (numberOf(line) ?? 0) > 0 && instanceNotStarted.test(line.text ?? ''),
  );
}
