import type { GitHubAnswers } from '../collectors/github-answers.ts';
import { foundTemplates } from '../collectors/github-templates.ts';
import type { ConfigurationError } from '../config/repository.ts';
import type { Configuration } from '../config/repository.schema.ts';
import { plannedCheckpoints } from '../core/checkpoints.ts';
import { composeConfigurationErrors } from '../core/compose/configuration-errors.ts';
import type { CheckpointReached } from '../core/compose/facts.ts';
import { composeNoEnvironment, composePublicRepository } from '../core/compose/refusal.ts';
import { readCriteria, type CriteriaReadings } from '../core/criteria.ts';
import { diagnose } from '../core/diagnose.ts';
import { later } from '../core/figures.ts';
import type { Diagnosis } from '../core/diagnosis.ts';
import type { Disclosure } from '../core/disclosure.ts';
import type { EventBody, IncidentEvent, NewEvent } from '../core/incident/events.ts';
import { observedEvents } from '../core/incident/observed.ts';
import { refreshMs } from '../core/incident/refresh.ts';
import { after, type IncidentState } from '../core/incident/state.ts';
import { stateLabels } from '../core/incident/state-labels.ts';
import { withWhys } from '../core/incident/stated-whys.ts';
import type { Invocation } from '../core/invocation.ts';
import { mergedLabels, wantedLabels, type WantedLabel } from '../core/kept-labels.ts';
import { asPrevious } from '../core/previous.ts';
import { nextEvidence, withSeries } from '../core/samples.ts';
import type { Snapshot, Statement } from '../core/snapshot.ts';
import type { Text } from '../core/text.ts';
import type { Update } from '../core/update.ts';
import { inSpanAtOnce } from '../tracing.ts';
import { askGitHub } from './ask-github.ts';
import { readConfiguration, type ReadConfiguration } from './configuration.ts';
import type { CommandDeps, IssueState, Outcome, Recollection } from './deps.ts';
import { escalationsOf } from './escalations.ts';
import { incidentFacts } from './incident-facts.ts';
import { earlierOf, recognise, recognitionSaid } from './recognise.ts';
import { recoveryOf } from './recovery.ts';
import { readStatements } from './statements.ts';

/**
 * A look at the infrastructure, whoever asked for it: collect, diagnose, read the criteria; what is made of it is the
 * caller's; then everything is recorded at once.
 */

/** What a look needs before anything of Google is read. */
export interface Beforehand {
  environment: string | undefined;
  configuration: ReadConfiguration;
  /** Already asked, since it is the slowest of GitHub's answers; nothing of Google waits for it. */
  statements: Promise<Statement[]>;
  github: GitHubAnswers;
  recollection: Recollection;
}

/** Asks GitHub and the record at once; of the comments only what is new since the update before. */
export async function readBeforehand(
  deps: CommandDeps,
  invocation: Invocation,
  environment: string | undefined,
): Promise<Beforehand> {
  const { request, redact } = deps;
  const { repository, issue } = invocation;
  const asked = deps.recall(invocation).then((recollection) => {
    const { update } = recollection;
    const before = update && { at: update.snapshot.takenAt, statements: update.snapshot.statements };
    const github = askGitHub(deps, invocation, recollection);
    const statements = readStatements({ request, redact, github }, repository, issue, before);
    // Awaited when everything else is there; until then a failure is nobody's.
    statements.catch(() => undefined);
    return { recollection, github, statements };
  });
  const [configuration, { recollection, github, statements }] = await Promise.all([
    readConfiguration(request, repository, deps.configurations(invocation), environment),
    asked,
  ]);
  return { environment, configuration, recollection, github, statements };
}

/** What a look came to: all that was read. What its updates may show of it is `statusInput` of `looked-facts.ts`. */
export interface Looked {
  disclosure: Disclosure;
  configuration: Configuration;
  /** Of the configuration; they did not stop the look. */
  configurationErrors: ConfigurationError[];
  /** With the incident's record. */
  snapshot: Snapshot;
  diagnosis: Diagnosis;
  criteria: CriteriaReadings;
  /** The incident as it stood when the look began. */
  state: IncidentState;
  /** What earlier incidents of the repository say of this one; empty where nothing is new. */
  earlier: Text[];
  /** Distances from the declaration at which updates come by themselves; empty where none does. */
  plan: string[];
  /** When the living comment is refreshed next, UTC; null where there is none. */
  boardAt: string | null;
}

/** A comment that a look is worth. */
export interface Said {
  id: string;
  update: Update;
  /** Default true: somebody asked for it. */
  asked?: boolean;
  kind?: string;
  outcome?: Outcome;
  /** What the issue is brought to after it is out; missing where it stays. */
  issueState?: IssueState;
}

/** What is made of a look. */
export interface Made {
  /** The first is the update that shows the look; none where it is shown nowhere. */
  said: Said[];
  /** What happened by it, at the time of the look and by whoever caused it. */
  events: EventBody[];
}

/** Why somebody looks. */
export interface Purpose {
  /** Of the answer, also of one that says what stands in the way. */
  id: string;
  /** What happens before the reading, a declaration say. */
  before?: NewEvent[];
  /** The checkpoint that it is; missing where it is none. */
  checkpoint?: CheckpointReached;
  /** Whether the next checkpoints are promised by it, as every update that people see does. Default true. */
  promisesCheckpoints?: boolean;
  /** Pure. */
  make: (looked: Looked) => Made;
}

/** Looks, and records what was seen, or says what stands in the way. */
export async function look(
  deps: CommandDeps,
  invocation: Invocation,
  { id, before = [], checkpoint, promisesCheckpoints = true, make }: Purpose,
  { environment, configuration: read, statements: comments, github, recollection }: Beforehand,
): Promise<void> {
  const { version } = deps;
  const reply = (update: Update, outcome: Outcome) =>
    deps.publish(invocation, { id, kind: update.kind, update, outcome });
  const nothingGranted = () =>
    reply(composePublicRepository({ ...invocation.repository, version }), 'refused');
  // Where the repository is known to be public, this asks nobody.
  if (!invocation.repository.private && (await deps.disclosure(invocation)) === null) return nothingGranted();
  if (read.kind === 'unusable')
    return reply(composeConfigurationErrors({ errors: read.errors, version, checkpoint }), 'done');
  if (read.kind === 'no-environment') return reply(composeNoEnvironment({ ...read, version }), 'confused');

  const { configuration } = read;
  const recordedAt = deps.now().toISOString();
  const record: IncidentEvent[] = [
    ...recollection.record,
    ...before.map((event) => ({ ...event, recordedAt })),
  ];
  const stateBefore = record.slice(recollection.record.length).reduce(after, recollection.state);
  const title = await deps.redact(invocation.issue.title);
  const { update: last } = recollection;
  const firstEvidence = recollection.incident?.nextEvidence ?? 1;
  const [collected, stated, samples, templates, disclosure] = await Promise.all([
    deps.collect(invocation, {
      configuration,
      firstEvidence,
      github,
      previous: last && asPrevious(configuration, last.snapshot, last.diagnosis, last.url),
      incident: incidentFacts(invocation, title, stateBefore),
    }),
    comments,
    deps.samples(invocation, configuration),
    foundTemplates(github),
    deps.disclosure(invocation, github),
  ]);
  if (disclosure === null) return nothingGranted();
  if (templates !== null) await deps.keepTemplates(invocation, templates);
  const free = nextEvidence(collected, firstEvidence);
  const statements = withWhys(stated, stateBefore.whys, invocation.issue.url);
  const seenNow = {
    ...withSeries({ ...collected, statements }, samples.recent, free, samples.earlier),
    record,
    standing: recollection.standing,
  };
  const diagnosis = inSpanAtOnce('diagnose', () => diagnose(configuration, seenNow));
  const isAwaited = invocation.comment !== null && before.length === 0;
  const recognised = await recognise(deps, invocation, {
    configuration,
    snapshot: seenNow,
    diagnosis,
    state: stateBefore,
    isAwaited,
    disclosure,
  });
  const { snapshot, state } = recognised;
  const criteria = readCriteria({ configuration, snapshot, diagnosis });
  const planFor = ({ watched, plan: chosen }: IncidentState, closed: boolean) =>
    closed || !watched
      ? []
      : plannedCheckpoints(chosen ?? configuration.checkpoints, deps.commentsPerHour(invocation));
  const plan = planFor(state, invocation.issue.closed);
  const boardAt =
    invocation.issue.closed || !state.watched || deps.commentsPerHour(invocation) === 0
      ? null
      : later(snapshot.takenAt, refreshMs(configuration, state.severity));
  const looked = {
    disclosure,
    configuration,
    configurationErrors: read.errors,
    snapshot,
    diagnosis,
    criteria,
    state,
    plan,
    boardAt,
    earlier: recognised.lines,
  };
  const { said: own, events } = inSpanAtOnce('compose', () => make(looked));
  const isDeclared = own.some(({ update }) => update.kind === 'declare');
  const said = isDeclared
    ? own
    : [...own, ...recognitionSaid(invocation, recognised, { version, disclosure })];
  const recovery = recoveryOf(looked, { id, version }, events);
  const escalated = await escalationsOf(deps, invocation, looked, events);
  const seen = observedEvents({ configuration, snapshot, diagnosis, state });
  const { actor, comment } = invocation;
  const made = events.map((body, index): NewEvent => ({
    key: `${id}:${String(index)}`,
    at: snapshot.takenAt,
    by: actor,
    url: comment?.url ?? null,
    body,
  }));
  const next = [...seen, ...made, ...recovery.events, ...escalated.events]
    .map((event) => ({ ...event, recordedAt }))
    .reduce(after, state);
  const { closed, labels: carried } = invocation.issue;
  const issueState = said.findLast((one) => one.issueState !== undefined)?.issueState;
  const isOver = made.some(({ body }) => body.kind === 'resolved');
  const earlier = isOver
    ? await earlierOf(deps, invocation, { configuration, snapshot, state }, title)
    : null;
  await deps.record(invocation, {
    title,
    ...(earlier === null ? {} : { earlier }),
    postings: [...said, ...recovery.said, ...escalated.said].map(
      ({ kind, outcome = 'done', asked = true, ...posting }) => ({
        ...posting,
        kind: kind ?? posting.update.kind,
        outcome,
        asked,
      }),
    ),
    events:
      state.declared === null
        ? []
        : [...before, ...recognised.events, ...seen, ...made, ...recovery.events, ...escalated.events],
    update: { snapshot, diagnosis, criteria, environment: environment ?? null, shownBy: own[0]?.id ?? null },
    ...(promisesCheckpoints
      ? { checkpoints: planFor(next, issueState === undefined ? closed : issueState === 'closed') }
      : {}),
    boardAt,
    labels: labelsOfLook(configuration, next, carried, criteria),
  });
}

/** None where Sitrep only answers, or was told to look after it no more. */
function labelsOfLook(
  configuration: Configuration,
  state: IncidentState,
  carried: readonly string[],
  { labels }: CriteriaReadings,
): WantedLabel[] {
  if (state.declared === null || state.stoodDown !== null) return [];
  return mergedLabels(stateLabels(configuration, state, carried), wantedLabels(labels));
}
