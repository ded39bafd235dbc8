import { failureKind, isConnectionFailure } from '../diagnose/log-signatures.ts';
import { beganBefore, changeOnset, errorOnsetOf, isLongBefore } from '../diagnose/onset.ts';
import { revisionsQuery } from '../diagnose/queries.ts';
import { clock, code, span } from '../diagnose/wording.ts';
import type { WhyStep } from '../diagnosis.ts';
import { current, evidenceIds, latest, numberOf, sortedIds, sumOf, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Change, Observation } from '../snapshot.ts';
import { exitsInUse } from '../states/cloud-run.ts';
import { changeOf, exceptionOf } from './crash-readings.ts';
import { olderRevision } from './drift-contrast.ts';
import type { OlderRevision } from './drift-contrast.ts';
import { mechanismsOf } from './drift-mechanisms.ts';
import { timesOf } from '../diagnose/log-lines.ts';
import { doubted, doubtOfShare, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { revisionIsNotNew } from './refutations.ts';
import type { Refutation } from './refutations.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';

/** Minutes after a deployment in which what it breaks is mostly seen. Expert setting. */
const soonMinutes = 30;

const dayMilliseconds = 86_400_000;

/**
 * A new revision starts well and then fails in its own code where the one before did not. Timing alone does not
 * show that: the errors must be the program's, the older revision must not have them, and it must have served.
 */
export const badDeploy: Rule = {
  id: 'bad-deploy',
  appliesTo: ['cloud-run'],
  question: 'Which revision brought the errors of {component}?',
  mechanism: 'The program of the new revision raises errors that the one before does not raise.',
  decides:
    'whether the revision of {component} before the serving one has the same errors under the same load',
  query: (found, component) => revisionsQuery(found.configuration, component),
  evidence: [
    {
      key: 'errors',
      need: 'required',
      telling: true,
      text: 'exceptions of the program in the log of the revision, none of them a connection that did not come about or the answer of something else, for at least half of its 5xx; at most probable where most are not of a kind that only a program raises, such as `TypeError`',
    },
    {
      key: 'new',
      need: 'required',
      text: 'the failure began no earlier than that revision, within the resolution of the data',
    },
    {
      key: 'contrast',
      need: 'required',
      text: 'the revision before served without the failure, and its log has no such exception',
    },
    { key: 'image', need: 'expected', text: 'the image differs' },
    { key: 'soon', need: 'expected', text: 'the failure began at most 30 minutes after the revision' },
  ],
  limits:
    'It needs traffic on the revision before, and an exception in the log. A program that answers wrongly without one is not found.',
  outranksDependencies: false,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component, onset } = context;
  const change = changeOf(found, component, failingRevision(context));
  if (!change) return notIndicated(badDeploy, context, revisionIsNotNew(found, component));
  const order = beganBefore(changeOnset(change), onset);
  const older = olderRevision(found, component, change);
  const own = programErrors(context, change);
  if (order === false || (order !== true && own.lines.length === 0)) {
    return notIndicated(badDeploy, context, revisionIsNotNew(found, component));
  }
  const lag = (onset?.at ?? Number.NaN) - time(change.at);
  if (lag > dayMilliseconds) {
    return notIndicated(
      badDeploy,
      context,
      revisionIsNotNew(found, component) ?? servedLong(context, change),
    );
  }
  const deployed = `${code(change.revision ?? 'a new revision')} was deployed at ${clock(change.at, found.index.takenAt)} UTC`;
  const refutation = refutedBy(context, change, own, older);
  if (refutation) {
    const why = `${deployed}, but ${refutation.why}`;
    return notIndicated(badDeploy, context, { ...refutation, why });
  }
  const image = change.diff.filter(({ key }) => key === signal.image);
  const when = onset?.evidence ?? [];
  const items = [
    item('errors', own.lines, own.enough),
    { key: 'new', holds: order, evidence: order === true ? [change.id, ...when] : [] },
    { key: 'contrast', holds: older.served, evidence: older.served === true ? older.evidence : [] },
    item('image', image.length > 0 ? [change] : [], image.length > 0),
    {
      key: 'soon',
      holds: order === true ? lag <= soonMinutes * 60_000 : null,
      evidence: order === true ? when : [],
    },
  ];
  const [line] = own.lines;
  return {
    role: 'root',
    // Any other exception may also pass on what a dependency did.
    ...(isOwn(own.lines) ? {} : { atMost: 'probable' as const }),
    items,
    onset: changeOnset(change),
    share: own.share,
    steps: line ? stepsOf(context, change, own.lines, line, deployed) : [],
    why: `${deployed}${reason(own, older)}`,
    decidedBy: sortedIds([change.id, ...evidenceIds(own.lines)]),
    missing: [toDecide(badDeploy, context)],
  };
}

/** The revision had worked for more than a day before anything failed; null where the failure may be older. */
function servedLong({ onset }: RuleContext, change: Change): Refutation | null {
  const served = (onset?.earliest ?? -Infinity) - time(change.at);
  if (!(served > dayMilliseconds)) return null;
  const why = `its revision had served for ${span(served)} when the failures began`;
  return { verdict: 'refuted', why, decidedBy: sortedIds([change.id, ...(onset?.evidence ?? [])]) };
}

/** The revision with most of the 5xx: a part of the traffic is enough for a new one to fail; else the serving one. */
function failingRevision({ found, component }: RuleContext): string | undefined {
  const errors = current(found.index, component, signal.revisionServerErrors);
  const [most] = errors.toSorted((a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0));
  const count = numberOf(most) ?? 0;
  return count > 0 && count >= (sumOf(errors) ?? 0) / 2
    ? most?.revision
    : latest(found.index, component, signal.servingRevision)?.value;
}

function reason({ lines, share, enough }: ProgramErrors, { served }: OlderRevision): string {
  const [line] = lines;
  if (line) {
    return doubted(`, and logs ${code(exceptionOf(line))}, ${timesOf(lines)}`, [
      doubtOfShare(share),
      served === true ? '' : 'whether the revision before served without it is not shown',
    ]);
  }
  return enough === null
    ? ', but what it logs could not be read: timing alone is no cause'
    : ', but it logs no exception of its own: timing alone is no cause';
}

/** What excludes it: the new revision does not start at all, a setting explains it, or the one before fails too. */
function refutedBy(
  context: RuleContext,
  change: Change,
  own: ProgramErrors,
  older: OlderRevision,
): Refutation | null {
  const { found, component } = context;
  const exits = exitsInUse(component, found.index);
  if (exits.length > 0) {
    const why = 'its containers exit: it does not start';
    return { verdict: 'refuted', why, decidedBy: evidenceIds([change], exits) };
  }
  const setting = mechanismsOf(context, change).filter(({ holds }) => holds === true);
  if (setting.length > 0) {
    const decidedBy = sortedIds([change.id, ...setting.flatMap(({ evidence }) => evidence)]);
    return { verdict: 'refuted', why: 'one of its settings explains the errors', decidedBy };
  }
  if (older.failed !== true && own.before.length === 0) return null;
  const decidedBy = sortedIds([
    change.id,
    ...(older.failed === true ? older.evidence : evidenceIds(own.before)),
  ]);
  return { verdict: 'refuted', why: 'the revision before it fails as well', decidedBy };
}

function stepsOf(
  context: RuleContext,
  change: Change,
  lines: readonly Observation[],
  line: Observation,
  deployed: string,
): WhyStep[] {
  const { component, found } = context;
  const errors = { component, signal: signal.logError };
  const { served, evidence } = olderRevision(found, component, change);
  return [
    whyOf(context, {
      because: `its program raises ${code(exceptionOf(line))}, ${timesOf(lines)}`,
      cause: errors,
      evidence: evidenceIds(lines),
    }),
    whyOf(context, {
      question: 'Why did it begin then?',
      because: `${deployed}, and the revision before it does not raise it`,
      effect: errors,
      cause: { component, signal: signal.deployedAt },
      edge: 'change',
      evidence: [change.id, ...(served === true ? evidence : [])],
    }),
  ];
}

interface ProgramErrors {
  lines: Observation[];
  /** The same exceptions in the revision before. */
  before: Observation[];
  share: number | null;
  enough: boolean | null;
}

/** Exceptions of the serving revision that no connection explains, the most frequent first, and who had them before. */
function programErrors({ found, component }: RuleContext, change: Change): ProgramErrors {
  const failedSince = errorOnsetOf(found, component);
  const all = current(found.index, component, signal.logError).filter(
    (line) => (numberOf(line) ?? 0) > 0 && isProgramError(line),
  );
  const lines = all
    .filter((line) => line.revision === change.revision && !isLongBefore(line, failedSince))
    .toSorted((a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0));
  const kinds = new Set(lines.map(keyOf));
  const before = all.filter((line) => line.revision === change.previousRevision && kinds.has(keyOf(line)));
  const read = current(found.index, component, signal.logErrors).length > 0;
  const failed =
    sumOf(
      current(found.index, component, signal.revisionServerErrors).filter(
        ({ revision }) => revision === change.revision,
      ),
    ) ?? sumOf(current(found.index, component, signal.serverErrors));
  const count = sumOf(lines);
  const share = count === null || !failed ? null : Math.min(1, count / failed);
  const enough = lines.length === 0 ? (read ? false : null) : share === null ? null : share >= 0.5;
  return { lines, before, share, enough };
}

/** An exception that passes on what something else answered: `503 Server Error`, `status code 429`. */
const answered =
  /\bstatus(?: code)?:? [45]\d\d\b|\b[45]\d\d (?:Client Error|Server Error|Internal Server Error|Service Unavailable|Bad Gateway|Gateway Time-?out|Too Many Requests|Quota exceeded)|\bAxiosError\b|\bHTTPError\b|\bResourceExhausted\b/i;

function isProgramError({ text = '' }: Observation): boolean {
  const kind = failureKind(text);
  if (kind !== 'exception') return kind === 'program';
  return !isConnectionFailure(text) && !answered.test(text);
}

/** Whether most of the errors are of a kind that only the program itself raises. */
function isOwn(lines: readonly Observation[]): boolean {
  const own = lines.filter(({ text = '' }) => failureKind(text) === 'program');
  return (sumOf(own) ?? 0) >= (sumOf(lines) ?? 0) / 2;
}

/** The signature that collectors give to the same error, or its text. */
function keyOf({ signature, text = '' }: Observation): string {
  return signature ?? text;
}
