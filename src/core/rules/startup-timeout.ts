import { logQuery } from '../diagnose/queries.ts';
import { inUse } from '../graph.ts';
import { current, evidenceIds } from '../observations.ts';
import { signal } from '../signals.ts';
import { exitsInUse } from '../states/cloud-run.ts';
import { excerpt, linesOf, shareOfErrors, shareOfFailedStarts, timesOf } from '../diagnose/log-lines.ts';
import { holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { exitsByItself, logHasNone } from './refutations.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { onsetOfLogs } from './users.ts';

/** How Cloud Run says that a container did not listen in time. */
const notInTime =
  /STARTUP .{1,40}probe failed|failed to start and listen on the port|within the allocated timeout|DEADLINE_EXCEEDED/i;

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
      text: '"STARTUP … probe failed", "failed to start and listen on the port" or `DEADLINE_EXCEEDED`, in the log or a failed condition',
    },
    {
      key: 'enough',
      need: 'required',
      text: 'for at least half of the starts that did not become ready, or of the 5xx; or the condition of the revision says so',
    },
    {
      key: 'slow',
      need: 'expected',
      text: 'the start-up latency rose, or the probe that it has to meet was read',
    },
    { key: 'exit', need: 'forbidden', text: 'the container exits by itself' },
  ],
  outranksDependencies: false,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const lines = linesOf(found, component, notInTime);
  const conditions = [signal.ready, signal.revisionState]
    .flatMap((name) => current(found.index, component, name))
    .filter(({ value, text = '' }) => /FAILED|FALSE/i.test(value) && notInTime.test(text));
  const exits = exitsInUse(component, found.index);
  const [most] = [...lines, ...conditions];
  if (!most) {
    const refutation =
      exitsByItself(found, component) ?? logHasNone(found, component, 'no startup probe that failed');
    return notIndicated(startupTimeout, context, refutation);
  }
  const share = shareOfFailedStarts(found, component, lines) ?? shareOfErrors(found, component, lines);
  const enough = conditions.length > 0 ? true : share === null ? null : share >= 0.5;
  const probes = inUse(found.index, component, signal.startupProbe);
  const items = [
    item('probe', [...lines, ...conditions]),
    item('enough', enough === true ? [...lines, ...conditions] : [], enough),
    item('slow', probes, probes.length > 0 ? true : null),
    item('exit', exits, exits.length > 0),
  ];
  const often = lines.length > 0 ? `, ${timesOf(lines)}` : '';
  const clause = `its instances do not listen in time: ${excerpt(most, notInTime)}${often}`;
  return {
    role: 'root',
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
    why: exits.length > 0 ? `${clause}, but its container exits by itself` : clause,
    decidedBy: evidenceIds(lines, conditions, exits),
    missing: [toDecide(startupTimeout, context)],
  };
}
