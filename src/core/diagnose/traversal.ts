import type { Component } from '../../config/repository.schema.ts';
import { componentOf, dependenciesOf, inUse } from '../graph.ts';
import type { Edge } from '../graph.ts';
import { current, currentWithPrefix, latest, numberOf, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { exitsInUse, troublesOf } from '../states/cloud-run.ts';
import { degradedShare } from '../states/errors.ts';
import { accusations, secretRefused } from './accusations.ts';
import { regionSignature } from './regional-events.ts';
import { isAbnormal, oncePerComponent } from './case.ts';
import type { Case } from './case.ts';
import {
  databaseWords,
  failureKind,
  isAnsweredByDatabase,
  isConnectionFailure,
  noInstance,
  privateAddress,
} from './log-signatures.ts';
import { shareOfFailedStarts } from './log-lines.ts';
import { beganBefore, onsetOf } from './onset.ts';
import { namesResource } from './names-resource.ts';
import { operationsDuring } from './operations.ts';

/** Part of a symptom that a cause must account for. Measured on PetShop: below it, most answers are wrong. */
export const sufficientShare = 0.5;

/** An edge along which a failure is seen to come: the effect says so itself, and nothing speaks against it. */
export interface Link {
  edge: Edge;
  /** What the effect says of it. */
  signature: Observation[];
  /** Part of the effect's failures that carry the signature; null where they are not counted. */
  share: number | null;
  /** Whether the cause began no later than the effect; null where that cannot be told. */
  inOrder: boolean | null;
  /** Whether half is reached also where other callers of the cause have their part; of services from a file only. */
  exact?: boolean;
}

/**
 * The links from a component to what makes it fail. The dependency is abnormal, the effect carries a positive
 * signature that points to it, at least half of the effect's failures carry it, and it began no later.
 */
export function linksFrom(found: Case, component: string): Link[] {
  if (!isAbnormal(found, component)) return [];
  const onset = onsetOf(found, component);
  return dependenciesOf(found.graph, component).flatMap((edge) => {
    const signature = signatureTowards(found, component, edge.to);
    if (!isSuspect(found, component, edge.to, signature)) return [];
    const share = shareOf(found, component, signature);
    const inOrder = beganBefore(onsetOf(found, edge.to), onset);
    const holds = signature.length > 0 && (share ?? 1) >= sufficientShare && inOrder !== false;
    return holds ? [{ edge, signature, share, inOrder }] : [];
  });
}

/**
 * Whether a dependency may be the cause at all: it is known not to work, or was away when the effect began, or
 * Cloud Run itself says that the effect cannot have it, however right its own state reads.
 */
function isSuspect(found: Case, from: string, to: string, signature: readonly Observation[]): boolean {
  if (isAbnormal(found, to)) return speaksForItself(found, to);
  return (
    accusations(found, from, to).length > 0 ||
    operationsDuring(found, to, signature).length > 0 ||
    isAnsweredBy(found, to, signature)
  );
}

/** A database that says itself that it takes no connection is at the end of the way, however right its state reads. */
function isAnsweredBy(found: Case, to: string, signature: readonly Observation[]): boolean {
  return (
    componentOf(found.configuration, to)?.type === 'cloud-sql' &&
    signature.some(({ text = '' }) => isAnsweredByDatabase(text))
  );
}

/** A service that is only known to be degraded by its endpoint must at least log failures: else it repeats the effect. */
function speaksForItself(found: Case, id: string): boolean {
  return !isKnownByEndpointOnly(found, id) || loggedFailures(found, id).length > 0;
}

/** A service whose own readings show nothing, while an endpoint of it fails. */
export function isKnownByEndpointOnly(found: Case, id: string): boolean {
  return rememberedSilence(found, id);
}

const rememberedSilence = oncePerComponent((found, id) => {
  const type = componentOf(found.configuration, id)?.type;
  return type === 'cloud-run' && isAbnormal(found, id) && troublesOf(id, found.index) === null;
});

/** The lines of a component's log that tell of a failure, whatever its kind, or of requests that were turned away. */
export function loggedFailures(found: Case, component: string): Observation[] {
  return current(found.index, component, signal.logError).filter(
    ({ text = '' }) => failureKind(text) !== 'other' || noInstance.test(text),
  );
}

/** What a component says of a failure towards one of its dependencies: an answer, or lines of its log. */
export function signatureTowards(found: Case, from: string, to: string): Observation[] {
  const effect = componentOf(found.configuration, from);
  const target = componentOf(found.configuration, to);
  if (target?.type === 'google-region') return regionSignature(found, from, to);
  if (effect?.type === 'http' || effect?.type === 'websocket') return serverFailures(found, from);
  if (effect?.type === 'load-balancer') return backendFailures(found, from);
  if (target?.type === 'http' || target?.type === 'websocket') {
    return current(found.index, from, signal.logError).filter(({ text = '' }) => namesIt(target, text));
  }
  const accused = accusations(found, from, to);
  const lines = connectionFailures(found, from).filter(
    (line) => pointsTo(found, from, line.text ?? '', to) && !accused.includes(line),
  );
  return [...lines, ...accused];
}

/** The lines of a component's log that tell of connections which did not come about, noise left out. */
export function connectionFailures(found: Case, component: string): Observation[] {
  return rememberedFailures(found, component);
}

const rememberedFailures = oncePerComponent((found, component) =>
  current(found.index, component, signal.logError).filter(
    (line) => isConnectionFailure(line.text ?? '') && !isNoise(found, component, line),
  ),
);

/** Requests that a revision must have served for its lines to be noise: by the rule of three, as for a recovery. */
const servedWell = 30;

/** Another revision of the service logs the same, and its requests are answered: then the line explains no failure. */
export function isNoise({ index }: Case, component: string, line: Observation): boolean {
  const key = line.signature ?? line.text;
  const others = current(index, component, signal.logError).filter(
    (other) =>
      other.revision !== undefined &&
      other.revision !== line.revision &&
      (other.signature ?? other.text) === key,
  );
  return [line, ...others].some(({ revision }) => {
    if (revision === undefined) return false;
    const of = (name: string): number | null =>
      sumOf(current(index, component, name).filter((seen) => seen.revision === revision));
    const [requests, errors] = [of(signal.revisionRequests), of(signal.revisionServerErrors)];
    return (
      requests !== null &&
      errors !== null &&
      requests >= servedWell &&
      (100 * errors) / requests < degradedShare
    );
  });
}

/**
 * What the connections in a service's log lines lead to, among the components that it needs. A connector that
 * they only pass is named where nothing else is.
 */
export function targetsOf(found: Case, from: string, lines: readonly Observation[]): string[] {
  const all = dependenciesOf(found.graph, from)
    .map((edge) => edge.to)
    .filter((to) => lines.some((line) => pointsTo(found, from, line.text ?? '', to)));
  const ends = all.filter((id) => componentOf(found.configuration, id)?.type !== 'vpc-connector');
  return ends.length > 0 ? ends : all;
}

/**
 * An endpoint's own answer of 500 and above, or a late one: it comes from what is behind it. So does 429, with which
 * Cloud Run turns requests away where no instance is free (cloud.google.com/run/docs/troubleshooting).
 */
function serverFailures(found: Case, endpoint: string): Observation[] {
  const status = latest(found.index, endpoint, signal.status);
  const late = latest(found.index, endpoint, signal.latency);
  const code = numberOf(status);
  if (!status || code === null || (code < 500 && code >= 300 && code !== 429)) return [];
  return code >= 300 || !late ? [status] : [status, late];
}

/** Failed answers of which the load balancer says that they, or the lack of one, came from what is behind it. */
function backendFailures(found: Case, balancer: string): Observation[] {
  return currentWithPrefix(found.index, balancer, signal.failedBy).filter(({ signal: name }) =>
    /\.5xx\.(?:response_sent_by_backend|backend_\w+|failed_to_(?:connect|pick)\w*)$/.test(name),
  );
}

function pointsTo(found: Case, from: string, text: string, to: string): boolean {
  const target = componentOf(found.configuration, to);
  if (!target) return false;
  if (namesIt(target, text)) return true;
  if (target.type === 'cloud-sql') {
    const isOfDatabase = databaseWords.test(text) || isAnsweredByDatabase(text);
    return isOfDatabase && !namesAnother(found, from, text, to);
  }
  return target.type === 'vpc-connector' && passes(found, from, text, to);
}

/** A database behind the connector, or a private address, is reached through the connector only; all with `all-traffic`. */
function passes(found: Case, from: string, text: string, connector: string): boolean {
  const sendsAll = inUse(found.index, from, signal.egress).some(({ value }) => value === 'all-traffic');
  if (sendsAll || privateAddress.test(text)) return true;
  return dependenciesOf(found.graph, from).some(({ to }) => {
    const behind = componentOf(found.configuration, to);
    return behind?.via === connector && behind.type !== 'vpc-connector' && pointsTo(found, from, text, to);
  });
}

/** Whether a text names a component by the name that it has at its provider. */
function namesIt(component: Component, text: string): boolean {
  switch (component.type) {
    case 'cloud-run':
      return namesResource(text, component.service);
    case 'vpc-connector':
      return namesResource(text, component.name) || /vpc (?:access )?connector/i.test(text);
    case 'cloud-sql':
      return namesResource(text, component.instance);
    case 'secret':
      return namesResource(text, component.name);
    case 'http':
    case 'websocket':
      return URL.canParse(component.url) && namesResource(text, new URL(component.url).hostname);
    case 'load-balancer':
      return namesResource(text, component.backend_service);
    case 'google-region':
    case 'terraform-state':
    case 'metric':
    case 'log-filter':
    case 'service':
    default:
      return false;
  }
}

/** The line names another database of the service: words about databases then mean that one. */
function namesAnother(found: Case, from: string, text: string, to: string): boolean {
  return dependenciesOf(found.graph, from).some(({ to: other }) => {
    const component = componentOf(found.configuration, other);
    if (other === to || component?.type !== 'cloud-sql') return false;
    return namesResource(text, component.instance);
  });
}

/** How much of a service's failures the lines account for: of its exits, else of its 5xx, else of its errors. */
function shareOf(found: Case, component: string, lines: readonly Observation[]): number | null {
  if (componentOf(found.configuration, component)?.type !== 'cloud-run') return null;
  const matched = sumOf(lines);
  const ofStarts = lines.some(({ text = '' }) => secretRefused.test(text))
    ? shareOfFailedStarts(found, component, lines)
    : null;
  if (ofStarts !== null) return ofStarts;
  const wholes = [
    sumOf(exitsInUse(component, found.index)),
    sumOf(current(found.index, component, signal.serverErrors)),
    sumOf(current(found.index, component, signal.logError)),
  ];
  const whole = wholes.find((count) => count !== null && count > 0) ?? null;
  return matched === null || whole === null ? null : Math.min(1, matched / whole);
}
