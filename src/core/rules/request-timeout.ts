import { logQuery } from '../diagnose/queries.ts';
import { code } from '../diagnose/wording.ts';
import { inUse } from '../graph.ts';
import { current, evidenceIds, numberOf, sortedIds } from '../observations.ts';
import { signal } from '../signals.ts';
import { linesInUse, shareOfErrors, timesOf } from '../diagnose/log-lines.ts';
import { awayBehind, awayClause, awayEvidence } from './away-behind.ts';
import { notLogged } from './not-logged.ts';
import { doubted, doubtOfShare, holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { onsetOfLogs } from './users.ts';

const ended = /maximum request timeout/i;

/** Part of the timeout that the slowest requests take where it is what ends them: metrics come in classes. */
const near = 0.8;

/** Requests take longer than the service allows, and are answered 504. */
export const requestTimeout: Rule = {
  id: 'request-timeout',
  appliesTo: ['cloud-run'],
  headline: '{component} too slow for its request timeout',
  question: 'Why does {component} end requests?',
  mechanism:
    'Requests run longer than the request timeout of the revision, and Cloud Run ends them with 504.',
  decides: 'whether requests to {component} reach its request timeout',
  query: (found, component) =>
    logQuery(found.configuration, component, 'textPayload=~"maximum request timeout"'),
  evidence: [
    {
      key: 'ended',
      need: 'required',
      telling: true,
      text: '"maximum request timeout" in the log, for at least half of the 5xx',
    },
    { key: 'setting', need: 'required', text: 'the request timeout of the serving revision was read' },
    {
      key: 'slow',
      need: 'expected',
      text: `the slowest requests (p99) take ${near * 100} % of that time or more`,
    },
  ],
  limits: 'Which step of a request is slow is not known: a lock or an endless loop looks the same.',
  outranksDependencies: false,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const lines = linesInUse(found, component, ended);
  if (lines.length === 0) {
    return notIndicated(
      requestTimeout,
      context,
      notLogged(context, ended, 'no request that reached its timeout'),
    );
  }
  const share = shareOfErrors(found, component, lines);
  const [setting] = inUse(found.index, component, signal.requestTimeout);
  const [p99] = current(found.index, component, signal.latencyP99);
  const [seconds, slowest] = [numberOf(setting), numberOf(p99)];
  const slow = seconds === null || slowest === null ? null : slowest >= seconds * 1_000 * near;
  const away = awayBehind(context);
  const items = [
    item('ended', lines, share === null ? null : share >= 0.5),
    item('setting', setting ? [setting] : [], setting ? true : null),
    item('slow', p99 ? [p99] : [], slow),
  ];
  const allowed = setting ? ` of ${setting.value} s` : '';
  const measured = slow && slowest !== null ? ` (p99 ${Math.round(slowest / 100) / 10} s)` : '';
  const clause = `requests to ${code(component)} reach its request timeout${allowed}, ${timesOf(lines)}${measured}`;
  return {
    role: 'root',
    ...(away.length > 0 ? { atMost: 'probable' as const } : {}),
    items,
    onset: onsetOfLogs(context, lines),
    share,
    steps: [
      whyOf(context, {
        because: clause,
        cause: { component, signal: signal.requestTimeout },
        evidence: holding(items),
        share,
      }),
    ],
    why: doubted(clause, [
      setting ? '' : 'how long that is was not read',
      doubtOfShare(share),
      awayClause(away),
    ]),
    decidedBy: sortedIds([...evidenceIds(lines), ...awayEvidence(context, away)]),
    missing: [toDecide(requestTimeout, context)],
  };
}
