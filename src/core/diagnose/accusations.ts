import { componentOf, dependenciesOf } from '../graph.ts';
import { current, latest, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { errorsOf } from '../states/errors.ts';
import type { Case } from './case.ts';
import { noneFree } from './log-signatures.ts';
import { namesResource } from './names-resource.ts';

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
