import { sortedIds } from '../observations.ts';
import { probes, sockets, unreadable } from './endpoints.ts';
import type { Element } from './endpoints.ts';
import { unreadableOf } from './facts.ts';
import type { Facts } from './facts.ts';
import { count, duration, missing, text, truth } from './figure.ts';
import type { Figure } from './figure.ts';
import { recovery, trend } from './recovery.ts';
import { connectTime, startupShare } from './starts.ts';
import { errorCount, errorShare, requestCount, requestRate } from './traffic.ts';

/** Where the names of the table get their values: single ones and fields of records by `name` or `name.field`. */
export const figureReaders: Readonly<Record<string, (facts: Facts) => Figure>> = {
  'requests.count': requestCount,
  'requests.rate': requestRate,
  'errors.count': errorCount,
  'errors.share': errorShare,
  'connect.p95': connectTime,
  'startup.share': startupShare,
  recovery,
  trend,
  elapsed,
  stage: (facts) => ofIncident(facts, ({ stage }) => text(stage)),
  severity: (facts) =>
    ofIncident(facts, ({ severity }) => (severity === null ? missing('no severity is set') : text(severity))),
  'incident.lead': (facts) => ofIncident(facts, ({ lead }) => text(lead ?? '')),
  'root.verdict': ({ diagnosis }) =>
    diagnosis === null ? missing('there is no diagnosis') : text(diagnosis.root.verdict),
  'incident.regression_of': (facts) => ofIncident(facts, ({ regressionOf }) => count(regressionOf)),
};

/** The elements of lists and maps by name. */
export const elementReaders: Readonly<Record<string, (facts: Facts) => Element[]>> = {
  probes,
  sockets,
  components: (facts) => [
    ...Object.keys(facts.states).map((id) => ({
      id,
      read: (field: string) => componentField(facts, id, field),
    })),
    ...unreadableOf(facts.configuration).map(unreadable),
  ],
  criteria: ({ configuration, judged }) =>
    configuration.success_criteria.map(({ id }) => ({ id, read: () => criterionMet(judged, id) })),
  journeys: (facts) =>
    Object.keys(facts.journeys).map((id) => ({ id, read: (field) => journeyField(facts, id, field) })),
};

function ofIncident(
  facts: Facts,
  read: (incident: NonNullable<Facts['snapshot']['incident']>) => Figure,
): Figure {
  const { incident } = facts.snapshot;
  return incident ? read(incident) : missing('the snapshot belongs to no incident');
}

function elapsed(facts: Facts): Figure {
  return ofIncident(facts, ({ declaredAt }) =>
    duration((Date.parse(facts.snapshot.takenAt) - Date.parse(declaredAt)) / 1_000),
  );
}

function componentField(facts: Facts, id: string, field: string): Figure {
  const reading = facts.states[id];
  if (!reading || reading.state === 'unknown') {
    return missing(reading?.why ?? 'not read', reading?.evidence);
  }
  return field === 'state'
    ? text(reading.state, reading.evidence)
    : truth(reading.state === 'healthy', reading.evidence);
}

function criterionMet(judged: Facts['judged'], id: string): Figure {
  const reading = judged?.find((one) => one.id === id);
  if (reading === undefined) return missing('success criteria are known to labels and escalation rules only');
  return reading.result === 'unknown'
    ? missing(reading.why, reading.evidence)
    : truth(reading.result === 'met', reading.evidence);
}

function journeyField(facts: Facts, id: string, field: string): Figure {
  const journey = facts.journeys[id];
  if (!journey || journey.blocked === null) {
    const at = journey?.at;
    return missing(at ? `the state of ${at} is unknown` : 'not read', journey?.evidence);
  }
  if (field === 'blocked') return truth(journey.blocked, journey.evidence);
  return text(journey.blocked ? (journey.at ?? '') : '', journey.evidence);
}

/** The causes that a diagnosis holds for confirmed or probable, and those that it could not test. */
export interface Causes {
  found: readonly string[];
  untested: ReadonlySet<string>;
  evidence: readonly string[];
}

/** The causes of the diagnosis; null where there is none. */
export function causesOf({ diagnosis }: Facts): Causes | null {
  if (diagnosis === null) return null;
  const held = diagnosis.findings.filter(({ verdict }) => verdict !== 'unknown');
  const root = diagnosis.root.verdict === 'unknown' ? [] : [diagnosis.root.cause];
  const found = [...new Set([...root, ...held.map(({ cause }) => cause)])].filter(
    (cause) => cause !== 'unknown',
  );
  const untested = diagnosis.alternatives
    .filter(({ verdict, cause }) => verdict === 'untested' && !found.includes(cause))
    .map(({ cause }) => cause);
  return {
    found,
    untested: new Set(untested),
    evidence: sortedIds(held.flatMap(({ evidence }) => evidence)),
  };
}
