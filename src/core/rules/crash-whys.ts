import { beganBefore, changeOnset, logOnset } from '../diagnose/onset.ts';
import { symptomQuestion, symptomSignal } from '../diagnose/symptom.ts';
import { timesOf } from '../diagnose/log-lines.ts';
import { clock, code, list } from '../diagnose/wording.ts';
import type { WhyStep } from '../diagnosis.ts';
import { componentOf } from '../graph.ts';
import { compareText } from '../observations.ts';
import { signal } from '../signals.ts';
import type { SignalName } from '../signals.ts';
import type { Change, Observation } from '../snapshot.ts';
import { changeOf, exceptionOf } from './crash-readings.ts';
import type { Crash } from './crash-readings.ts';
import type { RuleContext } from './rule.ts';

/** The whys from a service's failure over its exits to the exception, and to the deployment that brought it. */
export function stepsOf(context: RuleContext, { exit, line, share }: Crash): WhyStep[] {
  const { component, found } = context;
  const revision = exit.revision ? ` in ${code(exit.revision)}` : '';
  const exits = { component, signal: exit.signal };
  const steps: WhyStep[] = [
    {
      question: symptomQuestion(found, component),
      answer: `Because its container exits with code ${exit.signal.slice(signal.exit.length)}, ${timesOf([exit])}${revision}.`,
      effect: { component, signal: symptomSignal(found, component) },
      cause: exits,
      edge: 'same',
      evidence: [exit.id],
      share: null,
      confidence: 'confirmed',
    },
    {
      question: `Why does the container of ${code(component)} exit?`,
      answer: `Because of ${code(exceptionOf(line))}, seconds before the exits.`,
      effect: exits,
      cause: { component, signal: signal.logError },
      edge: 'same',
      evidence: [line.id],
      share,
      confidence: 'confirmed',
    },
  ];
  const change = deployOf(context, exit, line);
  return change ? [...steps, deployStep(context, change, signal.logError)] : steps;
}

/** The deployment that brought what is seen under a signal. */
export function deployStep({ found, component }: RuleContext, change: Change, seen: SignalName): WhyStep {
  const keys = change.diff.map((difference) => difference.key).toSorted(compareText);
  const changed = keys.length > 0 ? `, which changed ${list(keys.slice(0, 3))}` : '';
  return {
    question: 'Why did it begin then?',
    answer: `Because ${code(change.revision ?? 'a new revision')} was deployed at ${clock(change.at, found.index.takenAt)} UTC${changed}.`,
    effect: { component, signal: seen },
    cause: { component, signal: signal.deployedAt },
    edge: 'change',
    evidence: [change.id],
    share: null,
    confidence: 'probable',
  };
}

/** The deployment of the revision that exits, unless the error is older. */
export function deployOf(
  { found, component }: RuleContext,
  exit: Observation,
  line: Observation,
): Change | undefined {
  const change = changeOf(found, component, exit.revision);
  return change && beganBefore(changeOnset(change), logOnset(found, line)) !== false ? change : undefined;
}

/** A component with its revision, by the part of its name that tells it apart, and when that was deployed. */
export function deployedClause(
  { found, component }: RuleContext,
  revision: string | undefined,
  change: Change | undefined,
): string {
  const configured = componentOf(found.configuration, component);
  const prefix = configured?.type === 'cloud-run' ? `${configured.service}-` : '';
  const short = revision?.startsWith(prefix) ? revision.slice(prefix.length) : revision;
  const when = change ? `, deployed ${clock(change.at, found.index.takenAt)} UTC,` : '';
  return `${code(component)}${short ? ` ${code(short)}` : ''}${when}`;
}
