import { eventsFor } from '../diagnose/regional-events.ts';
import { earliestOf, gaugeOnset, logOnset, onsetOf } from '../diagnose/onset.ts';
import type { Onset } from '../diagnose/onset.ts';
import { operationsDuring } from '../diagnose/operations.ts';
import { operationsQuery } from '../diagnose/queries.ts';
import { goingAway, noneFree } from '../diagnose/log-signatures.ts';
import { clock, code, span } from '../diagnose/wording.ts';
import { componentOf, dependenciesOf } from '../graph.ts';
import { current, evidenceIds, latest, numberOf, sortedIds, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { databaseRuns } from './refutations.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { notPointedTo, onsetOfLines, saidByUsers, sharedItem, usersList } from './users.ts';

/** Minutes after the end of an operation within which services find back to the database. Expert setting. */
const backWithin = 15;

/** The database does not run: maintenance, failover, a restart, stopped or suspended. */
export const cloudsqlUnavailable: Rule = {
  id: 'cloudsql-unavailable',
  appliesTo: ['cloud-sql'],
  headline: '{component} away',
  question: 'Why is {component} not there?',
  mechanism:
    'The instance does not take connections while it is stopped, suspended, failed over or maintained.',
  decides: 'whether an operation on {component} overlaps the onset',
  query: (found, component) => operationsQuery(found.configuration, component),
  evidence: [
    {
      key: 'away',
      need: 'required',
      telling: true,
      text: 'a state other than `RUNNABLE`, stopped (activation `NEVER`), `up` is 0, or an operation that takes the instance away and overlaps the failure; at most probable for an UPDATE of which the database says nothing itself, and where failures go on for more than 15 minutes after the end',
    },
    {
      key: 'users',
      need: 'required',
      text: 'services that need it fail towards it, and not because no connection is free',
    },
    {
      key: 'operation',
      need: 'expected',
      text: 'an operation (MAINTENANCE, FAILOVER, RESTART, UPDATE …) that began no later than the failure and had not ended before it',
    },
    { key: 'words', need: 'expected', text: 'the database itself says that it goes or comes (57P01, 57P03)' },
    { key: 'shared', need: 'expected', text: 'two or more services fail towards it' },
  ],
  limits:
    'Without an operation, an end of `up` or a word of the database nothing dates it, and it is at most probable. A database that is only slow is not told apart.',
  outranksDependencies: true,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const lines = saidByUsers(context).filter(({ text = '' }) => !noneFree.test(text));
  const state = latest(found.index, component, signal.state);
  const activation = latest(found.index, component, signal.activation);
  const up = latest(found.index, component, signal.up);
  const operations = operationsDuring(found, component, lines);
  const stopped = activation?.value === 'NEVER' ? [activation] : [];
  const down = up !== undefined && numberOf(up) === 0 ? [up] : [];
  const away = state !== undefined && isAway(state.value) ? [state] : [];
  const shown = [...away, ...stopped, ...down].length > 0 ? [...away, ...stopped, ...down] : operations;
  if (shown.length === 0) {
    return notIndicated(cloudsqlUnavailable, context, databaseRuns(found, component));
  }
  const words = saidByUsers(context, goingAway);
  const items = [
    item('away', shown),
    item('users', lines),
    item(
      'operation',
      operations,
      current(found.index, component, signal.operation).length === 0 ? null : operations.length > 0,
    ),
    item('words', words),
    sharedItem(context),
  ];
  const told = shown === operations ? operationDoubt(context, operations, lines, words) : '';
  const isDoubtful = told !== '';
  const onset = beginningOf(context, operations, down, words);
  const clauses = [
    ...away.map(({ value }) => `its state is ${code(value)}`),
    ...stopped.map(() => 'it is stopped (activation `NEVER`)'),
    ...down.map(
      ({ first }) =>
        `its metrics say that it is down${first ? ` since ${clock(first, found.index.takenAt)} UTC` : ''}`,
    ),
    ...operations.map((one) => operationClause(one, found.index.takenAt)),
  ];
  const byEvent = [...away, ...stopped, ...operations, ...words].length === 0 ? eventsOf(context) : [];
  const doubt =
    lines.length === 0
      ? `, but ${doubtOf(context, onset)}`
      : byEvent.length > 0
        ? ', but no operation took it away, and Google reports an event of Cloud SQL in its region'
        : told;
  return {
    role: byEvent.length > 0 ? 'effect' : 'root',
    ...(isDoubtful ? { atMost: 'probable' as const } : {}),
    items,
    onset,
    share: null,
    steps: [
      whyOf(context, {
        because: (clauses.length > away.length ? clauses.slice(away.length) : clauses).join(', '),
        cause: { component, signal: shownBy(operations, down, stopped) },
        evidence: holding(items.filter(({ key }) => key === 'away' || key === 'operation')),
      }),
    ],
    why: `${clauses.join(', ')}${doubt}`,
    decidedBy: sortedIds([...holding(items), ...evidenceIds(byEvent)]),
    missing: [toDecide(cloudsqlUnavailable, context)],
  };
}

function doubtOf(context: RuleContext, onset: Onset | null): string {
  return context.incoming.length === 0
    ? notPointedTo(context, onset)
    : `it answers ${usersList(context)} that no connection is free`;
}

/** What an operation alone leaves open, as the end of a sentence: what it changed is not read, nor why failures go on. */
function operationDoubt(
  { found }: RuleContext,
  operations: readonly Observation[],
  lines: readonly Observation[],
  words: readonly Observation[],
): string {
  const ends = operations.map(({ last }) => time(last ?? found.index.takenAt));
  const outlast = Math.max(...lines.map(({ last }) => time(last ?? ''))) - Math.max(...ends);
  if (outlast > backWithin * 60_000) return `, but failures went on for ${span(outlast)} after its end`;
  const isUpdate = operations.every(({ value }) => value.startsWith('UPDATE'));
  return isUpdate && words.length === 0
    ? ', but not every update takes it away, and it does not say itself that it went'
    : '';
}

/** Events of Cloud SQL that Google reports as going on where the instance lies. */
function eventsOf({ found, component }: RuleContext): Observation[] {
  return dependenciesOf(found.graph, component)
    .filter(({ to }) => componentOf(found.configuration, to)?.type === 'google-region')
    .flatMap(({ to }) => eventsFor(found, component, to));
}

/** The signal that shows best why it is away; its state itself is the symptom. */
function shownBy(
  operations: readonly Observation[],
  down: readonly Observation[],
  stopped: readonly Observation[],
): string {
  if (operations.length > 0) return signal.operation;
  if (stopped.length > 0) return signal.activation;
  return down.length > 0 ? signal.up : signal.suspension;
}

function isAway(state: string): boolean {
  return !['RUNNABLE', 'ONLINE_MAINTENANCE', 'SQL_INSTANCE_STATE_UNSPECIFIED', 'UNKNOWN_STATE'].includes(
    state,
  );
}

function operationClause({ value, first, last }: Observation, now: string): string {
  const [type = value, status = ''] = value.split(' ');
  const from = first === undefined ? '' : ` at ${clock(first, now)} UTC`;
  const to =
    last === undefined
      ? /RUNNING|PENDING/.test(status)
        ? ' and has not ended'
        : ''
      : ` and ended at ${clock(last, now)} UTC`;
  return `operation ${code(type)} began${from}${to}`;
}

function beginningOf(
  context: RuleContext,
  operations: readonly Observation[],
  down: readonly Observation[],
  words: readonly Observation[],
): Onset | null {
  const { found, component } = context;
  const onsets = [
    ...operations.map((one) => logOnset(found, one)),
    ...down.map(gaugeOnset),
    onsetOfLines(context, words),
  ];
  return earliestOf(onsets) ?? onsetOf(found, component);
}
