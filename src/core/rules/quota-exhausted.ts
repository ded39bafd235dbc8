import { logQuery } from '../diagnose/queries.ts';
import { code } from '../diagnose/wording.ts';
import { errorOnsetOf, isLongBefore } from '../diagnose/onset.ts';
import { isNoise } from '../diagnose/traversal.ts';
import { evidenceIds, sortedIds } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { excerpt, linesInUse, shareOfErrors, timesOf } from '../diagnose/log-lines.ts';
import { conditionsInUse, ofAnsweringRevision } from './answering-revision.ts';
import { notLogged } from './not-logged.ts';
import { doubted, doubtOfShare, holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import type { Refutation } from './refutations.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';
import { onsetOfLogs } from './users.ts';

/**
 * Reasons and sentences by which Google's APIs refuse for a quota of the project (google.rpc.ErrorInfo; Cloud Run's
 * RevisionReason; cloud.google.com/docs/quotas/troubleshoot). Others have quotas as well, of users, disks and messages,
 * so that the word alone, small letters, or gRPC's RESOURCE_EXHAUSTED without it tell nothing of the project's.
 */
const usedUp =
  /RATE_LIMIT_EXCEEDED|ACTIVE_REVISION_LIMIT_REACHED|RESOURCE_EXHAUSTED.{0,200}[Qq]uota|[Qq]uota exceeded (?:for (?:quota|aggregate)|\(?limit)|Quota exceeded: Your project|Quota '[^']{1,80}' exceeded|project (?:has )?exceeded (?:the |its )?quota|due to quota exceeded/;

/** A quota of the project is used up, and what needs it is refused. */
export const quotaExhausted: Rule = {
  id: 'quota-exhausted',
  appliesTo: ['cloud-run'],
  headline: '{component} out of quota',
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
      text: '`RATE_LIMIT_EXCEEDED`, `RESOURCE_EXHAUSTED` with a quota, "Quota exceeded for quota metric" in the log, or `ACTIVE_REVISION_LIMIT_REACHED` as the reason of a condition',
    },
    {
      key: 'enough',
      need: 'required',
      text: 'for at least half of the 5xx of the service, or as the reason why its latest revision is not ready, unless an older one serves and fails',
    },
  ],
  limits: 'Quotas themselves are not read, only refusals that name one.',
  outranksDependencies: true,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const failedSince = errorOnsetOf(found, component);
  const told = linesInUse(found, component, usedUp);
  const lines = told.filter((line) => !isLongBefore(line, failedSince) && !isNoise(found, component, line));
  const reasons = ofAnsweringRevision(found, component, reasonsOf(context));
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
      harmless ?? notLogged(context, usedUp, 'no refusal for a quota'),
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
    why: doubted(clause, [reasons.length > 0 ? '' : doubtOfShare(share)]),
    decidedBy: evidenceIds(lines, reasons),
    missing: [toDecide(quotaExhausted, context)],
  };
}

/** What the conditions of the service and of its revisions in use give as their reason. */
function reasonsOf({ found, component }: RuleContext): Observation[] {
  const names = [signal.readyReason, signal.ready, signal.revisionState];
  return conditionsInUse(found, component, names).filter(
    ({ value, text = '' }) => usedUp.test(value) || usedUp.test(text),
  );
}
