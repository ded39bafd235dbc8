import type { Configuration } from '../config/repository.schema.ts';
import { composeRecognised } from '../core/compose/recognised.ts';
import { regressionLines } from '../core/compose/regression-lines.ts';
import type { Diagnosis } from '../core/diagnosis.ts';
import type { Disclosure } from '../core/disclosure.ts';
import type { EventBody, NewEvent } from '../core/incident/events.ts';
import { after, type IncidentState } from '../core/incident/state.ts';
import type { Invocation } from '../core/invocation.ts';
import { indexObservations } from '../core/observations.ts';
import type { EarlierIncident } from '../core/regression/earlier-incident.ts';
import { earlierFix } from '../core/regression/fix.ts';
import { matchEarlier, type Match } from '../core/regression/match.ts';
import { presentIncident } from '../core/regression/present-incident.ts';
import { recordedIncident } from '../core/regression/recorded-incident.ts';
import { signal } from '../core/signals.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Text } from '../core/text.ts';
import { askGitHub } from './ask-github.ts';
import type { CommandDeps } from './deps.ts';
import type { Said } from './look.ts';
import { postingId } from './posting-id.ts';

/** A look, as far as earlier incidents are compared with it. */
interface Read {
  configuration: Configuration;
  snapshot: Snapshot;
  diagnosis: Diagnosis;
  state: IncidentState;
}

/** What the earlier incidents of the repository say of this one. */
export interface Recognised {
  /** With the fix of the earlier incident, and the incident as it stands by that. */
  snapshot: Snapshot;
  state: IncidentState;
  events: NewEvent[];
  /** Lines for the declaration; empty where there is nothing to say. */
  lines: Text[];
}

/**
 * Compares the incident with earlier ones of the repository, as long as it is linked with none: at its declaration, and at
 * every look after that for which nobody waits, since a cause may be found later and the history is read in the background.
 * What a person said is no regression is not proposed again. A regression above the configured score raises the severity to P0.
 *
 * @throws where GitHub or the store fails.
 */
export async function recognise(
  deps: CommandDeps,
  invocation: Invocation,
  {
    configuration,
    snapshot,
    diagnosis,
    state,
    isAwaited,
    disclosure,
  }: Read & { isAwaited: boolean; disclosure: Disclosure },
): Promise<Recognised> {
  const nothing = { snapshot, state, events: [], lines: [] };
  if (isAwaited || state.declared === null || state.resolution !== null || state.regression !== null)
    return nothing;
  const apart = new Set(state.notRegressionOf);
  const earlier = (await deps.earlier(invocation)).filter(({ issue }) => !apart.has(issue));
  if (earlier.length === 0) return nothing;
  const matches = matchEarlier(presentOf(invocation, { configuration, snapshot, diagnosis, state }), earlier);
  const { regression, similar } = matches;
  const events = eventsOf(configuration, state, snapshot, regression, similar);
  const whole =
    regression === null
      ? snapshot
      : await withFix(deps, invocation, { configuration, snapshot, diagnosis, state }, regression.issue);
  const fix = regression === null ? null : earlierFix(indexObservations(whole), regression.issue);
  const { same, fix: fixed, similar: alike, wrong } = regressionLines(matches, fix, diagnosis, disclosure);
  const next = events.map((event) => ({ ...event, recordedAt: snapshot.takenAt })).reduce(after, state);
  return {
    snapshot: withIncident(whole, next),
    state: next,
    events,
    lines: [same, fixed, alike, wrong].filter((line) => line !== null),
  };
}

/** A comment of its own about a regression that was recognised after the declaration; none where nothing is new. */
export function recognitionSaid(
  { repository, issue }: Invocation,
  { snapshot, events, lines }: Recognised,
  { version, disclosure }: { version: string; disclosure: Disclosure },
): Said[] {
  const link = events.flatMap(({ body }) => (body.kind === 'regression' ? [body.of] : []))[0];
  if (link === undefined) return [];
  const id = postingId(
    `${String(repository.id)}#${String(issue.number)} regression ${String(link)}`,
    'regression',
  );
  return [
    {
      id,
      update: composeRecognised({
        of: link,
        lines,
        at: snapshot.takenAt,
        version,
        redacted: disclosure === 'redacted',
      }),
      asked: false,
    },
  ];
}

/** The incident as later ones are compared with it, by the update that told most of its cause; null where none did. */
export async function earlierOf(
  deps: CommandDeps,
  invocation: Invocation,
  { configuration, snapshot, state }: Pick<Read, 'configuration' | 'snapshot' | 'state'>,
  title: string,
): Promise<EarlierIncident | null> {
  const telling = await deps.telling(invocation);
  if (telling === null) return null;
  const { number: issue, url, openedAt, labels } = invocation.issue;
  const present = presentOf(invocation, { ...telling, configuration, state });
  return recordedIncident(present, { issue, url, openedAt, labels, title, closedAt: snapshot.takenAt });
}

function presentOf({ issue }: Invocation, { configuration, snapshot, diagnosis, state }: Read) {
  const said = snapshot.statements.map(({ text }) => text);
  return presentIncident(
    { snapshot, diagnosis, configuration },
    {
      at: state.declared?.at ?? snapshot.takenAt,
      issue: issue.number,
      text: [snapshot.incident?.title ?? '', ...said].join('\n'),
    },
  );
}

function eventsOf(
  { regressions }: Configuration,
  { severity, similar: known }: IncidentState,
  { takenAt: at }: Snapshot,
  regression: Match | null,
  similar: readonly Match[],
): NewEvent[] {
  const told = (key: string, body: EventBody): NewEvent => ({ key, at, by: 'sitrep', url: null, body });
  const alike = similar.map(linkOf);
  const isNew = alike.some(({ of }) => !known.some((one) => one.of === of));
  const proposed = isNew ? [told(`similar ${at}`, { kind: 'similar', matches: alike })] : [];
  if (regression === null) return proposed;
  const raised = severity !== 'P0' && regression.score > regressions.raise_to_p0_above;
  const link = linkOf(regression);
  return [
    ...proposed,
    told(`regression ${String(link.of)} ${at}`, {
      kind: 'regression',
      ...link,
      raisedFrom: raised ? severity : null,
      raised,
    }),
    ...(raised
      ? [told(`regression ${String(link.of)} severity ${at}`, { kind: 'severity', severity: 'P0' })]
      : []),
  ];
}

function linkOf({ issue, score, lines, shared }: Match) {
  return { of: issue, score, lines: lines.map(({ line }) => line), components: [...shared] };
}

/** The incident as the new events have it: criteria and the headline ask for it. */
function withIncident(snapshot: Snapshot, { severity, regression }: IncidentState): Snapshot {
  const { incident } = snapshot;
  if (!incident) return snapshot;
  return { ...snapshot, incident: { ...incident, severity, regressionOf: regression?.of ?? 0 } };
}

/** The snapshot with what became of the fix of an earlier incident: asked for now, since only now it is known which. */
async function withFix(
  deps: CommandDeps,
  invocation: Invocation,
  { configuration, snapshot, state }: Read,
  of: number,
): Promise<Snapshot> {
  const link = { of, score: null, lines: [], components: [], raised: false, raisedFrom: null };
  const linked = { ...state, regression: { ...link, by: 'sitrep', at: snapshot.takenAt } };
  const github = askGitHub(deps, invocation, { state: linked, update: {} });
  const read = await deps.collect(invocation, {
    configuration: { ...configuration, components: {}, journeys: {} },
    firstEvidence: afterAll(snapshot),
    github,
    previous: null,
    incident: null,
  });
  const name = `${signal.fix}${String(of)}`;
  return {
    ...snapshot,
    observations: [...snapshot.observations, ...read.observations.filter((seen) => seen.signal === name)],
    gaps: [...snapshot.gaps, ...read.gaps.filter((gap) => gap.signal === name)],
  };
}

/** The first evidence number that a whole snapshot leaves free. */
function afterAll({ observations, gaps, changes, series = [] }: Snapshot): number {
  const numbers = [...observations, ...gaps, ...changes, ...series].map(({ id }) => Number(id.slice(1)));
  return Math.max(0, ...numbers) + 1;
}
