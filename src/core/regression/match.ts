import { compareText } from '../observations.ts';
import { comparable, holds, information, needs, specificFrom, wordings } from './comparable.ts';
import type { EarlierIncident, EarlierSignature } from './earlier-incident.ts';
import type { PresentIncident, PresentSignature } from './present-incident.ts';
import { textSimilarities } from './text-similarity.ts';

/** An error line that both incidents have. */
export interface SharedLine {
  line: string;
  /** Evidence ids of the present incident. */
  evidence: readonly string[];
}

/** An earlier incident that the present one is like. */
export interface Match {
  issue: number;
  title: string;
  url: string;
  closedAt: string | null;
  /** 0 to 1: the parts below, by `weights`. */
  score: number;
  /** Part of the entries of all error lines now that are of shared ones. */
  signatures: number;
  /** Part of the components of the chain that the earlier incident had as well. */
  components: number;
  /** How alike the two issues are worded. */
  text: number;
  lines: readonly SharedLine[];
  shared: readonly string[];
  /** Cause of the earlier one, where it is known to be another than those found now; null otherwise. */
  otherCause: string | null;
}

/** What became of the comparison with all earlier incidents. */
export interface Matches {
  /** The incident of which this one is a regression. */
  regression: Match | null;
  /** What looks alike and does not prove it, the most alike first. */
  similar: readonly Match[];
}

/**
 * What each part adds to a score. The error says most; components are few, and half of any two incidents of a repository
 * share one; words of people say least. No weight decides what a regression is: that is a matter of yes and no.
 */
const weights = { signatures: 0.55, components: 0.35, text: 0.1 };

/**
 * From this likeness of the texts on an incident that shares a component is proposed as similar without a shared error.
 * Chosen on `test/core/regression/pairs/`: of its pairs that people would call alike most lie above 0.5, of those that
 * have nothing to do with each other the highest with a shared component lies at 0.35.
 */
const similarFrom = 0.4;

/** Proposed as similar at most. */
const mostSimilar = 3;

/**
 * An error line that so many earlier incidents have of which none shares a component of the chain, and most of those
 * that have it, says nothing of this one. Three, since a failure that only came back may well have been elsewhere once or
 * twice. Counted among incidents that carry the line, so that others change nothing.
 */
const widespreadFrom = 3;

/**
 * Compares the present incident with earlier ones. A regression has an error line that is specific, a component of the
 * chain, and an earlier incident that was closed before this one began and is not known to have had another cause; of
 * several that with the highest score, then the one closed last. Does not depend on the order of anything.
 */
export function matchEarlier(now: PresentIncident, earlier: readonly EarlierIncident[]): Matches {
  const candidates = earlier
    .filter(({ issue, openedAt }) => issue !== now.issue && time(openedAt) < time(now.at))
    .toSorted((a, b) => a.issue - b.issue || compareText(a.source, b.source));
  const compared = candidates.map((incident) => comparison(now, incident));
  const texts = textSimilarities(
    now.text,
    candidates.map(({ title, text }) => `${title}\n${text}`),
  );
  const widespread = widespreadIn(now.signatures, compared);
  const all = compared.map((one, at) => matchOf(now, one, { widespread, text: texts[at] ?? 0 }));
  const ranked = all.toSorted(
    (a, b) => b.score - a.score || compareText(b.closedAt ?? '', a.closedAt ?? '') || b.issue - a.issue,
  );
  const regression = ranked.find((match) => isRegression(now, match)) ?? null;
  const similar = ranked.filter((match) => match !== regression && isSimilar(match)).slice(0, mostSimilar);
  return { regression, similar };
}

function isRegression(now: PresentIncident, { closedAt, lines, shared, otherCause }: Match): boolean {
  return (
    lines.length > 0 &&
    shared.length > 0 &&
    otherCause === null &&
    closedAt !== null &&
    time(closedAt) <= time(now.at)
  );
}

function isSimilar({ lines, shared, text }: Match): boolean {
  return shared.length > 0 && (lines.length > 0 || text >= similarFrom);
}

/** An earlier incident beside the present one. */
interface Comparison {
  incident: EarlierIncident;
  alike: readonly PresentSignature[];
  shared: readonly string[];
}

function comparison(now: PresentIncident, incident: EarlierIncident): Comparison {
  const has = new Set(incident.components);
  const shared = now.chain.filter((id) => has.has(id));
  const text = `${incident.title}\n${incident.text}`.split('\n');
  const signatures = incident.signatures.map((signature) => ({ signature, words: signature.id.split(' ') }));
  const alike = now.signatures.filter((present) =>
    isAlike(now, present, { incident, signatures, text, has }),
  );
  return { incident, alike, shared };
}

interface Earlier {
  incident: EarlierIncident;
  signatures: readonly { signature: EarlierSignature; words: readonly string[] }[];
  text: readonly string[];
  has: ReadonlySet<string>;
}

/**
 * Whether an error of now is one of an earlier incident: the one line has the other in it, or the issue's text has in it
 * what is logged now.
 */
function isAlike(now: PresentIncident, present: PresentSignature, earlier: Earlier): boolean {
  const { incident, signatures, text, has } = earlier;
  const need = needs(present.line);
  const isPlatforms = need === 'service' || need === 'cause';
  const rows = isPlatforms ? [comparable(present.line)] : wordings(present.line);
  const least = isPlatforms ? 0 : specificFrom;
  const found = signatures.filter(({ words }) => rows.some((row) => isSameLine(row, words, least)));
  if (found.length === 0 && !rows.some((row) => isWritten(row, text))) return false;
  if (need === 'frame') return hasFrame(present.frame, found, incident.text);
  if (isPlatforms && !present.components.some((id) => has.has(id))) return false;
  return need !== 'cause' || (incident.cause !== null && now.causes.includes(incident.cause));
}

/** Whether a line of a text has these words in it; only lines with the longest of them are looked at more closely. */
function isWritten(words: readonly string[], text: readonly string[]): boolean {
  const [longest] = words.filter((word) => !/#|^code-/.test(word)).toSorted((a, b) => b.length - a.length);
  if (longest === undefined) return false;
  return text.some((line) => line.toLowerCase().includes(longest) && holds(comparable(line), words));
}

/** Whether the shorter line is in the longer one, and says at least so much. */
function isSameLine(one: readonly string[], other: readonly string[], least: number): boolean {
  const [long, short] = one.length >= other.length ? [one, other] : [other, one];
  return information(short) >= least && holds(long, short);
}

/** Whether the earlier incident shows the same place in the program: in its record, or by the function's name in its text. */
function hasFrame(
  frame: string | null,
  found: readonly { signature: EarlierSignature }[],
  text: string,
): boolean {
  if (frame === null) return false;
  if (found.some(({ signature }) => signature.frame === frame)) return true;
  const name = /^(.*) \([^()]*\)$/.exec(frame)?.[1] ?? frame;
  return name.length >= 4 && name !== '<module>' && text.includes(name);
}

/** Lines that are all over the repository's incidents, whatever failed. */
function widespreadIn(
  signatures: readonly PresentSignature[],
  compared: readonly Comparison[],
): ReadonlySet<PresentSignature> {
  return new Set(
    signatures.filter((signature) => {
      const carriers = compared.filter(({ alike }) => alike.includes(signature));
      const elsewhere = carriers.filter(({ shared }) => shared.length === 0).length;
      return elsewhere >= widespreadFrom && elsewhere * 2 > carriers.length;
    }),
  );
}

function matchOf(
  now: PresentIncident,
  { incident, alike, shared }: Comparison,
  { widespread, text }: { widespread: ReadonlySet<PresentSignature>; text: number },
): Match {
  const telling = alike.filter((signature) => !widespread.has(signature));
  const parts = {
    signatures: part(entries(telling), entries(now.signatures)),
    components: part(shared.length, now.chain.length),
    text,
  };
  const score =
    parts.signatures * weights.signatures + parts.components * weights.components + parts.text * weights.text;
  const { issue, title, url, closedAt, cause } = incident;
  const isOther =
    cause !== null && cause !== 'unknown' && now.causes.length > 0 && !now.causes.includes(cause);
  return {
    issue,
    title,
    url,
    closedAt,
    score: Math.round(score * 100) / 100,
    ...parts,
    lines: telling.map(({ line, evidence }) => ({ line, evidence })),
    shared,
    otherCause: isOther ? cause : null,
  };
}

function entries(signatures: readonly PresentSignature[]): number {
  return signatures.reduce((sum, { count }) => sum + count, 0);
}

function part(some: number, all: number): number {
  return all === 0 ? 0 : some / all;
}

function time(instant: string): number {
  return Date.parse(instant);
}
