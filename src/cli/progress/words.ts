import { styleText } from 'node:util';
import type { GapReason } from '../../core/snapshot.ts';

/** What one source came to, whatever number of reads that took. */
export interface SourceResult {
  collector: string;
  /** All its components, in the configuration's order. */
  components: readonly string[];
  /** What could not be told, and of which components; in the order in which it was seen, each once. */
  gaps: readonly { component: string; reason: GapReason }[];
  /** Nothing of it was read. */
  failed: boolean;
  ms: number;
}

/** What whole collections came to together. */
export interface Totals {
  reads: { ok: number; all: number };
  gaps: readonly GapReason[];
}

/** Gives a text the look that its place has; the text alone where there is no colour. */
export type Paint = (look: Look, text: string) => string;

type Look = keyof typeof looks;

const looks = { good: 'green', partly: 'yellow', bad: 'red', aside: 'dim' } as const;

/** Colours, or none. */
export function paintWith(colour: boolean): Paint {
  return (look, text) => (colour ? styleText(looks[look], text, { validateStream: false }) : text);
}

/** Why something could not be read, in a few words. */
const reasonWords: Record<GapReason, string> = {
  denied: 'denied',
  'api-disabled': 'API not enabled',
  'not-found': 'not found',
  'no-credentials': 'no credentials',
  quota: 'quota used up',
  timeout: 'no answer in time',
  budget: 'time for all reads was over',
  unavailable: 'not available',
  'invalid-response': 'answer not understood',
  'no-data': 'no data',
  'invalid-query': 'query not understood',
  'not-granted': 'not granted by the policy',
  unsupported: 'read by no collector',
};

/** Components that a line names; the others are counted. */
const named = 3;

/** `✓ cloud-run-services 3/3 · 312 ms`, `! log-entries 2/3 · 90 ms · auth: denied`, `✗ cloud-sql db · 20 ms · denied`. */
export function sourceLine({ collector, components, gaps, failed, ms }: SourceResult, paint: Paint): string {
  const lacking = new Set(gaps.map(({ component }) => component));
  const [only = ''] = components;
  const of =
    components.length === 1
      ? only
      : `${String(components.length - lacking.size)}/${String(components.length)}`;
  const mark = failed ? paint('bad', '✗') : gaps.length === 0 ? paint('good', '✓') : paint('partly', '!');
  const why = gaps.length === 0 ? [] : [paint(failed ? 'bad' : 'partly', gapWords(gaps, components.length))];
  return [`${mark} ${collector} ${of}`, paint('aside', `${String(Math.round(ms))} ms`), ...why].join(' · ');
}

/** `auth, web: denied; db: no data`; without the names where there is one component only. */
function gapWords(gaps: SourceResult['gaps'], components: number): string {
  return [...Map.groupBy(gaps, ({ reason }) => reason)]
    .map(([reason, alike]) =>
      components === 1
        ? reasonWords[reason]
        : `${someOf([...new Set(alike.map(({ component }) => component))])}: ${reasonWords[reason]}`,
    )
    .join('; ');
}

function someOf(names: readonly string[]): string {
  const more = names.length - named;
  return more > 0 ? `${names.slice(0, named).join(', ')} +${String(more)}` : names.join(', ');
}

/** `66/67 reads OK · 1.2 s · 1 gap: no data` */
export function totalsLine({ reads, gaps }: Totals, ms: number, paint: Paint): string {
  const look = gaps.length === 0 ? 'good' : reads.ok === 0 ? 'bad' : 'partly';
  return [
    paint(look, `${String(reads.ok)}/${String(reads.all)} reads OK`),
    `${(ms / 1_000).toFixed(1)} s`,
    gapCounts(gaps),
  ].join(' · ');
}

/** `3 gaps: 2 denied, 1 no data` */
function gapCounts(gaps: readonly GapReason[]): string {
  if (gaps.length === 0) return 'no gaps';
  const alike = [...Map.groupBy(gaps, (reason) => reason)];
  const reasons = alike.map(([reason, all]) =>
    alike.length === 1 ? reasonWords[reason] : `${String(all.length)} ${reasonWords[reason]}`,
  );
  return `${counted(gaps.length, 'gap')}: ${reasons.join(', ')}`;
}

/** `12 s · waiting for log-entries, terraform-state +4`, in at most so many characters. */
export function waitingWords(ms: number, names: readonly string[], room: number): string {
  const time = seconds(ms);
  if (names.length === 0) return cut(time, room);
  const fitting = names
    .map((_, index) => `${time} · waiting for ${listed(names, names.length - index)}`)
    .find((words) => words.length <= room);
  return fitting ?? cut(`${time} · waiting for ${String(names.length)}`, room);
}

function listed(names: readonly string[], shown: number): string {
  const more = names.length - shown;
  return `${names.slice(0, shown).join(', ')}${more > 0 ? ` +${String(more)}` : ''}`;
}

/** `12 s · starting`, in at most so many characters. */
export function doingWords(ms: number, doing: string, room: number): string {
  return cut(`${seconds(ms)} · ${doing}`, room);
}

/** What the app did by itself while the sandbox's clock went on. */
export interface Meanwhile {
  /** UTC, where the clock stands. */
  at: Date;
  samples: number;
  /** Samples that lack something. */
  lacking: number;
  looks: number;
}

/** `18:35 UTC · 30 samples, 2 of them with gaps, 3 looks` */
export function meanwhileWords({ at, samples, lacking, looks: seen }: Meanwhile): string {
  const counts = [
    ...(samples === 0 ? [] : [samplesWords(samples, lacking)]),
    ...(seen === 0 ? [] : [counted(seen, 'look')]),
  ];
  return [`${at.toISOString().slice(11, 16)} UTC`, ...(counts.length === 0 ? [] : [counts.join(', ')])].join(
    ' · ',
  );
}

/** `30 samples, 2 of them with gaps` */
export function samplesWords(samples: number, lacking: number): string {
  return `${counted(samples, 'sample')}${lacking === 0 ? '' : `, ${String(lacking)} of them with gaps`}`;
}

/** `1 step`, `2 steps` */
export function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}

function seconds(ms: number): string {
  return `${String(Math.floor(Math.max(0, ms) / 1_000))} s`;
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : text.slice(0, Math.max(0, room));
}
