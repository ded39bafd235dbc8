import { repositoryId } from '../core/repository-id.ts';
import type { Change, Gap, Observation, Snapshot } from '../core/snapshot.ts';
import type { RemediedGap, SettledRead } from './settle.ts';

type Numbered = Pick<Snapshot, 'observations' | 'gaps' | 'changes'>;

/** One piece of evidence before it has its number. */
type Piece =
  | { component: string; kind: 'observation'; is: Omit<Observation, 'id'> }
  | { component: string; kind: 'gap'; is: Omit<Gap, 'id'> }
  | { component: string; kind: 'change'; is: Omit<Change, 'id'> };

/**
 * Gives all evidence its ids, when everything is back: by collector, then component (the repository comes last), then the order in which the
 * collector lists its signals. So the ids do not hang on the order in which the answers came.
 */
export function numberEvidence(
  settled: readonly SettledRead[],
  components: readonly string[],
  first: number,
): Numbered {
  const numbered: Numbered = { observations: [], gaps: [], changes: [] };
  let next = first;
  for (const reads of Map.groupBy(settled, (read) => read.planned.rank).values()) {
    const byComponent = Map.groupBy(piecesOf(reads), (piece) => piece.component);
    for (const piece of [...new Set([...components, repositoryId])].flatMap(
      (component) => byComponent.get(component) ?? [],
    )) {
      add(numbered, piece, `E${next}`);
      next += 1;
    }
  }
  return numbered;
}

function add(numbered: Numbered, piece: Piece, id: string): void {
  if (piece.kind === 'observation') numbered.observations.push({ id, ...piece.is });
  else if (piece.kind === 'gap') numbered.gaps.push({ id, ...piece.is });
  else numbered.changes.push({ id, ...piece.is });
}

function piecesOf(reads: readonly SettledRead[]): Piece[] {
  const gaps = reads.flatMap((read) => read.gaps.map((gap) => ({ read, gap, is: { ...gap, at: read.at } })));
  return [
    ...reads.flatMap(({ observations, at }) =>
      observations.map((is): Piece => ({ component: is.component, kind: 'observation', is: { ...is, at } })),
    ),
    ...oneForAll(gaps).map(({ is }): Piece => ({ component: is.component, kind: 'gap', is })),
    ...reads.flatMap(({ changes }) =>
      changes.map((is): Piece => ({ component: is.component, kind: 'change', is })),
    ),
  ];
}

type FoundGap = { read: SettledRead; gap: RemediedGap; is: Omit<Gap, 'id'> };

/** Where every read of a collector failed alike for a component, one gap says so of all its signals. */
function oneForAll(gaps: readonly FoundGap[]): FoundGap[] {
  const alike = Map.groupBy(gaps, ({ gap }) => JSON.stringify([gap.component, gap.reason, gap.detail]));
  return [...alike.values()].flatMap((group) => {
    const [one] = group;
    if (!one || group.length === 1 || group.some(({ read }) => read.failed === null)) return group;
    if (group.length < (one.read.planned.readsOf.get(one.gap.component) ?? 0)) return group;
    return [{ ...one, is: { ...one.is, signal: '*' } }];
  });
}
