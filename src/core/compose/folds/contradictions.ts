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
    contradictions.map(({ about, kind, sides }) => ({
      about: say`${code(about.component)} ${code(about.signal)}`,
      sides: say`${join(
        sides.map((side, at) =>
          kind === 'previous-measured' && at === 0 && side.evidence !== undefined
            ? before(facts, setting(about.signal, side.value), side.evidence)
            : sideOf(facts, about.signal, side),
        ),
        say` ≠ `,
      )}`,
    })),
  );
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
