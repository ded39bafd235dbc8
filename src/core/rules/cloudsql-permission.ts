import { logQuery } from '../diagnose/queries.ts';
import { code } from '../diagnose/wording.ts';
import { componentOf, dependenciesOf } from '../graph.ts';
import { evidenceIds } from '../observations.ts';
import { signal } from '../signals.ts';
import { excerpt, linesOf, shareOfErrors, timesOf } from '../diagnose/log-lines.ts';
import { item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { logHasNone } from './refutations.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { onsetOfLines } from './users.ts';
import { worksForOthers } from './contrasts.ts';

/**
 * How the Cloud SQL connector and the databases refuse an identity: 403 of `generateEphemeral`, a missing
 * `cloudsql.instances.connect`, and SQLSTATE 28P01 and 28000 (MySQL 1045).
 */
const refused =
  /notAuthorized|cloudsql\.instances\.(?:connect|get)|generateEphemeral\S{0,40} .{0,80}403|password authentication failed|no pg_hba\.conf entry|Access denied for user|\b28P01\b|authentication failed for user/i;

/** The words that say so, without the address of the API before them. */
const refusal =
  /Error 403|notAuthorized|Possibly missing permission|password authentication failed|no pg_hba\.conf entry|Access denied for user|authentication failed for user/i;

/** The database refuses the identity or the credentials of a service. */
export const cloudsqlPermission: Rule = {
  id: 'cloudsql-permission',
  appliesTo: ['cloud-run'],
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
      text: 'a line that refuses the identity: `generateEphemeral` with 403 and `notAuthorized`, a missing `cloudsql.instances.connect`, "password authentication failed" (28P01), "no pg_hba.conf entry"',
    },
    { key: 'enough', need: 'required', text: 'such lines for at least half of the 5xx of the service' },
    { key: 'database-works', need: 'expected', text: 'the database runs and serves others' },
  ],
  outranksDependencies: true,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const lines = linesOf(found, component, refused);
  const [most] = lines;
  if (!most)
    return notIndicated(
      cloudsqlPermission,
      context,
      logHasNone(found, component, 'no refusal of its identity'),
    );
  const share = shareOfErrors(found, component, lines);
  const databases = dependenciesOf(found.graph, component)
    .map(({ to }) => to)
    .filter((to) => componentOf(found.configuration, to)?.type === 'cloud-sql');
  const works = worksForOthers(found, databases);
  const items = [
    item('refused', lines),
    item('enough', lines, share === null ? null : share >= 0.5),
    { key: 'database-works', ...works },
  ];
  const said = `${excerpt(most, refusal)}, ${timesOf(lines)}`;
  const [database] = databases;
  const by = database ? code(database) : 'its database';
  return {
    role: 'root',
    items,
    onset: onsetOfLines(context, lines),
    share,
    steps: [
      whyOf(context, {
        because: `${by} refuses its identity: ${said}`,
        cause: { component, signal: signal.logError },
        evidence: [...evidenceIds(lines), ...(works.holds === true ? works.evidence : [])],
        share,
      }),
    ],
    why: `${by} refuses its identity: ${said}`,
    decidedBy: evidenceIds(lines),
    missing: [toDecide(cloudsqlPermission, context)],
  };
}
