import { failureKind } from '../diagnose/log-signatures.ts';
import { logOnset } from '../diagnose/onset.ts';
import { logQuery } from '../diagnose/queries.ts';
import { isNoise, targetsOf } from '../diagnose/traversal.ts';
import { code, list } from '../diagnose/wording.ts';
import { current, evidenceIds, latest, numberOf, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { exitsInUse } from '../states/cloud-run.ts';
import { bySize, changeOf, crashesOf, exceptionOf, isConnection } from './crash-readings.ts';
import type { Crash } from './crash-readings.ts';
import { deployedClause, deployOf, stepsOf } from './crash-whys.ts';
import { olderRevision } from './drift-contrast.ts';
import { imageOutcome, imageReasons, imageRefusals } from './image-access.ts';
import { ofAnsweringRevision, saidElsewhere } from './answering-revision.ts';
import { notIndicated } from './outcome.ts';
import type { Item, Rule, RuleContext, RuleOutcome } from './rule.ts';

/** Part of the exits that a traceback must precede to explain them. */
const sufficient = 0.5;

/**
 * The container ends before it is ready because of an error of the program, or never starts because its image
 * cannot be fetched. The exit code alone proves nothing: 3
 * is gunicorn's WORKER_BOOT_ERROR and uvicorn's STARTUP_FAILURE, whatever made the start fail. Where the
 * innermost exception is a connection that did not come about, the exit is an effect, and the walk goes on.
 */
export const crashOnStart: Rule = {
  id: 'crash-on-start',
  appliesTo: ['cloud-run'],
  question: 'Why does the container of {component} exit?',
  mechanism:
    'The program raises an error while it starts and ends, so no instance becomes ready and requests fail.',
  decides: 'whether the container of {component} exits, and what it logs before',
  query: (found, component) => exitQuery({ found, component }),
  evidence: [
    {
      key: 'exit',
      need: 'required',
      text: `\`Container called exit(N)\`, N not 0, in a revision that is in use; or Cloud Run's own word that it cannot fetch the image (${imageReasons.map(code).join(', ')})`,
    },
    {
      key: 'traceback',
      need: 'required',
      telling: true,
      text: 'an exception of the program in the log of the same revision, at most 30 s before the exit, for at least half of the exits; or the reason that Cloud Run gives for the image',
    },
    {
      key: 'not-ready',
      need: 'expected',
      text: 'the revision or the service is not ready (`HEALTH_CHECK_CONTAINER_ERROR`)',
    },
    {
      key: 'contrast',
      need: 'expected',
      text: 'another revision runs and does not exit, or the one before served without failures',
    },
    {
      key: 'connection-failure',
      need: 'forbidden',
      text: 'the innermost exception is a time-out or a refused connection: then the exit is an effect',
    },
  ],
  limits:
    'An exit code alone tells nothing, so a container that ends without a line in its log is not explained. Where other errors of the same revision make most of the 5xx, it is at most probable.',
  outranksDependencies: true,
  goesBehind: [],
  examine,
};

function examine(context: RuleContext): RuleOutcome {
  const { found, component } = context;
  const all = exitsInUse(component, found.index);
  const exits = ofAnsweringRevision(found, component, all);
  if (exits.length === 0) {
    const refusals = ofAnsweringRevision(found, component, imageRefusals(context));
    const elsewhere = saidElsewhere(all, 'exits');
    if (elsewhere && refusals.length === 0) return notIndicated(crashOnStart, context, elsewhere);
    return refusals.length > 0 ? imageOutcome(context, refusals) : withoutExit(context);
  }
  const crashes = exits.flatMap((exit) => crashesOf(context, exit)).toSorted(bySize);
  const enough = crashes.filter((crash) => crash.share >= sufficient);
  const own = enough.find((crash) => failureKind(crash.line.text ?? '') === 'program');
  const connection = enough.find((crash) => isConnection(crash.line));
  const other = enough.find((crash) => failureKind(crash.line.text ?? '') === 'exception');
  if (!own && connection) return effectOf(context, connection);
  const crash = own ?? other;
  return crash ? rootOf(context, crash) : unexplained(context, exits, crashes);
}

function rootOf(context: RuleContext, crash: Crash): RuleOutcome {
  const change = deployOf(context, crash.exit, crash.line);
  const missing = [{ wouldDecide: `what ended ${code(context.component)}`, command: exitQuery(context) }];
  const others = otherErrors(context, crash);
  const beside =
    others.length > 0
      ? `, but other errors make most of its 5xx: ${code(exceptionOf(others[0] ?? crash.line))}`
      : '';
  // Where it was not read which revision serves, the one that exits may serve no more.
  const serves = latest(context.found.index, context.component, signal.servingRevision) !== undefined;
  const isSure = others.length === 0 && (serves || crash.exit.revision === undefined);
  return {
    role: 'root',
    ...(isSure ? {} : { atMost: 'probable' as const }),
    items: [...itemsOf(context, crash), { key: 'connection-failure', holds: false, evidence: [] }],
    onset: logOnset(context.found, crash.line),
    share: crash.share,
    steps: stepsOf(context, crash),
    why: `${deployedClause(context, crash.exit.revision, change)} exits on start: ${code(exceptionOf(crash.line))}${beside}`,
    decidedBy: evidenceIds([crash.line, crash.exit], change ? [change] : [], others),
    missing,
  };
}

/** Exceptions that the same revision logs and that are not the crash, the most frequent first, where they make most of its 5xx. */
function otherErrors({ found, component }: RuleContext, { exit, line }: Crash): Observation[] {
  const others = current(found.index, component, signal.logError)
    .filter((other) => other.revision === exit.revision && other.id !== line.id)
    .filter(({ text = '' }) => ['program', 'exception'].includes(failureKind(text)))
    .filter((other) => !isNoise(found, component, other))
    .toSorted((a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0));
  const errors =
    sumOf(
      current(found.index, component, signal.revisionServerErrors).filter(
        ({ revision }) => revision === exit.revision,
      ),
    ) ?? sumOf(current(found.index, component, signal.serverErrors));
  const count = sumOf(others) ?? 0;
  return errors !== null && count > (numberOf(line) ?? 0) && count >= errors * sufficient ? others : [];
}

function effectOf(context: RuleContext, crash: Crash): RuleOutcome {
  const targets = targetsOf(context.found, context.component, [crash.line]);
  const towards = targets.length > 0 ? ` to ${list(targets)}` : '';
  return {
    role: 'effect',
    items: [
      ...itemsOf(context, crash),
      { key: 'connection-failure', holds: true, evidence: [crash.line.id] },
    ],
    onset: logOnset(context.found, crash.line),
    share: crash.share,
    steps: [],
    why: `the exits follow connections${towards} that do not come about (${code(exceptionOf(crash.line))}): an effect`,
    decidedBy: evidenceIds([crash.line, crash.exit]),
    missing: [],
  };
}

/** Exits without a line that explains them: an exit code alone is no proof. */
function unexplained(
  context: RuleContext,
  exits: readonly Observation[],
  crashes: readonly Crash[],
): RuleOutcome {
  const lines = crashes.map((crash) => crash.line);
  return {
    role: 'root',
    items: [
      { key: 'exit', holds: true, evidence: evidenceIds(exits) },
      { key: 'traceback', holds: logsRead(context) ? false : null, evidence: evidenceIds(lines) },
    ],
    onset: null,
    share: null,
    steps: [],
    why: 'the container exits, but no exception is seen in the seconds before most of the exits, and an exit code proves nothing',
    decidedBy: evidenceIds(exits, lines),
    missing: [
      {
        wouldDecide: `what the log of ${code(context.component)} holds before its exits`,
        command: exitQuery(context),
      },
    ],
  };
}

function withoutExit(context: RuleContext): RuleOutcome {
  const read = current(context.found.index, context.component, signal.logErrors);
  const refuted = read.some((found) => found.partial !== true);
  return {
    role: 'none',
    verdict: refuted ? 'refuted' : 'untested',
    why: refuted ? 'no container exit in the window' : 'container exits could not be read in full',
    decidedBy: refuted ? evidenceIds(read) : [],
    missing: [
      {
        wouldDecide: `whether the container of ${code(context.component)} exits`,
        command: exitQuery(context),
      },
    ],
  };
}

function itemsOf(context: RuleContext, { exit, line }: Crash): Item[] {
  const { found, component } = context;
  const ready = [
    ...current(found.index, component, signal.revisionState).filter(
      (seen) => seen.revision === exit.revision,
    ),
    ...current(found.index, component, signal.ready),
  ];
  const notReady = ready.filter((seen) => /FAILED|FALSE/i.test(seen.value));
  const calm = calmRevision(context, exit);
  return [
    { key: 'exit', holds: true, evidence: [exit.id] },
    { key: 'traceback', holds: !isConnection(line), evidence: [line.id] },
    {
      key: 'not-ready',
      holds: ready.length === 0 ? null : notReady.length > 0,
      evidence: evidenceIds(notReady),
    },
    { key: 'contrast', ...calm },
  ];
}

/** Another revision that runs now without exits, or the one before, which served without failures. */
function calmRevision({ found, component }: RuleContext, exit: Observation): Omit<Item, 'key'> {
  const exiting = new Set(exitsInUse(component, found.index).map((seen) => seen.revision));
  const others = current(found.index, component, signal.activeInstances).filter(
    (seen) => (numberOf(seen) ?? 0) > 0 && seen.revision !== undefined && seen.revision !== exit.revision,
  );
  const calm = others.filter((seen) => !exiting.has(seen.revision));
  if (others.length > 0) return { holds: calm.length > 0, evidence: evidenceIds(calm) };
  const change = changeOf(found, component, exit.revision);
  if (!change) return { holds: null, evidence: [] };
  const { served, evidence } = olderRevision(found, component, change);
  return { holds: served, evidence: served === true ? evidence : [] };
}

function logsRead({ found, component }: RuleContext): boolean {
  return current(found.index, component, signal.logErrors).some((read) => read.partial !== true);
}

function exitQuery({ found, component }: Pick<RuleContext, 'found' | 'component'>): string {
  return logQuery(
    found.configuration,
    component,
    '(severity>=ERROR OR textPayload=~"Container called exit")',
  );
}
