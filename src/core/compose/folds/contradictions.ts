import type { Contradiction } from '../../diagnosis.ts';
import { clock } from '../../figures.ts';
import { cite, code, join, label, link, prose, say, type Text } from '../../text.ts';
import type { ContradictionRow, Fold } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { setting } from '../values.ts';
import { fold } from './fold.ts';

/** Where people, configuration and measurements disagree. */
export function contradictionFold(facts: Facts): Fold<ContradictionRow> | null {
  const { contradictions } = facts.diagnosis;
  return fold(
    label`Contradictions: ${contradictions.length}`,
    contradictions.map(({ about, sides }) => ({
      about: say`${code(about.component)} ${code(about.signal)}`,
      sides: say`${join(
        sides.map((side) => sideOf(facts, about.signal, side)),
        say` ≠ `,
      )}`,
    })),
  );
}

function sideOf(facts: Facts, signal: string, side: Contradiction['sides'][number]): Text {
  const value = setting(signal, side.value);
  if (side.evidence !== undefined) return say`${value} measured ${cite([side.evidence])}`;
  if (side.statement === undefined) return say`${value} configured (sitrep.yml)`;
  return say`${value} (stated, ${source(facts, side.statement)})`;
}

/** Who said it and when, with a link to it. */
function source(facts: Facts, statement: string): Text {
  const found = facts.snapshot.statements.find(({ url }) => url === statement);
  if (found === undefined) return say`${prose(statement)}`;
  return say`${link(`${found.by} at ${clock(found.at, facts.seen)}`, found.url)}`;
}
