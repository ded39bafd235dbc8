import type { Configuration } from '../../config/repository.schema.ts';
import { factsOf, type Facts } from '../compose/facts.ts';
import { datedBy, firstSight } from '../compose/onset.ts';
import { operationWords, repositoryWords, revisionWords, toldOnce } from '../diagnose/change-words.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { signal } from '../signals.ts';
import type { Change, ComponentState, Snapshot } from '../snapshot.ts';
import type { EventBody, IncidentEvent, NewEvent } from './events.ts';
import type { IncidentState } from './state.ts';

/** What a look is compared with. */
export interface Observed {
  configuration: Configuration;
  /** With the record of the incident. */
  snapshot: Snapshot;
  diagnosis: Diagnosis;
  state: IncidentState;
}

/**
 * What a look adds to the record by itself: when the failure began, causes found, components whose state is another one,
 * and changes that came about. Once each: it is compared with the record, so that looks that are shown nowhere count.
 */
export function observedEvents({ configuration, snapshot, diagnosis, state }: Observed): NewEvent[] {
  const facts = factsOf({
    configuration,
    snapshot,
    diagnosis,
    criteria: { success: [], escalation: [] },
    nextCheckpoint: null,
    version: '',
  });
  return [
    ...beginning(facts, state),
    ...causeFound(snapshot, diagnosis),
    ...statesChanged(facts),
    ...changesSeen(snapshot, diagnosis),
  ];
}

/** A reading of one minute may date it to either end of it: less than this is no other beginning. */
const resolution = 60_000;

/** Where the readings reach back to the beginning, and to an earlier one than is known. */
function beginning(facts: Facts, { beganAt }: IncidentState): NewEvent[] {
  const sight = firstSight(facts, datedBy(facts));
  if (sight === null || !sight.began) return [];
  const beganMs = Date.parse(sight.at);
  if (beganAt !== null && beganMs > Date.parse(beganAt) - resolution) return [];
  const at = new Date(beganMs).toISOString();
  return [seen(`began ${at}`, at, { kind: 'began', evidence: sight.evidence })];
}

/** A cause that is another one than the last that was found, or as sure as can be at last. */
function causeFound({ takenAt, record = [] }: Snapshot, { root, findings }: Diagnosis): NewEvent[] {
  const { cause, component, verdict } = root;
  if (cause === 'unknown' || verdict === 'unknown') return [];
  const last = lastOf(record, 'cause');
  const isSame = last?.cause === cause && last.component === component;
  if (isSame && (last.verdict === verdict || verdict !== 'confirmed')) return [];
  const evidence =
    findings.find((finding) => finding.cause === cause && finding.component === component)?.evidence ?? [];
  return [
    seen(`cause ${cause} ${component} ${takenAt}`, takenAt, {
      kind: 'cause',
      cause,
      component,
      verdict,
      evidence,
    }),
  ];
}

/** What cannot be read is no news of a component: it is compared with what was known of it last. */
function statesChanged({ snapshot, states, seen: at }: Facts): NewEvent[] {
  const known = new Map<string, string>(Object.entries(snapshot.previous?.states ?? {}));
  for (const { body } of snapshot.record ?? [])
    if (body.kind === 'component-state') known.set(body.component, body.to);
  return Object.entries(states).flatMap(([component, { state: to, evidence }]) => {
    const from = known.get(component);
    if (from === undefined || from === to || !isNews(from, to)) return [];
    const body = {
      kind: 'component-state',
      component,
      from,
      to,
      evidence: evidence.slice(0, shown),
    } as const;
    return [seen(`state ${component} ${to} ${at}`, at, body)];
  });
}

function isNews(from: string, to: ComponentState): boolean {
  if (to === 'unknown') return false;
  return from !== 'unknown' || to !== 'healthy';
}

/** Evidence kept of one event; the updates have all. */
const shown = 3;

/** All that was changed, each by itself at its own time; of a pull request not the commit that merged it as well. */
function changesSeen({ changes }: Snapshot, diagnosis: Diagnosis): NewEvent[] {
  const ofReadings = diagnosis.changes
    .filter(({ kind }) => kind === 'terraform' || kind === 'secret' || kind === 'limit')
    .map(({ kind, component, at, what, evidence }) =>
      seen(`change ${kind} ${component} ${at}`, at, {
        kind: 'change',
        change: kind,
        component,
        title: what,
        page: null,
        evidence: evidence.slice(0, shown),
      }),
    );
  return [
    ...toldOnce(changes)
      .filter(({ kind }) => kind !== 'drift')
      .map(changeSeen),
    ...ofReadings,
  ];
}

function changeSeen(change: Change): NewEvent {
  const { id, kind, component, at, url, by } = change;
  return {
    key: `change ${kind} ${component} ${identityOf(change)}`,
    at,
    by: by ?? 'sitrep',
    url: url ?? null,
    body: {
      kind: 'change',
      change: kind,
      component,
      title: wordsOf(change),
      page: url ?? null,
      evidence: [id],
    },
  };
}

/** What is the same each time it is read: one commit may be deployed twice, and one operation may run every night. */
function identityOf({ kind, revision, sha, number, at, diff }: Change): string {
  switch (kind) {
    case 'revision':
      return revision ?? at;
    case 'commit':
      return sha ?? at;
    case 'pull-request':
    case 'workflow-run':
      return `${String(number ?? sha ?? '')} ${at}`;
    case 'deployment':
      return `${sha ?? ''} ${at}`;
    case 'operation':
    case 'drift':
      // How it ended may not be known yet.
      return `${diff.find(({ key }) => key === signal.operation)?.to?.split(' ')[0] ?? ''} ${at}`;
  }
}

function wordsOf(change: Change): string {
  switch (change.kind) {
    case 'revision':
      return revisionWords(change);
    case 'operation':
      return operationWords(change);
    case 'commit':
    case 'pull-request':
    case 'deployment':
    case 'workflow-run':
    case 'drift':
      return repositoryWords(change);
  }
}

function lastOf<Kind extends EventBody['kind']>(
  record: readonly IncidentEvent[],
  kind: Kind,
): Extract<EventBody, { kind: Kind }> | undefined {
  return record
    .map(({ body }) => body)
    .findLast((body): body is Extract<EventBody, { kind: Kind }> => body.kind === kind);
}

function seen(key: string, at: string, body: EventBody): NewEvent {
  return { key, at, by: 'sitrep', url: null, body };
}
