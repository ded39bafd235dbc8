import { causes, isCauseId } from '../causes.ts';
import type { Alternative, Diagnosis, Finding } from '../diagnosis.ts';
import { cite, code, join, link, plain, prose, say, type Text } from '../text.ts';
import { abnormalEnd, unknownCause } from './beyond.ts';
import { type Facts, fewIds, readingOf, spoken } from './facts.ts';
import { amplifiers, findingOf } from './findings.ts';

/** Parts shown in one line; the rest is in the folds. */
const shown = 2;
const shownHypotheses = 3;

/** The cause in one line with its verdict; null where nothing fails and nothing was found. */
export function causeLine(facts: Facts): { label: Text; what: Text } | null {
  const { diagnosis } = facts;
  const { root } = diagnosis;
  if (root.cause === 'unknown' || root.verdict === 'unknown') return withOwner(facts, unknownCause(facts));
  const first = rootWords(diagnosis, root, diagnosis.chain);
  const { second } = diagnosis;
  const what =
    second === null
      ? first
      : say`${first}. **And, ${plain(second.root.verdict)}:** ${rootWords(diagnosis, second.root, second.chain)}`;
  return withOwner(facts, { label: say`Cause, ${plain(root.verdict)}`, what });
}

/** A root by its finding in one sentence; by its cause where none is there, as in what an earlier version stored. */
function rootWords(diagnosis: Diagnosis, root: Diagnosis['root'], chain: Diagnosis['chain']): Text {
  const finding = findingOf(diagnosis, root);
  return finding === undefined
    ? say`${plain(causeWords(root.cause))}: ${code(root.component)} ${cite(lastEvidence(chain), fewIds)}`
    : summaryOf(finding);
}

/**
 * Behind the cause its class, where one is known, who takes it on, where somebody is configured, and a cause that the
 * measurements show and somebody refuted.
 */
function withOwner(
  { diagnosis }: Facts,
  line: { label: Text; what: Text } | null,
): { label: Text; what: Text } | null {
  const { classification, owner } = diagnosis;
  const kind = classification?.kind ?? 'unknown';
  const parts = [
    ...(kind === 'unknown' ? [] : [say`${plain(kind)}`]),
    ...(owner === null || owner.contact === null ? [] : [say`next with ${prose(owner.name)}`]),
    ...overruled(diagnosis),
  ];
  return line === null || parts.length === 0 ? line : { ...line, what: say`${line.what} · ${join(parts)}` };
}

/** A measured cause that somebody refuted is told where the cause is: it may be right all the same. */
function overruled({ alternatives, findings }: Diagnosis): Text[] {
  return alternatives.flatMap(({ cause, component, statement }) => {
    const measured = findings.find((one) => one.cause === cause && one.component === component);
    if (statement === undefined || measured === undefined || measured.verdict === 'unknown') return [];
    const what = say`${plain(causeName(cause))} (${code(component)})`;
    return [
      say`${what}, ${plain(measured.verdict)} as measured ${cite(measured.evidence, fewIds)}, was ${link('refuted', statement)}`,
    ];
  });
}

/** What is not the root, and makes the outage worse. */
export function worsened(facts: Facts): Text | null {
  const found = amplifiers(facts.diagnosis);
  if (found.length === 0) return null;
  const more = found.length - shown;
  const first = join(found.slice(0, shown).map(summaryOf), say`; `);
  return more > 0 ? say`${first} and ${more} more` : say`${first}`;
}

/** What was found in one sentence, with the component unless it names it, and revisions by their short names. */
function summaryOf({ summary, mechanism, component, evidence }: Finding): Text {
  const said = summary ?? mechanism;
  const named = said.includes(`\`${component}\``) ? said : `\`${component}\`: ${said}`;
  return sentence(withShortRevisions(named), evidence, fewIds);
}

/** Revisions without the name of their service, which readers know. */
export function withShortRevisions(text: string): string {
  return text.replaceAll(/`[a-z0-9-]{1,100}-(\d{5}-[a-z0-9]{3})`/g, '`$1`');
}

/**
 * Hypotheses that nothing has refuted and that something speaks for, or that could not be examined because a reading
 * is missing. Those that nothing points to are in the fold. Nothing is left open where the cause is confirmed.
 */
export function notRuledOut(facts: Facts): Text | null {
  const { alternatives, root } = facts.diagnosis;
  if (root.verdict === 'confirmed') return null;
  const open = alternatives.filter(
    (alternative) => alternative.verdict === 'untested' && isLive(facts, alternative),
  );
  if (open.length === 0) return null;
  const more = open.length - shownHypotheses;
  const first = join(
    open.slice(0, shownHypotheses).map((one) => hypothesis(facts, one)),
    say`; `,
  );
  return more > 0 ? say`${first} and ${more} more` : say`${first}`;
}

/** Causes that the state of their own component speaks for. */
const shownByState: ReadonlySet<string> = new Set([
  'vpc-connector-saturated',
  'cloudsql-connections-exhausted',
  'cloudsql-unavailable',
]);

function isLive(facts: Facts, { cause, component, decidedBy }: Alternative): boolean {
  if (decidedBy.length > 0) return true;
  const { state } = readingOf(facts, component);
  const hasGap = state === 'unknown' && facts.snapshot.gaps.some((gap) => gap.component === component);
  const isAbnormal = state === 'failing' || state === 'degraded';
  const isFound = facts.diagnosis.findings.some(
    (finding) => finding.cause === cause && finding.component === component && finding.evidence.length > 0,
  );
  return hasGap || isFound || (isAbnormal && shownByState.has(cause));
}

/**
 * A reason is shown where something was read, or could not be. The line of the cause has told what is seen of the
 * component beyond which it is unknown; of a service it tells how it fails, and not what its log says.
 */
function hypothesis(facts: Facts, { cause, component, why, decidedBy }: Alternative): Text {
  const isService = facts.configuration.components[component]?.type === 'cloud-run';
  const isTold = component === abnormalEnd(facts) && !isService;
  const reason =
    isTold || decidedBy.length === 0 || why === ''
      ? say` ${cite(decidedBy, fewIds)}`
      : say`: ${sentence(why, decidedBy, fewIds)}`;
  return say`${plain(causeName(cause))} (${code(component)})${reason}`;
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

/** A cause as a sentence of the table of causes; its id where it is not there. */
export function causeWords(cause: string): string {
  return isCauseId(cause) ? causes[cause] : causeName(cause);
}

function lastEvidence(chain: Diagnosis['chain']): readonly string[] {
  return chain.findLast((step) => step.evidence.length > 0)?.evidence ?? [];
}
