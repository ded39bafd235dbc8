import { expect } from 'vitest';
import type { Configuration } from '../../../src/config/repository.schema.ts';
import { diagnose } from '../../../src/core/diagnose.ts';
import type { Diagnosis } from '../../../src/core/diagnosis.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { observations, shop, snapshotOf } from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';

/** One cause of one component, asked of snapshots. */
export interface Asked {
  cause: string;
  component: string;
  configuration?: Configuration;
}

/**
 * The diagnosis of some readings. Whatever it says must be sound: every id that it cites is stored, every step but
 * an unknown end cites one, and shares are parts.
 */
export function soundDiagnosis(
  { configuration = shop }: Asked,
  seen: readonly Seen[],
  more: Partial<Snapshot> = {},
): Diagnosis {
  const snapshot = snapshotOf(observations(seen), more);
  const found = diagnose(configuration, snapshot);
  const stored = new Set(
    [...snapshot.observations, ...snapshot.gaps, ...snapshot.changes].map(({ id }) => id),
  );
  const cited = [
    ...[...found.chain, ...(found.second?.chain ?? []), ...found.findings].flatMap(
      ({ evidence }) => evidence,
    ),
    ...found.alternatives.flatMap(({ decidedBy }) => decidedBy),
  ];
  expect(cited.filter((id) => !stored.has(id))).toEqual([]);
  for (const step of found.chain) {
    if (step.cause !== null) expect(step.evidence).not.toEqual([]);
    if (step.share !== null) expect(step.share >= 0 && step.share <= 1).toBe(true);
    if (step.cause === null) expect(step.confidence).toBe('unknown');
  }
  return found;
}

/** As that, where nothing but the asked cause may be confirmed. */
export function diagnosed(asked: Asked, seen: readonly Seen[], more: Partial<Snapshot> = {}): Diagnosis {
  const { cause, component } = asked;
  const found = soundDiagnosis(asked, seen, more);
  const others = [found.root, ...found.findings].filter(
    (one) => one.verdict === 'confirmed' && !(one.cause === cause && one.component === component),
  );
  expect(others.map((one) => `${one.cause} of ${one.component}`)).toEqual([]);
  return found;
}

/**
 * What becomes of the cause: `confirmed` or `probable` where it is named as the root, otherwise `not named` with the
 * verdict that it has among the alternatives.
 */
export function verdictOn(
  asked: Asked,
  seen: readonly Seen[],
  more: Partial<Snapshot> = {},
): string | undefined {
  const found = diagnosed(asked, seen, more);
  if (found.root.cause === asked.cause && found.root.component === asked.component) return found.root.verdict;
  return `not named: ${alternativeOf(asked, found)?.verdict ?? 'not told'}`;
}

/** What the table of alternatives says of the cause. */
function alternativeOf({ cause, component }: Asked, { alternatives }: Diagnosis) {
  return alternatives.find((one) => one.cause === cause && one.component === component);
}

/** What it says of the cause where some readings are given, by what these show. */
export function whysOf(
  asked: Asked,
  readings: Readonly<Record<string, readonly Seen[]>>,
): Record<string, string | undefined> {
  const whys = Object.entries(readings).map(
    ([what, seen]) => [what, alternativeOf(asked, diagnosed(asked, seen))?.why] as const,
  );
  return Object.fromEntries(whys);
}

/** Questions and answers of the chain, as they are read. */
export function readAloud({ chain }: Diagnosis): string[] {
  return chain.map(({ question, answer }) => `${question} ${answer}`);
}

/** Readings without those of one component, or of one of its signals. */
export function without(seen: readonly Seen[], component: string, signal?: string): Seen[] {
  return seen.filter(([of, name]) => of !== component || (signal !== undefined && !name.startsWith(signal)));
}
