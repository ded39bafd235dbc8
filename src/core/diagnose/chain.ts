import type { Missing, WhyStep } from '../diagnosis.ts';
import { componentOf } from '../graph.ts';
import { evidenceIds, numberOf, sortedIds } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { exitsInUse } from '../states/cloud-run.ts';
import { isSaidByCloudRun } from './accusations.ts';
import { readingOf } from './case.ts';
import type { Case } from './case.ts';
import { shorten } from './chain-length.ts';
import { timesOf } from './log-lines.ts';
import { failureKind, failureWords, isConnectionFailure } from './log-signatures.ts';
import type { FailureKind } from './log-signatures.ts';
import { beganBefore, earliestOf, errorOnsetOf, logOnset, onsetOf } from './onset.ts';
import {
  connectionClause,
  symptomEvidence,
  symptomPredicate,
  symptomQuestion,
  symptomSignal,
} from './symptom.ts';
import { isKnownByEndpointOnly } from './traversal.ts';
import type { Link } from './traversal.ts';
import { pathTo } from './walk.ts';
import type { Walk } from './walk.ts';
import { code, list, spokenJourney } from './wording.ts';

/** Where a chain ends: with the whys of a cause that was found, or with what would decide. */
export type ChainEnd = { steps: readonly WhyStep[] } | { missing: Missing };

/**
 * The whys from what users miss down to a component, each on an edge that is proven and with its observations,
 * then the end. Two to seven steps; the last but one names the deepest component that the evidence reaches.
 */
export function chainTo(found: Case, way: Walk, component: string, end: ChainEnd): WhyStep[] {
  const [entry] = way.origins.leadingTo(component);
  if (entry === undefined) return [];
  const links = pathTo(way.links, entry, component) ?? [];
  const opening = openingStep(found, way, entry);
  const hops = links.map((link) => hopSteps(found, link));
  const last =
    'steps' in end
      ? adding(found, end.steps, hops.flat().at(-1))
      : unknownSteps(found, component, end.missing);
  return shorten(opening, hops, last);
}

/** The why of a dependency's cause, unless the hop to it has shown all of its evidence already: no padding. */
function adding(found: Case, steps: readonly WhyStep[], hop: WhyStep | undefined): readonly WhyStep[] {
  const [only, ...others] = steps;
  if (!only || others.length > 0 || !hop || only.effect.component !== hop.cause?.component) return steps;
  if (componentOf(found.configuration, only.effect.component)?.type === 'cloud-run') return steps;
  const shown = new Set(hop.evidence);
  return only.evidence.every((id) => shown.has(id)) ? [] : steps;
}

/** From the journey to its failing step; without a journey, from an entry's failure to what is seen of it. */
function openingStep(found: Case, way: Walk, entry: string): WhyStep {
  const others = way.entries.filter((id) => id !== entry);
  const step = {
    answer: `Because ${list([entry])} ${symptomPredicate(found, entry)}.`,
    cause: { component: entry, signal: symptomSignal(found, entry) },
    evidence: symptomEvidence(found, entry),
    share: null,
    confidence: 'confirmed' as const,
  };
  if (!way.journey) {
    const question = `Why is ${list([entry])} not healthy?`;
    return { ...step, question, effect: { component: entry, signal: 'healthy' }, edge: 'same' };
  }
  const too = others.length > 0 ? ` ${list(others)} ${others.length > 1 ? 'fail' : 'fails'} too.` : '';
  return {
    ...step,
    question: `Why is the ${spokenJourney(way.journey.id)} blocked?`,
    answer: step.answer + too,
    effect: { component: way.journey.id, signal: 'journey' },
    edge: 'journey',
    evidence: sortedIds([...step.evidence, ...others.flatMap((id) => readingOf(found, id).evidence)]),
  };
}

/** The steps of one link: what the effect says of itself where it says something, then the dependency. */
function hopSteps(found: Case, link: Link): WhyStep[] {
  const { from, to } = link.edge;
  const inside = isKnownByEndpointOnly(found, from) ? null : insideSteps(found, link);
  const asked = inside?.steps.at(-1);
  return [
    ...(inside?.steps ?? []),
    {
      question: inside?.next ?? symptomQuestion(found, from),
      answer: `Because ${list([to])}, ${relation(link)}, ${symptomPredicate(found, to)}.`,
      effect: asked?.cause ?? { component: from, signal: symptomSignal(found, from) },
      cause: { component: to, signal: symptomSignal(found, to) },
      edge: link.edge.kind,
      evidence: sortedIds([
        ...symptomEvidence(found, to),
        ...link.edge.evidence,
        ...evidenceIds(link.signature),
      ]),
      share: link.share,
      confidence:
        link.inOrder === true && link.share !== null && !isProbe(found, from) ? 'confirmed' : 'probable',
    },
  ];
}

/** What a service says of its own failure, and the question that this leads to. */
interface Inside {
  steps: WhyStep[];
  next: string;
}

/** A service's own word for it: its container exits, its connections do not come about, Cloud Run starts none. */
function insideSteps(found: Case, link: Link): Inside | null {
  const { from, to } = link.edge;
  const lines = link.signature.filter((seen) => seen.signal === signal.logError);
  const connections = lines.filter(({ text = '' }) => isConnectionFailure(text));
  const [first] = lines.toSorted((a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0));
  if (!first) return null;
  const target = componentOf(found.configuration, to)?.type;
  if (target === 'secret' && !isSaidByCloudRun(first)) {
    return said(found, from, lines, 'it logs ', `Why can ${list([from])} not read ${list([to])}?`);
  }
  if (target === 'google-region' || target === 'secret') {
    return said(
      found,
      from,
      lines,
      'Cloud Run does not bring up its instances: ',
      `Why do instances of ${list([from])} not start?`,
    );
  }
  if (target === 'http' || target === 'websocket') {
    return said(found, from, lines, 'it logs ', `Why do requests of ${list([from])} to ${list([to])} fail?`);
  }
  if (connections.length === 0)
    return said(found, from, lines, 'Cloud Run says ', `Why does Cloud Run say so of ${list([from])}?`);
  const exit = exitStep(found, from, connections);
  const step: WhyStep = {
    question: exit ? `Why does the container of ${list([from])} exit?` : symptomQuestion(found, from),
    answer: `Because ${connectionClause(found, from, connections)}.`,
    effect: exit?.cause ?? { component: from, signal: symptomSignal(found, from) },
    cause: { component: from, signal: signal.logError },
    edge: 'same',
    evidence: evidenceIds(connections),
    share: null,
    confidence: 'confirmed',
  };
  return { steps: [...(exit ? [exit] : []), step], next: failureQuestion(failureOf(connections), from) };
}

/** A why that quotes what is logged most often. */
function said(
  found: Case,
  from: string,
  lines: readonly Observation[],
  intro: string,
  next: string,
): Inside | null {
  const [most] = lines.toSorted((a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0));
  if (!most) return null;
  const step: WhyStep = {
    question: symptomQuestion(found, from),
    answer: `Because ${intro}${code(most.text ?? most.value)}, ${timesOf(lines)}.`,
    effect: { component: from, signal: symptomSignal(found, from) },
    cause: { component: from, signal: signal.logError },
    edge: 'same',
    evidence: evidenceIds(lines),
    share: null,
    confidence: 'confirmed',
  };
  return { steps: [step], next };
}

/** The exits of a container, where they began neither after the failure nor before the connections failed. */
function exitStep(found: Case, component: string, lines: readonly Observation[]): WhyStep | null {
  const exits = exitsInUse(component, found.index);
  const [first] = exits;
  const began = earliestOf(exits.map((seen) => logOnset(found, seen)));
  const connections = earliestOf(lines.map((seen) => logOnset(found, seen)));
  if (
    !first ||
    beganBefore(began, errorOnsetOf(found, component) ?? onsetOf(found, component)) !== true ||
    beganBefore(connections, began) === false
  ) {
    return null;
  }
  const codes = [...new Set(exits.map((seen) => seen.signal.slice(signal.exit.length)))];
  return {
    question: symptomQuestion(found, component),
    answer: `Because its container exits with code ${codes.join(', ')}, ${timesOf(exits)}.`,
    effect: { component, signal: symptomSignal(found, component) },
    cause: { component, signal: first.signal },
    edge: 'same',
    evidence: evidenceIds(exits),
    share: null,
    confidence: 'confirmed',
  };
}

function unknownSteps(found: Case, component: string, missing: Missing): WhyStep[] {
  return [
    {
      question: symptomQuestion(found, component),
      answer: `Unknown – this query would decide: ${missing.wouldDecide}.`,
      effect: { component, signal: symptomSignal(found, component) },
      cause: null,
      edge: null,
      evidence: [],
      share: null,
      confidence: 'unknown',
    },
  ];
}

/** A probe reads the present and has no onset to compare. */
function isProbe(found: Case, id: string): boolean {
  return componentOf(found.configuration, id)?.type === 'http';
}

function relation({ edge }: Link): string {
  if (edge.kind === 'via') return 'through which its traffic goes';
  if (edge.kind === 'located') return 'in which it lies';
  return edge.kind === 'attached' ? 'to which it is attached' : 'on which it depends';
}

function failureOf(signature: readonly Observation[]): FailureKind {
  return failureKind(signature[0]?.text ?? '');
}

function failureQuestion(kind: FailureKind, component: string): string {
  if (kind === 'refused') return `Why are the connections of ${list([component])} refused?`;
  return `Why do the connections of ${list([component])} ${failureWords(kind)}?`;
}
