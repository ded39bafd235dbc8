import { noInstance } from '../diagnose/log-signatures.ts';
import { logQuery } from '../diagnose/queries.ts';
import type { Case } from '../diagnose/case.ts';
import { code } from '../diagnose/wording.ts';
import { figure } from '../figures.ts';
import { before, current, evidenceIds, latest, numberOf, sortedIds, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { linesInUse, timesOf } from '../diagnose/log-lines.ts';
import { awayBehind, awayClause, awayEvidence } from './away-behind.ts';
import { notLogged } from './not-logged.ts';
import { doubted, doubtOfShare, holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { atMaximum } from './instance-limits.ts';
import { instancesBelowMaximum } from './refutations.ts';
import { requestsRose } from './request-load.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { beganInWindow, onsetOfLogs } from './users.ts';

/** All instances that the service may have run and are busy; the rest of the requests is turned away with 429. */
export const maxInstancesReached: Rule = {
  id: 'max-instances-reached',
  appliesTo: ['cloud-run'],
  headline: '{component} at its maximum of instances',
  question: 'Why does {component} turn requests away?',
  mechanism: 'All instances that it may have are busy, so Cloud Run answers further requests with 429.',
  decides: 'whether {component} turns requests away at its maximum of instances',
  query: (found, component) =>
    logQuery(found.configuration, component, 'textPayload=~"no available instance"'),
  evidence: [
    {
      key: 'turned-away',
      need: 'required',
      telling: true,
      text: '"no available instance" in the log, for at least half of the requests that failed or were turned away',
    },
    {
      key: 'at-maximum',
      need: 'required',
      text: 'as many active instances as its revision or service may have at most',
    },
    { key: 'load', need: 'expected', text: 'requests rose by a fifth or more against the hour before' },
    { key: 'busy', need: 'expected', text: 'no idle instance' },
    { key: 'below', need: 'forbidden', text: 'every revision stayed below its maximum in the window' },
  ],
  limits:
    'Why requests keep instances busy is not known: without more traffic, or with a dependency that fails, it is at most probable.',
  outranksDependencies: false,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const lines = linesInUse(found, component, noInstance);
  const below = instancesBelowMaximum(found, component);
  if (lines.length === 0) {
    return notIndicated(
      maxInstancesReached,
      context,
      below ?? notLogged(context, noInstance, 'no request turned away'),
    );
  }
  const limit = atMaximum(found, component);
  const share = shareOfRefused(found, component, lines);
  const load = beganInWindow(context) ? requestsRose(found, component) : null;
  const idle = current(found.index, component, signal.idleInstances).filter(
    (seen) => numberOf(seen) !== null,
  );
  const away = awayBehind(context);
  const items = [
    item('turned-away', lines, share === null ? null : share >= 0.5),
    item('at-maximum', limit?.seen ?? [], limit?.reached ?? null),
    item('load', load?.seen ?? [], load?.rose ?? null),
    item('busy', idle, idle.length === 0 ? null : sumOf(idle) === 0),
    { key: 'below', holds: below !== null, evidence: below?.decidedBy ?? [] },
  ];
  const clause = limit?.reached
    ? `it ran all ${limit.most} instances that it may have, and ${timesOf(lines).replace(/ times?$/, '')} requests found none free`
    : `requests found no instance, ${timesOf(lines)}`;
  const slower = load?.rose === false ? tookLonger(found, component) : null;
  const rose = load?.rose ? `: ${load.clause}` : (slower?.clause ?? '');
  return {
    role: 'root',
    // Without more requests, something else keeps the instances busy.
    ...(away.length > 0 || load?.rose === false ? { atMost: 'probable' as const } : {}),
    items,
    onset: onsetOfLogs(context, lines),
    share,
    steps: [
      whyOf(context, {
        because: `${clause}${rose}`,
        cause: { component, signal: signal.activeInstances },
        evidence: sortedIds([...holding(items), ...evidenceIds(slower?.seen ?? [])]),
        share,
      }),
    ],
    why: below
      ? `${below.why} (${code(component)} logs ${timesOf(lines)} that no instance was free)`
      : doubted(`${clause}${rose}`, [
          limit?.reached ? '' : 'whether it was at its maximum is not shown',
          doubtOfShare(share, 'failed requests'),
          awayClause(away),
        ]),
    decidedBy:
      below?.decidedBy ??
      sortedIds([...evidenceIds(lines, limit?.seen ?? []), ...awayEvidence(context, away)]),
    missing: [
      ...(slower
        ? [
            {
              wouldDecide: `why requests to ${code(component)} take longer`,
              command: logQuery(found.configuration, component),
            },
          ]
        : []),
      toDecide(maxInstancesReached, context),
    ],
  };
}

/** Growth of the median latency from which requests take longer. Expert setting. */
const longer = 2;

/** Whether requests take longer than in the hour before; null where they do not, or one of the two was not read. */
function tookLonger({ index }: Case, id: string): { clause: string; seen: Observation[] } | null {
  const [now, was] = [latest(index, id, signal.latencyP50), before(index, id, signal.latencyP50)[0]];
  const [median, earlier] = [numberOf(now), numberOf(was)];
  if (!now || !was || median === null || earlier === null || !(median >= earlier * longer)) return null;
  return {
    clause: `: no more requests than in the hour before, but slower ones (median ${figure(now.value, now.unit)}, was ${figure(was.value, was.unit)})`,
    seen: [now, was],
  };
}

/** Of what failed and what was turned away: 5xx, and the 4xx beyond those of the hour before. */
function shareOfRefused({ index }: Case, id: string, lines: readonly Observation[]): number | null {
  const failed = sumOf(current(index, id, signal.serverErrors));
  const refused = sumOf(current(index, id, signal.clientErrors));
  const usual = sumOf(before(index, id, signal.clientErrors)) ?? 0;
  if (failed === null && refused === null) return null;
  const whole = (failed ?? 0) + Math.max(0, (refused ?? 0) - usual);
  return whole === 0 ? null : Math.min(1, (sumOf(lines) ?? 0) / whole);
}
