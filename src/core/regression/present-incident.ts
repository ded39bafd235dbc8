import type { Configuration } from '../../config/repository.schema.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { componentOf } from '../graph.ts';
import { compareText, numberOf, sortedIds } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation, Snapshot } from '../snapshot.ts';
import { signatureId } from './comparable.ts';

/** An error line that is logged now. */
export interface PresentSignature {
  /** As `signatureId` gives it. */
  id: string;
  line: string;
  /** The innermost place of the application, where the log names one. */
  frame: string | null;
  /** Components that log it. */
  components: readonly string[];
  /** How many entries it stands for. */
  count: number;
  evidence: readonly string[];
}

/** What is known of the present incident, as far as it is compared with earlier ones. */
export interface PresentIncident {
  /** When it began, UTC: what was closed later is none of its past. */
  at: string;
  /** Number of its own issue, with which it is not compared. */
  issue: number | null;
  signatures: readonly PresentSignature[];
  /** Components of the chain of whys, and of the second one where there are two. */
  chain: readonly string[];
  /** Causes that are confirmed or probable: roots, and what makes it worse. */
  causes: readonly string[];
  /** What its issue says. */
  text: string;
}

/** The present incident by its snapshot and diagnosis; `text` is the title and the body of its issue, redacted. */
export function presentIncident(
  {
    snapshot,
    diagnosis,
    configuration,
  }: { snapshot: Snapshot; diagnosis: Diagnosis; configuration: Configuration },
  { at, issue, text }: Pick<PresentIncident, 'at' | 'issue' | 'text'>,
): PresentIncident {
  return {
    at,
    issue,
    signatures: presentSignatures(snapshot),
    chain: chainOf(diagnosis).filter((id) => componentOf(configuration, id) !== undefined),
    causes: causesOf(diagnosis),
    text,
  };
}

/** The error lines of a snapshot, those that read the same as one, the most frequent first. */
function presentSignatures({ observations }: Snapshot): PresentSignature[] {
  const lines = observations
    .filter((seen) => told.has(seen.signal) && (numberOf(seen) ?? 0) > 0)
    .flatMap((seen) => linesOf(seen).map((line) => ({ seen, line, id: signatureId(line) })))
    .filter(({ id }) => id !== '');
  const alike = Map.groupBy(lines, ({ id, seen }) => JSON.stringify([id, seen.frame ?? null]));
  return [...alike.values()]
    .flatMap((group): PresentSignature[] => {
      const [first] = group.toSorted((a, b) => compareText(a.seen.id, b.seen.id));
      if (first === undefined) return [];
      return [
        {
          id: first.id,
          line: first.line,
          frame: first.seen.frame ?? null,
          components: [...new Set(group.map(({ seen }) => seen.component))].toSorted(compareText),
          count: group.reduce((sum, { seen }) => sum + (numberOf(seen) ?? 0), 0),
          evidence: sortedIds(group.map(({ seen }) => seen.id)),
        },
      ];
    })
    .toSorted(
      (a, b) => b.count - a.count || compareText(a.id, b.id) || compareText(a.frame ?? '', b.frame ?? ''),
    );
}

/** Signals whose text is an error line. */
const told: ReadonlySet<string> = new Set([signal.logError, signal.memoryExceeded]);

/** The line that came out and those that caused it, each by itself: people quote the one or the other. */
function linesOf({ text = '' }: Observation): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function chainOf({ root, chain, second }: Diagnosis): string[] {
  const steps = [...chain, ...(second?.chain ?? [])];
  const sides = steps.flatMap(({ effect, cause }) => [
    effect.component,
    ...(cause === null ? [] : [cause.component]),
  ]);
  return [...new Set([...sides, root.component, ...(second === null ? [] : [second.root.component])])];
}

function causesOf({ root, second, findings }: Diagnosis): string[] {
  const found = [
    root,
    ...(second === null ? [] : [second.root]),
    ...findings.filter(({ role }) => role !== 'effect'),
  ];
  return [
    ...new Set(
      found
        .filter(({ cause, verdict }) => verdict !== 'unknown' && cause !== 'unknown')
        .map(({ cause }) => cause),
    ),
  ].toSorted(compareText);
}
