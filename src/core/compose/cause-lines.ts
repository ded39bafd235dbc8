import { causes, isCauseId } from '../causes.ts';
import type { Alternative, Diagnosis, Finding } from '../diagnosis.ts';
import { cite, code, join, plain, prose, say, type Text } from '../text.ts';
import { type Facts, fewIds, isInTrouble, readingOf, spoken } from './facts.ts';

/** Parts shown in one line; the rest is in the folds. */
const shown = 2;
const shownHypotheses = 3;

/** The cause in one line with its verdict; null where nothing fails and nothing was found. */
export function causeLine(facts: Facts): { label: Text; what: Text } | null {
  const { diagnosis } = facts;
  const { root } = diagnosis;
  if (root.cause === 'unknown' || root.verdict === 'unknown') return unknownCause(facts);
  const finding = rootFinding(diagnosis);
  const what =
    finding === undefined
      ? say`${plain(causeWords(root.cause))}: ${code(root.component)} ${cite(lastEvidence(diagnosis), fewIds)}`
      : summaryOf(finding);
  return { label: say`Cause, ${plain(root.verdict)}`, what };
}

function unknownCause(facts: Facts): { label: Text; what: Text } | null {
  const { diagnosis } = facts;
  if (!isInTrouble(facts)) return null;
  const known = diagnosis.chain.findLast((step) => step.cause !== null);
  const reach = known?.cause ? say`found so far: ${foundSoFar(facts, known.cause.component)}` : null;
  const next = diagnosis.missing[0];
  const decide = next === undefined ? null : say`would decide: ${prose(next.wouldDecide)}`;
  const parts = [reach, decide].filter((part) => part !== null);
  const what = parts.length === 0 ? say`the evidence does not decide` : say`${join(parts, say`; `)}`;
  return { label: say`Cause, unknown`, what };
}

/** What is not the root, and makes the outage worse. */
export function worsened(facts: Facts): Text | null {
  const found = amplifiers(facts.diagnosis);
  if (found.length === 0) return null;
  const more = found.length - shown;
  const first = join(found.slice(0, shown).map(summaryOf), say`; `);
  return more > 0 ? say`${first} and ${more} more` : say`${first}`;
}

/** What was found in one sentence, with revisions by their short names. */
function summaryOf({ summary, mechanism, evidence }: Finding): Text {
  return sentence(
    (summary ?? mechanism).replaceAll(/`[a-z0-9-]{1,100}-(\d{5}-[a-z0-9]{3})`/g, '`$1`'),
    evidence,
    fewIds,
  );
}

/** Findings of what makes worse that began without it. */
export function amplifiers(diagnosis: Diagnosis): Finding[] {
  return diagnosis.findings.filter((finding) => finding.role === 'amplifier');
}

/** Hypotheses that nothing has refuted, with what was missing. */
export function notRuledOut(facts: Facts): Text | null {
  const open = facts.diagnosis.alternatives.filter((alternative) => alternative.verdict === 'untested');
  if (open.length === 0) return null;
  const more = open.length - shownHypotheses;
  const first = join(open.slice(0, shownHypotheses).map(hypothesis), say`; `);
  return more > 0 ? say`${first} and ${more} more` : say`${first}`;
}

/** A reason is shown where something was read, or could not be. That nothing was looked for says the line itself. */
function hypothesis({ cause, component, why, decidedBy }: Alternative): Text {
  const reason = decidedBy.length === 0 ? say`` : say`: ${sentence(why, decidedBy, fewIds)}`;
  return say`${plain(causeName(cause))} (${code(component)})${reason}`;
}

/** The deepest component that the evidence reaches, with what is seen of it. */
function foundSoFar(facts: Facts, component: string): Text {
  const { why, evidence } = readingOf(facts, component);
  return say`${code(component)} ${prose(why)} ${cite(evidence, fewIds)}`;
}

/** The id of a cause as people say it: `VPC connector saturated`. */
export function causeName(cause: string): string {
  return spoken(cause)
    .replace(/^vpc /, 'VPC ')
    .replace(/^cloudsql /, 'Cloud SQL ');
}

/** What a diagnosis says, with its evidence behind it unless it names it itself. */
export function sentence(text: string, evidence: readonly string[], limit?: number): Text {
  const named = evidence.length > 0 && evidence.every((id) => new RegExp(`\\b${id}\\b`).test(text));
  return named || evidence.length === 0
    ? say`${prose(text)}`
    : say`${prose(text.replace(/\.$/, ''))} ${cite(evidence, limit)}`;
}

/** The root's own finding. */
export function rootFinding(diagnosis: Diagnosis): Finding | undefined {
  const { cause, component } = diagnosis.root;
  return diagnosis.findings.find((finding) => finding.cause === cause && finding.component === component);
}

/** A cause as a sentence of the table of causes; its id where it is not there. */
export function causeWords(cause: string): string {
  return isCauseId(cause) ? causes[cause] : causeName(cause);
}

function lastEvidence(diagnosis: Diagnosis): readonly string[] {
  return diagnosis.chain.findLast((step) => step.evidence.length > 0)?.evidence ?? [];
}
