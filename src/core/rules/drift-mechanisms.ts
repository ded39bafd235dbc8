import { logQuery } from '../diagnose/queries.ts';
import { code } from '../diagnose/wording.ts';
import type { Missing } from '../diagnosis.ts';
import { compareText, current, evidenceIds, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import { memoryInUse } from '../states/cloud-run.ts';
import type { Change, Observation } from '../snapshot.ts';
import type { RuleContext } from './rule.ts';

type Difference = Change['diff'][number];

/** How a changed key bears on a failure. */
export interface Mechanism {
  difference: Difference;
  /** True where a reading ties the key to the failure; null where the reading that would is missing. */
  holds: boolean | null;
  /** The clause that says so: `connecting takes 22 to 31 s`. */
  clause: string;
  evidence: string[];
  /** True where the change makes a failure worse that would be there without it. */
  amplifies: boolean;
  missing: Missing[];
}

/** The mechanisms by kind of key, for the reference: a key that fits none has none, and timing alone is no cause. */
export const mechanismTexts = [
  'a shorter `…TIMEOUT…`: a measured connect time between the new value and the old one',
  'a missing variable: the log names it; a changed one: the log names it and complains of it ("invalid", "must be")',
  'egress, connector or network changed or gone: connections of this service do not come about',
  'an address, host or instance of a database changed: connections of this service do not come about',
  'a lower memory limit: "Memory limit of … exceeded" in the log',
  'fewer instances at most: "no available instance" in the log',
  'a shorter request timeout: "maximum request timeout" in the log',
  'another service account: "permission denied" in the log',
] as const;

/** Settings that say which way connections take. */
const ways: ReadonlySet<string> = new Set([signal.egress, signal.connector, signal.vpcNetwork]);

/** The mechanism of each changed key, those that hold first; keys without any are left out. */
export function mechanismsOf(context: RuleContext, change: Change): Mechanism[] {
  const rank = (mechanism: Mechanism) => (mechanism.holds === true ? 0 : mechanism.amplifies ? 1 : 2);
  return change.diff
    .toSorted((a, b) => compareText(a.key, b.key))
    .flatMap((difference) => mechanismOf(context, difference) ?? [])
    .toSorted((a, b) => rank(a) - rank(b));
}

function mechanismOf(context: RuleContext, difference: Difference): Mechanism | null {
  const { key } = difference;
  if (isTimeout(key) && isLower(difference)) return shorterTimeout(context, difference);
  if (ways.has(key) || isAddress(key)) {
    return fromLines(difference, context.connectionFailures, 'its connections do not come about since');
  }
  if (key.startsWith(signal.env)) return named(context, difference, key.slice(signal.env.length));
  if (key === signal.memoryLimit && isLower(difference)) {
    const ends = memoryInUse(context.component, context.found.index).filter(
      (seen) => (numberOf(seen) ?? 0) > 0,
    );
    return fromLines(difference, [...ends, ...linesNaming(context, /Memory limit of/i)], 'the log names it');
  }
  if (key === signal.scalingMax && isLower(difference))
    return logged(context, difference, /no available instance/i);
  if (key === signal.requestTimeout && isLower(difference)) {
    return logged(context, difference, /maximum request timeout/i);
  }
  if (key === signal.serviceAccount)
    return logged(context, difference, /permission.?denied|notAuthorized|\b403\b/i);
  return null;
}

/** A shorter timeout ends only what takes longer than the new value and would have come about within the old one. */
function shorterTimeout(context: RuleContext, difference: Difference): Mechanism {
  const { found, component } = context;
  const low = quantity(difference.to) ?? 0;
  const high = quantity(difference.from) ?? 0;
  const times = current(found.index, component, signal.connectTime);
  const between = times.filter((seen) => {
    const seconds = numberOf(seen);
    return seconds !== null && seconds > low && seconds <= high;
  });
  const holds = times.length === 0 ? null : between.length > 0;
  const ends = extremes(holds ? between : times);
  return {
    difference,
    holds,
    clause: holds
      ? `connecting takes ${range(ends)} s`
      : 'no connect time between the two values was measured',
    evidence: evidenceIds(ends),
    amplifies: context.connectionFailures.length > 0,
    missing: [
      {
        wouldDecide: `whether ${code(component)} connects at all, and after how many seconds`,
        command: logQuery(
          found.configuration,
          component,
          'textPayload=~"(?i)connected|connection established"',
          '24h',
        ),
      },
    ],
  };
}

/** Words by which a program says that it cannot do with a variable as it is. */
const complaint =
  /KeyError|not set|unset|undefined|missing|required|invalid|malformed|not found|no such|unknown|unsupported|unexpected|must be|cannot parse|could not parse|expected/i;

/** The log names the changed variable: one that is gone by its name alone, another one with a complaint of it. */
function named(context: RuleContext, difference: Difference, name: string): Mechanism | null {
  const word = `(?<![A-Za-z0-9_])${name.replaceAll(/\W/g, String.raw`\$&`)}(?![A-Za-z0-9_])`;
  const lines = linesNaming(context, new RegExp(word)).filter(
    ({ text = '' }) => difference.to === null || complaint.test(text),
  );
  return fromLines(difference, lines, 'the log names it');
}

function logged(
  { found, component }: RuleContext,
  difference: Difference,
  pattern: RegExp,
): Mechanism | null {
  return fromLines(difference, linesNaming({ found, component }, pattern), 'the log names it');
}

function linesNaming(
  { found, component }: Pick<RuleContext, 'found' | 'component'>,
  pattern: RegExp,
): Observation[] {
  return current(found.index, component, signal.logError).filter((line) => pattern.test(line.text ?? ''));
}

function fromLines(difference: Difference, lines: readonly Observation[], clause: string): Mechanism | null {
  if (lines.length === 0) return null;
  return { difference, holds: true, clause, evidence: evidenceIds(lines), amplifies: false, missing: [] };
}

function isTimeout(key: string): boolean {
  return key.startsWith(signal.env) && /TIMEOUT/i.test(key);
}

function isAddress(key: string): boolean {
  return (
    key === signal.cloudSqlInstance ||
    /^env\..*(?:DATABASE|DB|POSTGRES|SQL).*(?:HOST|URL|INSTANCE|ADDRESS)/i.test(key)
  );
}

function isLower({ from, to }: Difference): boolean {
  const before = quantity(from);
  const after = quantity(to);
  return before !== null && after !== null && after < before;
}

/** Numbers with the suffixes that limits and timeouts are written with, in one unit for each kind. */
function quantity(text: string | null): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|Mi|Gi|)$/.exec(text?.trim() ?? '');
  if (!match) return null;
  const factors: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 0.001, Mi: 1, Gi: 1_024, '': 1 };
  return Number(match[1]) * (factors[match[2] ?? ''] ?? 1);
}

/** The shortest and the longest: they stand for the rest. */
function extremes(times: readonly Observation[]): Observation[] {
  const sorted = times.toSorted((a, b) => (numberOf(a) ?? 0) - (numberOf(b) ?? 0));
  return [sorted[0], sorted.at(-1)].filter((seen) => seen !== undefined);
}

function range([lowest, highest]: readonly Observation[]): string {
  return lowest?.value === highest?.value ? (lowest?.value ?? '') : `${lowest?.value} to ${highest?.value}`;
}
