import type { Alternative, Diagnosis, StatedWhy } from '../diagnosis.ts';
import { compareText, sortedIds, time } from '../observations.ts';
import type { Statement, WhyStatement } from '../snapshot.ts';
import type { Examination } from './hypotheses.ts';
import type { Hypothesis } from './weighing.ts';
import { clock, code } from './wording.ts';

/** Something that a person said of the whys. */
export interface WhySaid extends Statement {
  why: WhyStatement;
}

/** What was said of the whys, the oldest first. */
export function whysSaid(statements: readonly Statement[]): WhySaid[] {
  return statements
    .flatMap((statement) => (statement.why === undefined ? [] : [{ ...statement, why: statement.why }]))
    .toSorted(
      (a, b) =>
        time(a.at) - time(b.at) ||
        compareText(a.url, b.url) ||
        compareText(a.by, b.by) ||
        compareText(JSON.stringify(contentOf(a)), JSON.stringify(contentOf(b))),
    );
}

function contentOf({ text, why: { act, cause, component, reason } }: WhySaid): unknown[] {
  return [act, cause, component, reason, text];
}

/** The last refutation of a cause in a component; undefined where none stands. The latest word about the same wins. */
function refutationOf(said: readonly WhySaid[], cause: string, component: string): WhySaid | undefined {
  const last = said.findLast(({ why }) => isAbout(why, cause, component));
  return last?.why.act === 'refute' ? last : undefined;
}

/** Without a component a statement is about all of them. */
function isAbout(why: WhyStatement, cause: string, component: string): boolean {
  return (
    why.act !== 'add' && why.cause === cause && (why.component === undefined || why.component === component)
  );
}

/** The hypotheses among which the search goes on: without those that a person refuted. Verdicts stay as measured. */
export function searched(examination: Examination, said: readonly WhySaid[]): Examination {
  const hypotheses = examination.hypotheses.filter(
    ({ rule, component }) => refutationOf(said, rule.id, component) === undefined,
  );
  return { ...examination, hypotheses };
}

/** The alternatives with what people refuted marked as such; what a measurement refuted keeps that reason. */
export function withRefutations(
  alternatives: readonly Alternative[],
  said: readonly WhySaid[],
  now: string,
): Alternative[] {
  return alternatives.map((alternative) => {
    const by = refutationOf(said, alternative.cause, alternative.component);
    if (by === undefined || alternative.verdict === 'refuted') return alternative;
    const reason = by.why.reason === '' ? '' : `: ${code(by.why.reason)}`;
    return {
      ...alternative,
      verdict: 'refuted' as const,
      decidedBy: [],
      why: `refuted by ${code(`@${by.by}`)} ${clock(by.at, now)} UTC (stated)${reason}`,
      statement: by.url,
    };
  });
}

/** What the effect of a statement is told by. */
interface Told {
  said: readonly WhySaid[];
  /** The root as the measurements alone have it; null where they have none. */
  measured: Hypothesis | null;
  examination: Examination;
  alternatives: readonly Alternative[];
  root: Diagnosis['root'];
  now: string;
}

/** Each statement with what follows from it. */
export function statedWhys(told: Told): StatedWhy[] {
  return told.said.map((one, at) => {
    const { act, cause = null, component = null, reason } = one.why;
    const { effect, evidence } = effectOf(told, one, at);
    return {
      act,
      by: one.by,
      at: one.at,
      url: one.url,
      cause,
      component,
      text: reason,
      effect,
      evidence: sortedIds(evidence),
    };
  });
}

interface Effect {
  effect: string;
  evidence: readonly string[];
}

function effectOf(told: Told, { why }: WhySaid, at: number): Effect {
  if (why.act === 'add')
    return { effect: 'shown as stated; it is no measurement, and no verdict changes', evidence: [] };
  const later = told.said.slice(at + 1).find((next) => replaces(next.why, why));
  if (later !== undefined) {
    const when = `${clock(later.at, told.now)} UTC`;
    return { effect: `replaced by what ${code(`@${later.by}`)} said at ${when}`, evidence: [] };
  }
  return why.act === 'accept' ? acceptance(told, why) : refutation(told, why);
}

/** A later word about the same cause, and about the same component or all of them. */
function replaces(next: WhyStatement, why: WhyStatement): boolean {
  return (
    next.act !== 'add' &&
    next.cause === why.cause &&
    (next.component === undefined || next.component === why.component)
  );
}

function acceptance({ root, examination, alternatives }: Told, why: WhyStatement): Effect {
  if (isAbout(why, root.cause, root.component)) {
    const own = examination.hypotheses.find(
      (one) => one.rule.id === root.cause && one.component === root.component,
    );
    return {
      effect: `agrees with the diagnosis; the verdict stays ${root.verdict}, as measured`,
      evidence: own === undefined ? [] : evidenceOf(own),
    };
  }
  const other = alternatives.find(({ cause, component }) => isAbout(why, cause, component));
  const judged = other === undefined ? 'nothing that was read points to it' : judgement[other.verdict];
  return {
    effect: `accepted (stated); ${judged}, and no verdict changes`,
    evidence: other?.decidedBy ?? [],
  };
}

const judgement: Readonly<Record<Alternative['verdict'], string>> = {
  refuted: 'the diagnosis has it as refuted',
  weaker: 'the diagnosis has it as weaker than the root',
  untested: 'it was not tested',
};

function refutation({ measured, examination, alternatives }: Told, why: WhyStatement): Effect {
  if (measured !== null && isAbout(why, measured.rule.id, measured.component)) {
    const evidence = sortedIds(evidenceOf(measured));
    return {
      effect: `it is no root, and the search went on; measured evidence says otherwise: ${evidence.join(', ')}`,
      evidence,
    };
  }
  const pointed = examination.hypotheses.filter(({ rule, component }) => isAbout(why, rule.id, component));
  const listed = alternatives.filter(({ cause, component }) => isAbout(why, cause, component));
  const byMeasurement = listed.filter(
    ({ verdict, statement }) => verdict === 'refuted' && statement === undefined,
  );
  if (listed.length > 0 && byMeasurement.length === listed.length) {
    const evidence = byMeasurement.flatMap(({ decidedBy }) => decidedBy);
    return { effect: 'the measurements refute it as well', evidence };
  }
  if (listed.length === 0) return { effect: 'nothing that was read points to it', evidence: [] };
  const evidence = sortedIds(pointed.flatMap(evidenceOf));
  return {
    effect:
      evidence.length === 0
        ? 'listed as refuted; nothing that was read decides on it'
        : `listed as refuted; evidence that points to it: ${evidence.join(', ')}`,
    evidence,
  };
}

/** The readings that speak for a hypothesis. */
function evidenceOf({ indication }: Hypothesis): string[] {
  return indication.items.flatMap(({ holds, evidence }) => (holds === true ? evidence : []));
}
