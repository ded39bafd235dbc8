import { logQuery } from '../diagnose/queries.ts';
import { code } from '../diagnose/wording.ts';
import { inUse } from '../graph.ts';
import { current, evidenceIds, numberOf, sumOf, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { memoryInUse, terminationsInUse } from '../states/cloud-run.ts';
import {
  excerpt,
  linesInUse,
  linesOf,
  shareOfErrors,
  shareOfFailedStarts,
  timesOf,
} from '../diagnose/log-lines.ts';
import { ofAnsweringRevision, saidElsewhere } from './answering-revision.ts';
import { doubted, doubtOfShare, holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { logHasNone } from './refutations.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { onsetOfLogs } from './users.ts';

const exceeded = /Memory limit of .{1,60} exceeded/i;

/** What the load balancer of Cloud Run says of requests whose instance went away under them. */
const instanceLost = /malformed or connection to the instance had an error|instance .{0,40}terminated/i;

/** Tolerance between the times of two log lines that tell of one end, ms. */
const tolerance = 60_000;

/** Containers are ended at their memory limit, and the requests that they served end with them. */
export const outOfMemory: Rule = {
  id: 'out-of-memory',
  appliesTo: ['cloud-run'],
  headline: '{component} out of memory',
  question: 'Why do the containers of {component} end?',
  mechanism: 'Cloud Run ends a container that uses more memory than its limit; the requests in it fail.',
  decides: 'whether containers of {component} end at their memory limit',
  query: (found, component) =>
    logQuery(found.configuration, component, 'textPayload=~"Memory limit of|terminated on signal 9"'),
  evidence: [
    {
      key: 'exceeded',
      need: 'required',
      telling: true,
      text: '"Memory limit of N MiB exceeded with M MiB used" of a revision in use',
    },
    {
      key: 'enough',
      need: 'required',
      text: 'these ends, and the requests that lost their instance in the same time (for each end at most as many as an instance serves at once), make at least half of the 5xx, or of the starts that did not become ready',
    },
    { key: 'killed', need: 'expected', text: '"Container terminated on signal 9"' },
    { key: 'limit', need: 'expected', text: 'the memory limit of the revision was read' },
  ],
  limits:
    'Only what Cloud Run says counts: a runtime that ends itself at its own heap limit is not found. What takes the memory is not known.',
  outranksDependencies: true,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const ended = ofAnsweringRevision(found, component, memoryEnds(context));
  const killed = terminationsInUse(component, found.index, '9');
  if (ended.length === 0) {
    const elsewhere = saidElsewhere([
      ...current(found.index, component, signal.memoryExceeded),
      ...linesOf(found, component, exceeded),
    ]);
    const none = killed.length > 0 ? null : logHasNone(found, component, 'no end at a memory limit');
    return notIndicated(outOfMemory, context, elsewhere ?? none);
  }
  const lost = requestsLost(context, ended);
  const share = shareOfFailures(context, ended, lost);
  const limits = inUse(found.index, component, signal.memoryLimit);
  const items = [
    item('exceeded', ended),
    item(
      'enough',
      share !== null && share >= 0.5 ? [...ended, ...lost] : [],
      share === null ? null : share >= 0.5,
    ),
    item('killed', killed, killed.length > 0),
    item('limit', limits, limits.length > 0 ? true : null),
  ];
  const [sample] = ended;
  const quoted = sample?.text === undefined ? '' : ` (${excerpt(sample, exceeded)})`;
  const of = limits[0] ? ` of ${code(limits[0].value)}` : '';
  const clause = `its containers are ended at their memory limit${of}, ${timesOf(ended)}${quoted}`;
  return {
    role: 'root',
    items,
    onset: onsetOfLogs(context, ended),
    share,
    steps: [
      whyOf(context, {
        because: clause,
        cause: { component, signal: signal.memoryExceeded },
        evidence: holding(items),
        share,
      }),
    ],
    why: doubted(clause, [doubtOfShare(share)]),
    decidedBy: evidenceIds(ended, killed),
    missing: [toDecide(outOfMemory, context)],
  };
}

/** The ends that are counted apart, or else the lines of the log. */
function memoryEnds({ found, component }: RuleContext): Observation[] {
  const counted = memoryInUse(component, found.index);
  return (sumOf(counted) ?? 0) > 0 ? counted : linesInUse(found, component, exceeded);
}

/** Requests that lost their instance while such ends came: what was lost before or after them has another reason. */
function requestsLost({ found, component }: RuleContext, ended: readonly Observation[]): Observation[] {
  const from = Math.min(...ended.map(({ first }) => time(first ?? ''))) - tolerance;
  const to = Math.max(...ended.map(({ last }) => time(last ?? ''))) + tolerance;
  return ofAnsweringRevision(found, component, linesInUse(found, component, instanceLost)).filter(
    ({ first, last }) => time(first ?? '') >= from && time(last ?? '') <= to,
  );
}

function shareOfFailures(
  context: RuleContext,
  ended: readonly Observation[],
  lost: readonly Observation[],
): number | null {
  const { found, component } = context;
  const told = shareOfErrors(found, component, [...ended, ...lost]);
  const most = mostOfErrors(context, ended);
  const shares = [
    told === null || most === null ? null : Math.min(told, most),
    shareOfFailedStarts(found, component, ended),
  ].filter((share) => share !== null);
  return shares.length === 0 ? null : Math.max(...shares);
}

/**
 * The largest part of the 5xx that the ends can account for: each takes with it as many requests as an instance
 * serves at once, one where that was not read. Null where the 5xx were not counted.
 */
function mostOfErrors({ found, component }: RuleContext, ended: readonly Observation[]): number | null {
  const [concurrency] = inUse(found.index, component, signal.concurrency);
  const failed = sumOf(current(found.index, component, signal.serverErrors));
  const ends = sumOf(ended);
  if (failed === null || failed === 0 || ends === null) return null;
  return Math.min(1, (ends * Math.max(1, numberOf(concurrency) ?? 1)) / failed);
}
