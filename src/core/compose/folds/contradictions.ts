import type { Contradiction } from '../../diagnosis.ts';
import { clock } from '../../figures.ts';
import { cite, code, join, label, link, prose, say, type Text } from '../../text.ts';
import type { ContradictionRow, Fold } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { setting } from '../values.ts';
import { fold } from './fold.ts';

type Side = Contradiction['sides'][number];

/** Where people, configuration, measurements and the update before disagree. */
export function contradictionFold(facts: Facts): Fold<ContradictionRow> | null {
  const { contradictions } = facts.diagnosis;
  return fold(
    label`Contradictions: ${contradictions.length}`,
    contradictions.map((contradiction) => {
      const sides = sidesOf(facts, contradiction);
      return {
        about: say`${code(contradiction.about.component)} ${code(contradiction.about.signal)}`,
        // Of more than two sides some may agree.
        sides: say`${join(sides, sides.length === 2 ? say` ≠ ` : say`; `)}`,
      };
    }),
  );
}

/** The sides in their order; people who say the same are one. */
function sidesOf(facts: Facts, { about, kind, sides }: Contradiction): Text[] {
  const first = kind === 'previous-measured' ? sides[0] : undefined;
  if (first?.evidence !== undefined) {
    const rest = sides.slice(1).map((side) => sideOf(facts, about.signal, side));
    return [before(facts, setting(about.signal, first.value), first.evidence), ...rest];
  }
  const alike = Map.groupBy(sides, (side) =>
    side.statement === undefined ? side : JSON.stringify(side.value),
  );
  return [...alike.values()].flatMap(([side, ...others]) => {
    if (side === undefined) return [];
    if (side.statement === undefined || others.length === 0) return [sideOf(facts, about.signal, side)];
    const people = [side, ...others].flatMap(({ statement }) =>
      statement === undefined ? [] : [source(facts, statement)],
    );
    return [say`${setting(about.signal, side.value)} (stated, ${join(people, say`, `)})`];
  });
}

/** Figures that look alike and do not contradict each other, and why. */
export function differenceFold(facts: Facts): Fold<ContradictionRow> | null {
  const { differences } = facts.diagnosis;
  return fold(
    label`Figures that differ without contradicting: ${differences.length}`,
    differences.map(({ about, sides, why }) => ({
      about: say`${code(about.component)} ${code(about.signal)}`,
      sides: say`${join(
        sides.map((side) => say`${code(side.of)} ${sideOf(facts, about.signal, side)}`),
        say`, `,
      )}: ${prose(why)}`,
    })),
  );
}

function sideOf(facts: Facts, signal: string, side: Side): Text {
  const value = setting(signal, side.value);
  if (side.evidence !== undefined) return say`${value} measured ${cite([side.evidence])}`;
  if (side.statement === undefined) return say`${value} configured (sitrep.yml)`;
  return say`${value} (stated, ${source(facts, side.statement)})`;
}

/** The value that the update before told, with a link to it. */
function before({ snapshot: { previous }, seen }: Facts, value: Text, id: string): Text {
  if (previous === null) return say`${value} before ${cite([id])}`;
  const when = `update of ${clock(previous.takenAt, seen)}`;
  return say`${value} in the ${previous.url === null ? prose(when) : link(when, previous.url)} ${cite([id])}`;
}

/** Who said it and when, with a link to it. */
function source(facts: Facts, statement: string): Text {
  const found = facts.snapshot.statements.find(({ url }) => url === statement);
  if (found === undefined) return say`${prose(statement)}`;
  return say`${link(`${found.by} at ${clock(found.at, facts.seen)}`, found.url)}`;
}
