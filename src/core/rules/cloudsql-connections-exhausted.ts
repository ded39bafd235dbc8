import type { Case } from '../diagnose/case.ts';
import { noneFree } from '../diagnose/log-signatures.ts';
import { timesOf } from '../diagnose/log-lines.ts';
import { filterString, metricQuery } from '../diagnose/queries.ts';
import { componentOf } from '../graph.ts';
import { before, latest, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { fullConnections } from '../states/cloud-sql.ts';
import { poolReading } from './connection-pools.ts';
import { holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { connectionsAreFew } from './refutations.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import {
  beganInWindow,
  lateClause,
  onsetOfLines,
  partOfSaid,
  saidByUsers,
  sharedItem,
  usersList,
} from './users.ts';
import { risen } from './rise.ts';

/** Connections that PostgreSQL keeps for superusers (`superuser_reserved_connections`, by default). */
const reserved = 3;

/** All connections that the database allows are open, and it turns new ones away. */
export const cloudsqlConnectionsExhausted: Rule = {
  id: 'cloudsql-connections-exhausted',
  appliesTo: ['cloud-sql'],
  headline: '{component} out of connections',
  question: 'Why does {component} refuse connections?',
  mechanism:
    'Instances times pool size reach max_connections, so the database refuses every further connection and requests that need one fail.',
  decides: 'whether the open connections of {component} are near max_connections',
  query: backendsQuery,
  evidence: [
    {
      key: 'refused',
      need: 'required',
      telling: true,
      text: 'services log that no connection is free ("remaining connection slots are reserved", "too many clients already", 53300), for at least half of what they say of the database',
    },
    {
      key: 'full',
      need: 'expected',
      text: `open connections (\`num_backends\`) at ${fullConnections * 100} % of \`max_connections\` or more, or all but the ${reserved} that PostgreSQL reserves; where that was not read, as of MySQL, the cause is at most probable`,
    },
    {
      key: 'rose',
      need: 'expected',
      text: 'open connections rose by a fifth or more against the hour before',
    },
    {
      key: 'pools',
      need: 'expected',
      text: 'instances times pool size of a service that uses it exceed what is free',
    },
    { key: 'shared', need: 'expected', text: 'two or more services are refused' },
    { key: 'few', need: 'forbidden', text: 'at most half of the connections were open in the whole window' },
  ],
  limits:
    'Open connections are read of PostgreSQL only; elsewhere it is at most probable. Connections that a program leaks look the same as those that it needs.',
  outranksDependencies: true,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const refused = saidByUsers(context, noneFree);
  const full = fullReading(found, component);
  const few = connectionsAreFew(found, component);
  if (refused.length === 0 && full?.full !== true) {
    return notIndicated(cloudsqlConnectionsExhausted, context, few);
  }
  const rose = beganInWindow(context) ? roseReading(found, component) : null;
  const pools = poolReading(context);
  const items = [
    item('refused', refused, refused.length > 0 && (partOfSaid(context, refused) ?? 0) >= 0.5),
    item('full', full?.seen ?? [], full?.full ?? null),
    item('rose', rose?.seen ?? [], rose?.rose ?? null),
    item('pools', pools?.seen ?? [], pools?.exceeds ?? null),
    sharedItem(context),
    { key: 'few', holds: few !== null, evidence: few?.decidedBy ?? [] },
  ];
  const said = refused.length > 0 ? `it says that no connection is free, ${timesOf(refused)}; ` : '';
  const open = full?.clause ?? `${said}how many are open was not read`;
  const grew = rose?.rose === true ? `, ${rose.clause}` : '';
  const demand = pools?.exceeds === true ? `; ${pools.clause}` : '';
  return {
    role: 'root',
    ...(full?.full === true ? {} : { atMost: 'probable' as const }),
    items,
    onset: onsetOfLines(context, refused),
    share: null,
    steps: [
      whyOf(context, {
        because: `${open}${grew}${demand}`,
        cause: { component, signal: signal.backends },
        evidence: holding(items.filter(({ key }) => key !== 'refused' && key !== 'shared')),
      }),
    ],
    why: few ? few.why : `${open}${grew}${doubtOf(context, refused, full)}`,
    decidedBy: few ? few.decidedBy : holding(items),
    missing: [toDecide(cloudsqlConnectionsExhausted, context)],
  };
}

/** What is not shown of it, as the end of a sentence. */
function doubtOf(
  context: RuleContext,
  refused: readonly Observation[],
  full: { full: boolean } | null,
): string {
  if (refused.length === 0) return ', and no service logs that it is refused';
  if (full?.full === false) return `, which does not explain that it refuses ${usersList(context)}`;
  return (partOfSaid(context, refused) ?? 0) < 0.5
    ? `, but few of the failures of ${usersList(context)} are refusals`
    : lateClause(context, onsetOfLines(context, refused));
}

/** Connections open now against the limit; null where one of the two was not read. */
function fullReading(
  { index }: Case,
  id: string,
): { full: boolean; clause: string; seen: Observation[] } | null {
  const highest = latest(index, id, signal.backendsMax);
  const now = latest(index, id, signal.backends);
  const open = (numberOf(highest) ?? 0) > (numberOf(now) ?? 0) ? highest : now;
  const limit =
    latest(index, id, `${signal.flag}max_connections`) ?? latest(index, id, signal.defaultConnections);
  const [count, most] = [numberOf(open), numberOf(limit)];
  if (!open || !limit || count === null || most === null || most === 0) return null;
  return {
    full: count >= Math.max(1, Math.min(most * fullConnections, most - reserved)),
    clause: clauseOf(open, limit, open === highest && now !== undefined && highest.value !== now.value),
    seen: [open, limit],
  };
}

/** `97 of 100 connections are open`; a highest value is of the past. */
function clauseOf(open: Observation, limit: Observation, isPast: boolean): string {
  const documented = limit.signal === signal.defaultConnections ? ' (documented default)' : '';
  const figure = `${open.value} of ${limit.value}${documented} connections`;
  return isPast ? `up to ${figure} were open in the window` : `${figure} are open`;
}

function roseReading(
  { index }: Case,
  id: string,
): { rose: boolean; clause: string; seen: Observation[] } | null {
  const now = latest(index, id, signal.backendsMax) ?? latest(index, id, signal.backends);
  const [was] = [...before(index, id, signal.backendsMax), ...before(index, id, signal.backends)];
  const [count, earlier] = [numberOf(now), numberOf(was)];
  if (!now || !was || count === null || earlier === null) return null;
  return {
    rose: count >= earlier * risen,
    clause: `at most ${was.value} in the hour before`,
    seen: [now, was],
  };
}

function backendsQuery({ configuration, index }: Case, id: string): string {
  const component = componentOf(configuration, id);
  const name = component?.type === 'cloud-sql' ? component.instance : id;
  const postgres = !/^(?:MYSQL|SQLSERVER)/.test(latest(index, id, signal.databaseVersion)?.value ?? '');
  return metricQuery(
    configuration,
    `cloudsql.googleapis.com/database/${postgres ? 'postgresql/num_backends' : 'network/connections'}`,
    ` AND resource.labels.database_id=monitoring.regex.full_match(${filterString(`.*:${name}`)})`,
    index.takenAt,
    'ALIGN_MAX',
  );
}
