import { factsOf, type Facts, type StatusInput } from './facts.ts';
import { changeFold } from './folds/changes.ts';
import { evidenceFold } from './folds/evidence.ts';
import { sourceFold } from './folds/sources.ts';
import { unreadFold } from './folds/unread.ts';
import { updateFooter } from './update-footer.ts';
import { readingLine } from './reading.ts';
import { clockWithSeconds, timeWindow } from '../figures.ts';
import type { Observation } from '../snapshot.ts';
import { code, ids, plain, say } from '../text.ts';
import type { ChangeRow, EvidenceAllUpdate, EvidenceRow, GapRow, SourceRow } from '../update.ts';

type Row =
  | { of: 'evidence'; row: EvidenceRow }
  | { of: 'unread'; row: GapRow }
  | { of: 'changes'; row: ChangeRow }
  | { of: 'sources'; row: SourceRow };

/** What all parts have in common. */
type Frame = Pick<EvidenceAllUpdate, 'reading' | 'footer'>;

/**
 * All that was read for an update, with the queries: in as few parts as fit, each with much the same number of rows.
 *
 * @param fits Whether a part is short enough to be posted.
 */
export function composeAllEvidence(
  input: StatusInput,
  fits: (part: EvidenceAllUpdate) => boolean,
): EvidenceAllUpdate[] {
  const facts = factsOf(input);
  const rows = rowsOf(facts);
  const frame = { reading: readingLine(facts), footer: updateFooter(facts) };
  let made = partsOf(frame, rows, 1);
  for (let parts = 2; parts <= rows.length && !made.every(fits); parts += 1)
    made = partsOf(frame, rows, parts);
  return made;
}

function rowsOf(facts: Facts): Row[] {
  return [
    ...(
      facts.redacted?.read.map((read) => readRow(read, facts.seen)) ??
      evidenceFold(facts, new Set())?.rows ??
      []
    ).map((row): Row => ({ of: 'evidence', row })),
    ...(unreadFold(facts)?.rows ?? []).map((row): Row => ({ of: 'unread', row })),
    ...(changeFold(facts)?.rows ?? []).map((row): Row => ({ of: 'changes', row })),
    ...(sourceFold(facts)?.rows ?? []).map((row): Row => ({ of: 'sources', row })),
  ];
}

/** A reading without what it read: in a public repository its id, its component and its times. */
function readRow(
  { id, component, window, at }: Pick<Observation, 'id' | 'component' | 'window' | 'at'>,
  seen: string,
): EvidenceRow {
  const none = say`–`;
  return {
    id: say`${ids([id])}`,
    component: say`${code(component)}`,
    signal: none,
    value: none,
    window: window === null ? say`now` : say`${plain(timeWindow(window, seen))}`,
    source: none,
    read: say`${plain(clockWithSeconds(at, seen))}`,
    cited: false,
  };
}

function partsOf(frame: Frame, rows: readonly Row[], parts: number): EvidenceAllUpdate[] {
  const size = Math.max(1, Math.ceil(rows.length / parts));
  const count = Math.max(1, Math.ceil(rows.length / size));
  return Array.from({ length: count }, (_, at) =>
    partOf(frame, rows.slice(at * size, (at + 1) * size), at + 1, count),
  );
}

function partOf(frame: Frame, rows: readonly Row[], part: number, parts: number): EvidenceAllUpdate {
  return {
    kind: 'evidence-all',
    headline: parts === 1 ? say`All evidence` : say`All evidence, part ${part} of ${parts}`,
    ...frame,
    evidence: rows.flatMap((one) => (one.of === 'evidence' ? [one.row] : [])),
    unread: rows.flatMap((one) => (one.of === 'unread' ? [one.row] : [])),
    changes: rows.flatMap((one) => (one.of === 'changes' ? [one.row] : [])),
    sources: rows.flatMap((one) => (one.of === 'sources' ? [one.row] : [])),
  };
}
