import type { Shown, ShownKind } from '../../scripts/gallery/updates.ts';

/** What a reader at 3 a.m. stumbles over, found in a rendered update. */

/** Lines before the first folded part, without empty ones and the footer. */
export function aboveTheFold(markdown: string): string[] {
  const lines = markdown.split('\n');
  const end = lines.findIndex((line) => /^(?:<details|<sub>|#### |\*\*Packet|\|)/u.test(line));
  return lines.slice(0, end === -1 ? lines.length : end).filter((line) => line.trim() !== '');
}

/** A line as a reader sees it: links by their words, without marks. */
export function visible(line: string): string {
  return line
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .replaceAll(/&#(\d+);/gu, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/\*\*|[`\u200B]/gu, '');
}

/** Own words: what people, logs and settings say stands in quotation marks, code spans and fences. */
function ownWords(markdown: string): string {
  return markdown
    .replaceAll(/^```[^]*?^```$/gmu, '')
    .replaceAll(/``[^`]*(?:`[^`]+)*``|`[^`\n]*`/gu, '')
    .replaceAll(/“[^”]*”/gu, '')
    .replaceAll(/\]\([^)]*\)/gu, ']');
}

/** What an update of each kind must say above the fold, and how it is told. */
interface Asked {
  broken: RegExp;
  affected: RegExp;
  changed: RegExp;
  next: RegExp;
  nextUpdate: RegExp;
}

const broken = /^\*\*(?:Broken|Degraded|State):\*\* /mu;
const affected = /^\*\*Affected:\*\* .*(?:\(stated, |nobody has said)/mu;
const changed = /^\*\*Since \d\d:\d\d:\*\* /mu;
const nextUpdate = /^\*\*Next:\*\* .*\d\d:\d\d/mu;
const doing = /^\*\*(?:Do now|Escalate|Stalled|Stays open|May be closed|Not ruled out|Cause)/mu;

const usual: Asked = { broken, affected, changed, next: doing, nextUpdate };

/** Kinds that tell how an incident stands; others answer about one thing, or tell what was. */
const asked: Partial<Record<ShownKind, Asked>> = {
  status: usual,
  brief: usual,
  checkpoint: usual,
  living: usual,
  handoff: usual,
  escalation: usual,
  // Nothing was before it: its headline dates the failure.
  declare: { ...usual, changed: /^### .*declared \d\d:\d\d UTC: /mu },
  // It is the same as in the update before, which it names.
  'checkpoint-unchanged': {
    ...usual,
    broken: /no material change since \d\d:\d\d\.\*\* .+/u,
    affected: /no material change since \d\d:\d\d/u,
    changed: /no material change since \d\d:\d\d/u,
    next: /^\*\*(?:Stalled|Criteria|Next)/mu,
  },
};

/** What is missing above the fold of an update; nobody is affected where nothing is wrong. */
export function missingAbove({ kind, markdown }: Shown, inTrouble: boolean): string[] {
  const patterns = asked[kind];
  if (patterns === undefined) return [];
  const above = aboveTheFold(markdown).join('\n');
  return Object.entries(patterns).flatMap(([what, pattern]: [string, RegExp]) =>
    pattern.test(above) || (!inTrouble && (what === 'affected' || what === 'next')) ? [] : [what],
  );
}

const nouns =
  'steps|criteria|exits|requests|components|entries|reads|readings|samples|settings|actions|phases|minutes|queries|rules|errors|failures|times|hours|services|alternatives|instances|lines|contacts|connections';

const faults: readonly (readonly [fault: string, pattern: RegExp])[] = [
  ['one of several', new RegExp(String.raw`(?<!\bof )(?<![\d.,:/–])\b1 (?:${nouns})\b`, 'gu')],
  ['evidence cited twice in a row', /\(E\d[^()]*\) \(E\d/gu],
  ['a unit or word twice', /\b(UTC|the|of|in|to|was|now) \1\b/gu],
  ['a place that was left empty', /\(empty\)|\bundefined\b|\bNaN\b|\[object/gu],
  [
    'an adjective that nothing measures',
    /\b(?:critical|severe|significant|massive|major|comprehensive|successfully|unfortunately|obviously|very|huge|dramatic|catastrophic|robust|seamless|clearly|extremely|proper|properly)\b/giu,
  ],
  ['a share with more figures than others', /\b\d{2,}\.\d+ %/gu],
  ['a time under a second in seconds', /(?<![\d.])0\.\d+ s\b/gu],
  ['a heading that lost a figure', /<summary>[^<]*\?[^<]*<\/summary>/gu],
  ['two stops', /\.\.(?!\.)|,,|;;|\. ,/gu],
];

/** Faults of the wording, each with where it stands. */
export function faultsIn(markdown: string): string[] {
  const words = ownWords(markdown);
  return faults.flatMap(([fault, pattern]) =>
    [...words.matchAll(pattern)].map(({ index, 0: found }) => {
      const around = words.slice(Math.max(0, index - 40), index + found.length + 30);
      return `${fault}: …${around.replaceAll('\n', '⏎')}…`;
    }),
  );
}
