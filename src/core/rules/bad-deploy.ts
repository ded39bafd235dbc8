import { failureKind, isConnectionFailure } from '../diagnose/log-signatures.ts';
import { beganBefore, changeOnset } from '../diagnose/onset.ts';
import { revisionsQuery } from '../diagnose/queries.ts';
import { clock, code } from '../diagnose/wording.ts';
import { current, evidenceIds, latest, numberOf, sortedIds, sumOf, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Change, Observation } from '../snapshot.ts';
import { exitsInUse } from '../states/cloud-run.ts';
import { changeOf, exceptionOf } from './crash-readings.ts';
import { olderRevision } from './drift-contrast.ts';
import { mechanismsOf } from './drift-mechanisms.ts';
import { timesOf } from '../diagnose/log-lines.ts';
import { holding, item, notIndicated, toDecide, whyOf } from './outcome.ts';
import { revisionIsNotNew } from './refutations.ts';
import type { Rule, RuleContext, RuleOutcome } from './rule.ts';

/** Minutes after a deployment in which what it breaks is mostly seen. Expert setting. */
const soonMinutes = 30;

/**
 * A new revision starts well and then fails in its own code where the one before did not. Timing alone does not
 * show that: the errors must be the program's, the older revision must not have them, and it must have served.
 */
export const badDeploy: Rule = {
  id: 'bad-deploy',
  appliesTo: ['cloud-run'],
  question: 'Which revision brought the errors of {component}?',
  mechanism: 'The program of the new revision raises errors that the one before does not raise.',
  decides: 'whether the revision of {component} before the serving one has the same errors under the same load',
  query: (found, component) => revisionsQuery(found.configuration, component),
  evidence: [
    {
      key: 'errors',
      need: 'required',
      telling: true,
      text: 'exceptions of the program in the log of the serving revision, none of them a connection that did not come about, for at least half of its 5xx',
    },
    { key: 'new', need: 'required', text: 'the failure began no earlier than that revision, within the resolution of the data' },
    {
      key: 'contrast',
      need: 'required',
      text: 'the revision before served without the failure, and its log has no such exception',
    },
    { key: 'image', need: 'expected', text: 'the image differs' },
    { key: 'soon', need: 'expected', text: 'the failure began at most 30 minutes after the revision' },
    { key: 'exits', need: 'forbidden', text: 'its containers exit: then it does not start' },
    { key: 'setting', need: 'forbidden', text: 'a changed setting explains the errors' },
    { key: 'old', need: 'forbidden', text: 'the failure is older than the revision, or the revision before has it too' },
  ],
  outranksDependencies: false,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component, onset } = context;
  const serving = latest(found.index, component, signal.servingRevision)?.value;
  const change = changeOf(found, component, serving);
  if (!change) return notIndicated(badDeploy, context, revisionIsNotNew(found, component));
  const order = beganBefore(changeOnset(change), onset);
  const older = olderRevision(found, component, change);
  const own = programErrors(context, change);
  if (order === false || (order !== true && own.lines.length === 0)) {
    return notIndicated(badDeploy, context, revisionIsNotNew(found, component));
  }
  const lag = (onset?.at ?? Number.NaN) - time(change.at);
  if (lag > 86_400_000) return notIndicated(badDeploy, context, revisionIsNotNew(found, component));
  const exits = exitsInUse(component, found.index);
  const setting = mechanismsOf(context, change).filter(({ holds }) => holds === true);
  const image = change.diff.filter(({ key }) => key === signal.image);
  const when = onset?.evidence ?? [];
  const items = [
    item('errors', own.lines, own.enough),
    { key: 'new', holds: order, evidence: order === true ? [change.id, ...when] : [] },
    {
      key: 'contrast',
      holds: own.before.length > 0 ? false : older.served,
      evidence: older.served === true ? older.evidence : [],
    },
    item('image', image.length > 0 ? [change] : [], image.length > 0),
    { key: 'soon', holds: order === true ? lag <= soonMinutes * 60_000 : null, evidence: order === true ? when : [] },
    item('exits', exits, exits.length > 0),
    { key: 'setting', holds: setting.length > 0, evidence: sortedIds(setting.flatMap(({ evidence }) => evidence)) },
    {
      key: 'old',
      holds: older.failed === true || own.before.length > 0,
      evidence: older.failed === true ? older.evidence : evidenceIds(own.before),
    },
  ];
  const [line] = own.lines;
  const deployed = `${code(change.revision ?? 'a new revision')} was deployed at ${clock(change.at, found.index.takenAt)} UTC`;
  return {
    role: 'root',
    items,
    onset: changeOnset(change),
    share: own.share,
    steps: line ? stepsOf(context, change, own.lines, line, deployed) : [],
    why: `${deployed}${reason({ own: own.lines, exits, setting: setting.length > 0, older: older.failed === true || own.before.length > 0, read: own.enough !== null })}`,
    decidedBy: sortedIds([change.id, ...evidenceIds(own.lines, exits), ...(older.failed === true ? older.evidence : [])]),
    missing: [toDecide(badDeploy, context)],
  };
}

interface Doubts {
  own: readonly Observation[];
  exits: readonly Observation[];
  setting: boolean;
  older: boolean;
  read: boolean;
}

function reason({ own, exits, setting, older, read }: Doubts): string {
  if (exits.length > 0) return ', but its containers exit: it does not start';
  if (setting) return ', but one of its settings explains the errors';
  if (older) return ', but the revision before it fails as well';
  const [line] = own;
  if (line) return `, and logs ${code(exceptionOf(line))}, ${timesOf(own)}`;
  return read
    ? ', but it logs no exception of its own: timing alone is no cause'
    : ', but what it logs could not be read: timing alone is no cause';
}

function stepsOf(
  context: RuleContext,
  change: Change,
  lines: readonly Observation[],
  line: Observation,
  deployed: string,
) {
  const { component } = context;
  const errors = { component, signal: signal.logError };
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
      evidence: holding([item('change', [change]), ...contrastOf(context, change)]),
    }),
  ];
}

function contrastOf({ found, component }: RuleContext, change: Change) {
  const { served, evidence } = olderRevision(found, component, change);
  return served === true ? [{ key: 'contrast', holds: true, evidence }] : [];
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
  const all = current(found.index, component, signal.logError).filter(
    (line) => (numberOf(line) ?? 0) > 0 && isProgramError(line),
  );
  const lines = all
    .filter(({ revision }) => revision === change.revision)
    .toSorted((a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0));
  const kinds = new Set(lines.map(keyOf));
  const before = all.filter((line) => line.revision === change.previousRevision && kinds.has(keyOf(line)));
  const read = current(found.index, component, signal.logErrors).length > 0;
  const failed =
    sumOf(
      current(found.index, component, signal.revisionServerErrors).filter(({ revision }) => revision === change.revision),
    ) ?? sumOf(current(found.index, component, signal.serverErrors));
  const count = sumOf(lines);
  const share = count === null || !failed ? null : Math.min(1, count / failed);
  const enough = lines.length === 0 ? (read ? false : null) : share === null ? null : share >= 0.5;
  return { lines, before, share, enough };
}

function isProgramError({ text = '' }: Observation): boolean {
  const kind = failureKind(text);
  return (kind === 'program' || kind === 'exception') && !isConnectionFailure(text);
}

/** The signature that collectors give to the same error, or its text. */
function keyOf({ signature, text = '' }: Observation): string {
  return signature ?? text;
}
