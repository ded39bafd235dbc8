import { logQuery } from '../diagnose/queries.ts';
import { inUse } from '../graph.ts';
import { current, evidenceIds, gapsOf, sortedIds } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { exitsInUse } from '../states/cloud-run.ts';
import { excerpt, linesInUse, shareOfErrors, shareOfFailedStarts, timesOf } from '../diagnose/log-lines.ts';
import { awayBehind, awayClause, awayEvidence } from './away-behind.ts';
import { conditionsInUse, ofAnsweringRevision } from './answering-revision.ts';
import { notLogged } from './not-logged.ts';
import { doubted, doubtOfShare, holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { exitsByItself } from './refutations.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { onsetOfLogs } from './users.ts';

/** How Cloud Run says that a container did not listen in time. */
const notInTime =
  /STARTUP .{1,40}probe failed|failed to start and listen on the port|within the allocated timeout/i;

/** The same as the reason of a condition; in a log the word is anybody's: each call of gRPC may end with it. */
const deadline = /DEADLINE_EXCEEDED/;

/** The container is still starting when its startup probe gives up. */
export const startupTimeout: Rule = {
  id: 'startup-timeout',
  appliesTo: ['cloud-run'],
  headline: '{component} starts too slowly',
  question: 'Why do instances of {component} not become ready?',
  mechanism:
    'The startup probe gives up before the container listens, so Cloud Run ends the instance and requests find none.',
  decides: 'whether the startup probe of {component} fails without an exit',
  query: (found, component) =>
    logQuery(found.configuration, component, 'textPayload=~"STARTUP .* probe failed|allocated timeout"'),
  evidence: [
    {
      key: 'probe',
      need: 'required',
      telling: true,
      text: '"STARTUP … probe failed" or "failed to start and listen on the port" in the log or in a failed condition of a revision in use, or `DEADLINE_EXCEEDED` as the reason of that condition',
    },
    {
      key: 'enough',
      need: 'required',
      text: 'for at least half of the starts that did not become ready, or of the 5xx; or the condition of the revision says so',
    },
    {
      key: 'slow',
      need: 'expected',
      text: 'the startup probe that it has to meet was read',
    },
    { key: 'exit', need: 'forbidden', text: 'the container exits by itself' },
  ],
  limits:
    'What a container waits for is not known unless a dependency fails at the same time; then it is at most probable.',
  outranksDependencies: false,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const lines = ofAnsweringRevision(found, component, linesInUse(found, component, notInTime));
  const conditions = ofAnsweringRevision(found, component, conditionsOf(context));
  const exits = exitsInUse(component, found.index);
  const [most] = [...lines, ...conditions];
  if (!most) {
    const refutation =
      exitsByItself(found, component) ?? notLogged(context, notInTime, 'no startup probe that failed');
    return notIndicated(startupTimeout, context, refutation);
  }
  const share = shareOfFailedStarts(found, component, lines) ?? shareOfErrors(found, component, lines);
  const enough = conditions.length > 0 ? true : share === null ? null : share >= 0.5;
  const read = lines.length > 0 || exitsAreRead(context);
  const probes = inUse(found.index, component, signal.startupProbe);
  const items = [
    item('probe', [...lines, ...conditions]),
    item('enough', enough === true ? [...lines, ...conditions] : [], enough),
    item('slow', probes, probes.length > 0 ? true : null),
    item('exit', exits, exits.length > 0 ? true : read ? false : null),
  ];
  const away = awayBehind(context);
  const often = lines.length > 0 ? `, ${timesOf(lines)}` : '';
  const clause = `its instances do not listen in time: ${excerpt(most, notInTime)}${often}`;
  return {
    role: 'root',
    ...(read && away.length === 0 ? {} : { atMost: 'probable' as const }),
    items,
    onset: onsetOfLogs(context, lines),
    share,
    steps: [
      whyOf(context, {
        because: clause,
        cause: { component, signal: most.signal },
        evidence: holding(items),
        share,
      }),
    ],
    why: doubted(clause, [
      exits.length > 0 ? 'its container exits by itself' : '',
      read ? '' : 'whether its container exits was not read',
      conditions.length > 0 ? '' : doubtOfShare(share, 'failed starts'),
      awayClause(away),
    ]),
    decidedBy: sortedIds([...evidenceIds(lines, conditions, exits), ...awayEvidence(context, away)]),
    missing: [toDecide(startupTimeout, context)],
  };
}

/** What the conditions of the service and of its revisions in use say, where they failed. */
function conditionsOf({ found, component }: RuleContext): Observation[] {
  return conditionsInUse(found, component, [signal.ready, signal.revisionState]).filter(
    ({ value, text = '' }) => /FAILED|FALSE/i.test(value) && (notInTime.test(text) || deadline.test(text)),
  );
}

/** Cloud Run says the same of a container that exits, so without its log a condition does not tell the two apart. */
function exitsAreRead({ found, component }: RuleContext): boolean {
  return (
    current(found.index, component, signal.logErrors).some(({ partial }) => partial !== true) &&
    gapsOf(found.index, component, signal.exit).length === 0
  );
}
