import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Configuration } from '../../src/config/repository.schema.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';

/** What must not stand where everybody can read it, and how it is looked for. */

/** What is known to everybody: the repository's issue and comments, and what its file calls things. */
export interface Open {
  /** Text of the issue and its comments, of people's commands, and titles, ids and names of the configuration. */
  texts: readonly string[];
}

/** What the repository's own file calls things: ids, titles, names of people. */
export function openTexts(configuration: Configuration): string[] {
  const { components, journeys, contacts, success_criteria, escalation, plan, prevention, impact } =
    configuration;
  const titled = [
    ...success_criteria,
    ...escalation,
    ...prevention,
    ...plan.flatMap(({ actions }) => actions),
  ];
  return [
    configuration.environment,
    ...Object.entries(components).flatMap(([id, { title = '', type }]) => [id, title, type]),
    ...Object.entries(journeys).flatMap(([id, { title }]) => [id, title]),
    ...Object.entries(contacts).flatMap(([id, { name, mention = '', url = '', assign }]) => [
      id,
      name,
      mention,
      url,
      ...assign,
    ]),
    ...titled.map(({ title }) => title),
    ...success_criteria.map(({ id }) => id),
    ...plan.map(({ phase }) => phase),
    ...configuration.labels.apply.map(({ label }) => label),
    impact?.statement ?? '',
  ];
}

/** Folders and files whose words updates are made of. */
const ours = [
  '../../src/core/compose',
  '../../src/core/redacted',
  '../../src/core/causes.ts',
  '../../src/templates',
];

/** Words of ours: a log or a query may hold them as well, and an update that does tells nothing by it. */
const ownWords: ReadonlySet<string> = new Set(
  ours
    .flatMap((place) => filesBelow(new URL(place, import.meta.url)))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\p{L}+/gu)].map(([word]) => word.toLowerCase()),
    ),
);

function filesBelow(place: URL): URL[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|hbs)$/u.test(name))
    .map((name) => new URL(`${place.href}/${name}`));
}

/** Every private string of the snapshots and the configuration that stands in none of the open texts. */
export function privateOf(
  snapshots: readonly Snapshot[],
  configuration: Configuration,
  open: Open,
): string[] {
  const known = open.texts.join('\n').toLowerCase();
  const strings = [...snapshots.flatMap(stringsOf), ...namesOf(configuration)];
  const found = new Set(strings.flatMap((text) => [text.trim(), ...parts(text)]));
  return [...found].filter(
    (text) =>
      text.length >= 6 &&
      !/^[\d.,:\s-]+$/u.test(text) &&
      !isInstant(text) &&
      !known.includes(text.toLowerCase()),
  );
}

function stringsOf({ observations, gaps, changes, series = [] }: Snapshot): string[] {
  const read = [...observations, ...gaps, ...changes, ...series];
  return [
    // What GitHub says of the repository everybody can read there.
    ...read
      .filter(({ source }) => source.api !== 'api.github.com')
      .flatMap(({ source: { query, console = '', command = '' } }) => [query, console, command]),
    ...observations
      .filter(({ source }) => source.api !== 'api.github.com')
      .flatMap(({ value, text = '', frame = '', revision = '', signature = '' }) => [
        value,
        text,
        frame,
        revision,
        signature,
      ]),
    ...changes
      .filter(({ source }) => source.api !== 'api.github.com')
      .flatMap(({ revision = '', previousRevision = '', diff }) => [
        revision,
        previousRevision,
        ...diff.flatMap(({ key, from, to }) => [key.includes('_') ? key : '', from ?? '', to ?? '']),
      ]),
    ...gaps.flatMap(({ detail, remedy }) => [detail, remedy]),
  ];
}

/** Names and addresses of the configuration: all texts of its components but ids, titles and edges. */
function namesOf({ google_cloud: place, components, plan }: Configuration): string[] {
  const texts = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(texts)
        : [];
  return [
    place?.project ?? '',
    ...Object.values(components).flatMap((component) =>
      Object.entries(component).flatMap(([key, value]) =>
        ['title', 'type', 'depends_on', 'via', 'owner'].includes(key) ? [] : texts(value),
      ),
    ),
    ...plan.flatMap(({ actions }) => actions.flatMap(({ run = '' }) => run)),
  ];
}

/** Words of at least six letters, and names: what holds a sign or a digit. */
function parts(text: string): string[] {
  return text
    .split(/[\s"'`<>()[\]{},;=|&?#]+/u)
    .flatMap((word) => [word, ...word.split(/[/:@]+/u)])
    .map((word) => word.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
    .filter((word) => !ownWords.has(word.toLowerCase()));
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT/u.test(text);
}

/** The private strings that a text holds, as whole words. */
export function foundIn(markdown: string, strings: readonly string[]): string[] {
  const text = plainText(markdown);
  return strings.filter((string) => {
    for (let at = text.indexOf(string); at !== -1; at = text.indexOf(string, at + 1)) {
      const [before, after] = [text.charAt(at - 1), text.charAt(at + string.length)];
      if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
    }
    return false;
  });
}

/** As it is read: signs of pictures and of Markdown decoded. */
function plainText(markdown: string): string {
  return markdown
    .replaceAll(/&?#(\d{1,6});/gu, (_, sign: string) => String.fromCodePoint(Number(sign)))
    .replaceAll(/\\([!-/:-@[-`{-~])/gu, '$1');
}

/**
 * Numerals of an update that are no time, no duration, no evidence id, no number of an issue, and that count nothing that
 * the update lists: none, where it shows states and durations alone.
 */
export function strangeNumerals(markdown: string, open: Open): string[] {
  let text = plainText(markdown)
    .replaceAll(/^%%\{init.*$/gmu, '')
    .replaceAll(/^ *(?:class|classDef|dateFormat|axisFormat|tickInterval) .*$/gmu, '')
    .replaceAll(/<!--[^]*?-->/gu, '')
    .replaceAll(/\]\(https?:[^)]*\)/gu, ']');
  for (const known of [...open.texts].toSorted((a, b) => b.length - a.length))
    if (/\d/u.test(known) && known.includes(' ')) text = text.replaceAll(known, ' ');
  for (const pattern of allowed) text = text.replaceAll(pattern, ' ');
  // With what stands around it, so that a failure tells where it is.
  return [...text.matchAll(/[^\n]{0,40}\d[^\n]{0,20}/gu)].map(([place]) => place.trim());
}

const allowed = [
  // How many follow-ups an issue has: a count of issues. Before its number is taken out.
  /^### Follow-ups of #\d+: \d+, \d+ of them new$/gmu,
  // The number of an action, as a command takes it.
  /`\/sitrep action done \d+`/gu,
  // Ids and numbers of things.
  /\bE\d+(?:–E\d+)?\b/gu,
  /#\d+/gu,
  /\bP\d\b/gu,
  /\bissue \d+/gu,
  /\bSitrep \d+\.\d+\.\d+/gu,
  /https:\/\/github\.com\/\S+/gu,
  /\bdocs\/postmortems\/\S+/gu,
  /\bpull request \d+/gu,
  // Times and durations.
  /\b\d{4}-\d\d-\d\d\b/gu,
  /\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/gu,
  /\b\d\d[:h]\d\d(?::\d\d)?\b/gu,
  /\b\d+ (?:d|h|min|s)\b/gu,
  // Counts of what stands in the update: components, steps, criteria, actions, entries, readings.
  /\b\d+(?:\/\d+| of \d+)? (?:[🔴🟠❔🟢] )?(?:failing|degraded|OK|unknown|steps?|not ruled out|met|blocked|done|overdue|late|open|entr(?:y|ies)|components?|more|success criteria|criteria|services|promised updates?|of them)\b/gu,
  /\b\d+ of a second cause\b/gu,
  /\b\d+\/\d+ (?:services|done|met)\b/gu,
  /\bof \d+ (?:success )?(?:criteria|components|entries)\b/gu,
  /\b(?:Alternatives|Plan|Next updates|Changes before and during|Could not be read|Open|Done|Action items|Services|Escalation rules|Prevention, for afterwards|Linked issues and pull requests): \d+/gu,
  /\bDrawn are \d+|\bsuccess criteria: \d+|\bmet \d+ of \d+|\bpart \d+ of \d+/gu,
  /\b\d+ actions? in \d+ phases?\b/gu,
  // Places in lists, pictures and the checklist.
  /^ *(?:- (?:\[[ x]\] |[⬜✅] )?)?\*?\*?\d+\*?\*?[. ]/gmu,
  /\bn\d+\b/gu,
  /["([]+\d+\. /gu,
  /\b[Aa]ction \d+/gu,
  /\b0m\b/gu,
  /\b\d+day\b/gu,
];
