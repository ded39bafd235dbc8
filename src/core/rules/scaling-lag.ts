import { eventsFor } from '../diagnose/regional-events.ts';
import { noInstance } from '../diagnose/log-signatures.ts';
import { logQuery } from '../diagnose/queries.ts';
import { componentOf } from '../graph.ts';
import { evidenceIds, sortedIds } from '../observations.ts';
import { signal } from '../signals.ts';
import { linesInUse, shareOfErrors, timesOf } from '../diagnose/log-lines.ts';
import { awayBehind, awayClause, awayEvidence } from './away-behind.ts';
import { notLogged } from './not-logged.ts';
import { doubted, doubtOfShare, holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { atMaximum } from './instance-limits.ts';
import type { Limit } from './instance-limits.ts';
import { instancesBelowMaximum } from './refutations.ts';
import { requestsRose } from './request-load.ts';
import type { Refutation } from './refutations.ts';
import type { Item, Rule, RuleContext, RuleOutcome } from './rule.ts';
import { beganInWindow, onsetOfLogs } from './users.ts';

/** Traffic grows faster than instances start, below the maximum: requests that find none are answered 500. */
export const scalingLag: Rule = {
  id: 'scaling-lag',
  appliesTo: ['cloud-run'],
  headline: '{component} scales too slowly',
  question: 'Why do requests to {component} find no instance?',
  mechanism: 'Requests come faster than new instances start, and those that wait too long are answered 500.',
  decides: 'whether requests to {component} found no instance below its maximum while its traffic rose',
  query: (found, component) =>
    logQuery(found.configuration, component, 'textPayload=~"no available instance"'),
  evidence: [
    {
      key: 'turned-away',
      need: 'required',
      telling: true,
      text: '"no available instance" in the log, for at least half of the 5xx',
    },
    { key: 'below', need: 'required', text: 'every revision stayed below its maximum of instances' },
    { key: 'load', need: 'required', text: 'requests rose by a fifth or more against the hour before' },
    {
      key: 'incident',
      need: 'forbidden',
      text: 'Google reports an event of Cloud Run in the region: instances may not start for that',
    },
  ],
  limits: 'How fast traffic rose within a minute is not seen; it is compared hour by hour.',
  outranksDependencies: false,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const lines = linesInUse(found, component, noInstance);
  if (lines.length === 0) {
    return notIndicated(
      scalingLag,
      context,
      notLogged(context, noInstance, 'no request without an instance'),
    );
  }
  const below = instancesBelowMaximum(found, component);
  const share = shareOfErrors(found, component, lines);
  const load = beganInWindow(context) ? requestsRose(found, component) : null;
  const events = Object.keys(found.configuration.components)
    .filter((id) => componentOf(found.configuration, id)?.type === 'google-region')
    .flatMap((region) => eventsFor(found, component, region));
  const away = awayBehind(context);
  const items = [
    item('turned-away', lines, share === null ? null : share >= 0.5),
    belowItem(below, atMaximum(found, component)),
    item('load', load?.seen ?? [], load?.rose ?? null),
    item('incident', events, events.length > 0),
  ];
  const found500 = `requests found no instance, ${timesOf(lines)}`;
  const grew = load ? ` (${load.clause})` : '';
  return {
    role: 'root',
    ...(away.length > 0 ? { atMost: 'probable' as const } : {}),
    items,
    onset: onsetOfLogs(context, lines),
    share,
    steps: [
      whyOf(context, {
        because: `${found500}, while it ran fewer instances than it may${grew}`,
        cause: { component, signal: signal.requests },
        evidence: holding(items),
        share,
      }),
    ],
    why: doubted(`${found500}${grew}`, [
      below ? '' : 'whether it was below its maximum is not shown',
      load?.rose === false ? 'its traffic did not rise' : '',
      load === null ? 'whether its traffic rose is not shown' : '',
      doubtOfShare(share),
      events.length > 0 ? 'Google reports an event of Cloud Run in the region' : '',
      awayClause(away),
    ]),
    decidedBy: sortedIds([...evidenceIds(lines, load?.seen ?? [], events), ...awayEvidence(context, away)]),
    missing: [toDecide(scalingLag, context)],
  };
}

function belowItem(below: Refutation | null, limit: Limit | null): Item {
  if (below) return { key: 'below', holds: true, evidence: below.decidedBy };
  return item('below', limit?.reached ? limit.seen : [], limit?.reached ? false : null);
}
