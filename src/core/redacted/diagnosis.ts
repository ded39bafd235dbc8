import type { Configuration } from '../../config/repository.schema.ts';
import { causes, isCauseId } from '../causes.ts';
import { ownerOf } from '../diagnose/classification.ts';
import type { Diagnosis, Finding, ListedChange, WhyStep } from '../diagnosis.ts';
import { sortedIds } from '../observations.ts';
import type { ComponentState } from '../snapshot.ts';
import { changeWords } from './change-words.ts';

/** What the words of a redacted diagnosis are made of. */
export interface Known {
  /** The redacted one. */
  configuration: Configuration;
  /** By component. */
  states: Readonly<Record<string, { state: ComponentState }>>;
}

/**
 * The diagnosis as far as a redacted update may tell it: causes by their general sentence, components, verdicts, times,
 * classes and evidence ids. The sentences of rules hold figures, names and settings, so each is written anew here; what
 * disagrees, what would decide and what things are called is left out.
 */
export function redactedDiagnosis(diagnosis: Diagnosis, known: Known): Diagnosis {
  const { verdict, root, chain, second, unexplained, findings, alternatives, labels } = diagnosis;
  const { classification, owner } = diagnosis;
  return {
    verdict,
    root: { ...root },
    chain: chainOf(chain, root, known),
    second: second && { root: { ...second.root }, chain: chainOf(second.chain, second.root, known) },
    unexplained: [...unexplained],
    findings: findings.map(findingWords),
    alternatives: alternatives.map(({ cause, component, verdict: how, decidedBy, statement }) => ({
      cause,
      component,
      verdict: how,
      decidedBy,
      why: '',
      ...(statement === undefined ? {} : { statement }),
    })),
    contradictions: [],
    differences: [],
    missing: [],
    labels: [...labels],
    identities: [],
    changes: diagnosis.changes.map(changeOf),
    stated: diagnosis.stated.map((one) => ({ ...one, effect: '' })),
    classification: classification && {
      kind: classification.kind,
      why: '',
      worsenedBy: classification.worsenedBy,
    },
    owner: owner && ownerOf(known.configuration, root, classification?.kind ?? 'unknown'),
  };
}

function findingWords(finding: Finding): Finding {
  const { cause, component, verdict, decibans, evidence, onset, role } = finding;
  return {
    cause,
    component,
    verdict,
    decibans,
    mechanism: sentenceOf(cause),
    evidence,
    onset,
    items: [],
    ...(role === undefined ? {} : { role }),
  };
}

/**
 * The chain from component to component. A step that stays within one tells what its log or its settings say, and that is
 * not shown: its evidence goes to the next. The last step names the cause.
 */
function chainOf(chain: Diagnosis['chain'], root: Diagnosis['root'], known: Known): WhyStep[] {
  const steps: WhyStep[] = [];
  let within: string[] = [];
  for (const [at, step] of chain.entries()) {
    const evidence = sortedIds([...within, ...step.evidence]);
    const isLast = at === chain.length - 1;
    if (!isLast && step.cause?.component === step.effect.component) within = evidence;
    else {
      steps.push(whyWords({ ...step, evidence }, isLast ? root : null, known));
      within = [];
    }
  }
  return steps;
}

/** One why by the states of its two sides and the edge between them; the last one names the cause. */
function whyWords(step: WhyStep, root: Diagnosis['root'] | null, known: Known): WhyStep {
  const { effect, cause, edge, evidence, confidence } = step;
  return {
    question: questionOf(effect.component, known),
    answer: answerOf(step, root, known.states),
    effect: { component: effect.component, signal: '' },
    cause: cause && { component: cause.component, signal: '' },
    edge,
    evidence,
    share: null,
    confidence,
  };
}

function questionOf(id: string, { configuration: { journeys }, states }: Known): string {
  const journey = Object.hasOwn(journeys, id) ? journeys[id] : undefined;
  return journey === undefined
    ? `Why is \`${id}\` ${stateOf(states, id)}?`
    : `Why does “${journey.title}” not work?`;
}

const ties = new Map([
  ['depends_on', ', on which it depends,'],
  ['via', ', through which its traffic goes,'],
  ['attached', ', which is attached to it,'],
  ['located', ', in which it lies,'],
  ['journey', ', a step before it,'],
]);

function answerOf(
  { effect, cause, edge }: WhyStep,
  root: Diagnosis['root'] | null,
  states: Known['states'],
): string {
  if (cause === null) return 'Not known: the evidence does not decide.';
  const named =
    root !== null && root.cause !== 'unknown' && root.component === cause.component
      ? sentenceOf(root.cause)
      : '';
  if (cause.component === effect.component)
    return named === '' ? `Because of something within \`${cause.component}\`` : named;
  const tie = ties.get(edge ?? '') ?? '';
  return `Because \`${cause.component}\`${tie} is ${stateOf(states, cause.component)}${named === '' ? '' : `: ${named}`}`;
}

function stateOf(states: Known['states'], component: string): string {
  const state = Object.hasOwn(states, component) ? states[component]?.state : undefined;
  return state === 'healthy' || state === undefined || state === 'unknown' ? 'not as it should be' : state;
}

/** The cause as a sentence of the table of causes; its id where it is not there. */
function sentenceOf(cause: string): string {
  return isCauseId(cause) ? causes[cause] : cause;
}

function changeOf(change: ListedChange): ListedChange {
  const { evidence, kind, component, at, relation, minutesBeforeOnset, onset } = change;
  return {
    evidence,
    kind,
    component,
    at,
    what: changeWords(kind),
    relation,
    mechanism: null,
    minutesBeforeOnset,
    onset,
  };
}
