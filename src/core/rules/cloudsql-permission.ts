import { identityRefused } from '../diagnose/log-signatures.ts';
import { logQuery } from '../diagnose/queries.ts';
import { code } from '../diagnose/wording.ts';
import { beganBefore } from '../diagnose/onset.ts';
import type { Onset } from '../diagnose/onset.ts';
import { namesResource } from '../diagnose/names-resource.ts';
import type { Case } from '../diagnose/case.ts';
import { exitsInUse } from '../states/cloud-run.ts';
import type { Observation } from '../snapshot.ts';
import { componentOf, dependenciesOf } from '../graph.ts';
import { evidenceIds, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import { excerpt, linesOf, shareOfErrors, timesOf } from '../diagnose/log-lines.ts';
import { item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { logHasNone } from './refutations.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { onsetOfLines } from './users.ts';
import { worksForOthers } from './contrasts.ts';

/** The words that say so, without the address of the API before them. */
const refusal =
  /Error 403|notAuthorized|Possibly missing permission|password authentication failed|no pg_hba\.conf entry|Access denied for user|authentication failed for user/i;

/** The database refuses the identity or the credentials of a service. */
export const cloudsqlPermission: Rule = {
  id: 'cloudsql-permission',
  appliesTo: ['cloud-run'],
  headline: '{component} refused by its database',
  question: 'Why may {component} not connect to its database?',
  mechanism:
    'The service account lacks the role, or the credentials are refused, so no connection is opened.',
  decides: 'whether the database refuses the identity of {component}',
  query: (found, component) =>
    logQuery(
      found.configuration,
      component,
      'textPayload=~"notAuthorized|cloudsql.instances.connect|password authentication failed|pg_hba.conf"',
    ),
  evidence: [
    {
      key: 'refused',
      need: 'required',
      telling: true,
      text: 'a line that refuses the identity: 403 and `notAuthorized` of the Cloud SQL Admin API, a missing `cloudsql.instances.connect` or `.get`, "password authentication failed" (28P01), "no pg_hba.conf entry", a role that does not exist, "permission denied for database"',
    },
    {
      key: 'enough',
      need: 'required',
      text: 'such lines for at least half of the exits of its containers, or, without exits, of its 5xx',
    },
    { key: 'database-works', need: 'expected', text: 'the database runs and serves others' },
  ],
  limits:
    'Which role is missing is not read, only that the identity was refused; when it was taken away is dated by the first refusal.',
  outranksDependencies: true,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const lines = linesOf(found, component, identityRefused);
  const [most] = lines;
  if (!most)
    return notIndicated(
      cloudsqlPermission,
      context,
      logHasNone(found, component, 'no refusal of its identity'),
    );
  const share = shareOf(found, component, lines);
  const databases = databasesOf(found, component, most.text ?? '');
  const works = worksForOthers(found, databases);
  const onset = onsetOfLines(context, lines);
  const items = [
    item('refused', lines),
    item('enough', lines, share === null ? null : share >= 0.5),
    { key: 'database-works', ...works },
  ];
  const said = `${excerpt(most, refusal)}, ${timesOf(lines)}`;
  const by = refuserOf(databases, most.text ?? '');
  return {
    role: 'root',
    items,
    onset,
    share,
    steps: [
      whyOf(context, {
        because: `${by} refuses its identity: ${said}`,
        cause: { component, signal: signal.logError },
        evidence: [...evidenceIds(lines), ...(works.holds === true ? works.evidence : [])],
        share,
      }),
    ],
    why: `${by} refuses its identity: ${said}${doubtOf(context, share, onset)}`,
    decidedBy: evidenceIds(lines),
    missing: [toDecide(cloudsqlPermission, context)],
  };
}

/** Part of the exits, where containers exit, else of the 5xx, that so many lines account for; null where not counted. */
function shareOf(found: Case, component: string, lines: readonly Observation[]): number | null {
  const [count, exits] = [sumOf(lines), sumOf(exitsInUse(component, found.index))];
  if (count !== null && exits !== null && exits > 0) return Math.min(1, count / exits);
  return shareOfErrors(found, component, lines);
}

/** The database of the service that a line names, all that it has where the line names none, none of them otherwise. */
function databasesOf(found: Case, component: string, text: string): string[] {
  const all = dependenciesOf(found.graph, component)
    .map(({ to }) => ({ id: to, database: componentOf(found.configuration, to) }))
    .flatMap(({ id, database }) =>
      database?.type === 'cloud-sql' ? [{ id, instance: database.instance }] : [],
    );
  const named = all.filter(({ instance }) => namesResource(text, instance));
  const chosen = named.length > 0 || connectionName.test(text) ? named : all;
  return chosen.map(({ id }) => id);
}

/** `project:region:instance` (cloud.google.com/sql/docs/postgres/connect-run). */
const connectionName = /(?<![\w.:-])[a-z][\w.-]{3,60}:[a-z]{2,16}-[a-z]{4,12}\d{1,2}:[a-z][\w-]{0,97}/;

/** Who refuses: a configured database, the one that the line names, or one of several. */
function refuserOf(databases: readonly string[], text: string): string {
  const [only, ...others] = databases;
  if (only !== undefined && others.length === 0) return code(only);
  const name = connectionName.exec(text)?.[0];
  return name === undefined ? 'a database' : code(name);
}

/** What is not shown of it, as the end of a sentence. */
function doubtOf({ component, onset }: RuleContext, share: number | null, began: Onset | null): string {
  if (beganBefore(began, onset) === false) return `, but only after ${code(component)} failed`;
  if (share === null) return ', but its failures were not counted';
  return share < 0.5 ? ', less than half of its failures' : '';
}
