import { logQuery } from '../diagnose/queries.ts';
import { code } from '../diagnose/wording.ts';
import { errorOnsetOf, isLongBefore } from '../diagnose/onset.ts';
import { isNoise } from '../diagnose/traversal.ts';
import { current, evidenceIds, sortedIds } from '../observations.ts';
import { signal } from '../signals.ts';
import { excerpt, linesOf, shareOfErrors, timesOf } from '../diagnose/log-lines.ts';
import { holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { logHasNone } from './refutations.ts';
import type { Refutation } from './refutations.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { onsetOfLogs } from './users.ts';

/** Reasons and words by which Google's APIs refuse for a quota (google.rpc.ErrorInfo; Cloud Run's RevisionReason). */
const usedUp =
  /RATE_LIMIT_EXCEEDED|RESOURCE_EXHAUSTED|ACTIVE_REVISION_LIMIT_REACHED|Quota exceeded|exceeded (?:the |your |its )?quota/i;

/** A quota of the project is used up, and what needs it is refused. */
export const quotaExhausted: Rule = {
  id: 'quota-exhausted',
  appliesTo: ['cloud-run'],
  question: 'Why is {component} refused by an API of Google Cloud?',
  mechanism:
    'A quota of the project is used up, so calls or new revisions are refused until it is renewed or raised.',
  decides: 'whether a quota of the project is used up for {component}',
  query: (found, component) =>
    logQuery(
      found.configuration,
      component,
      'textPayload=~"RATE_LIMIT_EXCEEDED|RESOURCE_EXHAUSTED|ACTIVE_REVISION_LIMIT_REACHED|Quota exceeded"',
    ),
  evidence: [
    {
      key: 'refused',
      need: 'required',
      telling: true,
      text: '`RATE_LIMIT_EXCEEDED`, `RESOURCE_EXHAUSTED`, "Quota exceeded" in the log, or `ACTIVE_REVISION_LIMIT_REACHED` as the reason of a condition',
    },
    {
      key: 'enough',
      need: 'required',
      text: 'for at least half of the 5xx of the service, or as the reason why its revision is not ready',
    },
  ],
  outranksDependencies: true,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const failedSince = errorOnsetOf(found, component);
  const told = linesOf(found, component, usedUp);
  const lines = told.filter((line) => !isLongBefore(line, failedSince) && !isNoise(found, component, line));
  const reasons = [signal.readyReason, signal.ready, signal.revisionState]
    .flatMap((name) => current(found.index, component, name))
    .filter(({ value, text = '' }) => usedUp.test(value) || usedUp.test(text));
  const [most] = [...lines, ...reasons];
  if (!most) {
    const harmless: Refutation | null =
      told.length === 0
        ? null
        : {
            verdict: 'refuted',
            why: `it is refused for a quota while its requests are answered as well, ${timesOf(told)}`,
            decidedBy: sortedIds([...evidenceIds(told), ...(failedSince?.evidence ?? [])]),
          };
    return notIndicated(
      quotaExhausted,
      context,
      harmless ?? logHasNone(found, component, 'no refusal for a quota'),
    );
  }
  const share = shareOfErrors(found, component, lines);
  const enough = reasons.length > 0 ? true : share === null ? null : share >= 0.5;
  const items = [
    item('refused', [...lines, ...reasons]),
    item('enough', enough === true ? [...lines, ...reasons] : [], enough),
  ];
  const often = lines.length > 0 ? `, ${timesOf(lines)}` : '';
  const said = lines.includes(most) ? excerpt(most, usedUp) : code(most.text ?? most.value);
  const clause = `a quota is used up: ${said}${often}`;
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
    why: clause,
    decidedBy: evidenceIds(lines, reasons),
    missing: [toDecide(quotaExhausted, context)],
  };
}
