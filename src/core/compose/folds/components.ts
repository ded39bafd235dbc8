import type { ComponentState } from '../../snapshot.ts';
import type { JourneyReading } from '../../states.ts';
import { code, ids, join, label, prose, say, type Text } from '../../text.ts';
import type { ComponentRow, Fold, JourneyRow } from '../../update.ts';
import { componentsIn, type Facts, readingOf } from '../facts.ts';
import { fold } from './fold.ts';

const gravestFirst: readonly ComponentState[] = ['failing', 'degraded', 'unknown', 'healthy'];

/** The component table, the gravest first. */
export function componentFold(facts: Facts): Fold<ComponentRow> | null {
  const rows = gravestFirst.flatMap((state) =>
    componentsIn(facts, state).map((id) => componentRow(facts, id)),
  );
  const [failing, degraded, unknown, healthy] = gravestFirst.map(
    (state) => componentsIn(facts, state).length,
  );
  const slow = degraded === 0 ? null : degraded;
  const summary =
    slow === null
      ? label`Components: ${failing ?? 0} failing, ${healthy ?? 0} OK, ${unknown ?? 0} unknown`
      : label`Components: ${failing ?? 0} failing, ${slow ?? 0} degraded, ${healthy ?? 0} OK, ${unknown ?? 0} unknown`;
  return fold(summary, rows);
}

function componentRow(facts: Facts, id: string): ComponentRow {
  const { state, why, evidence } = readingOf(facts, id);
  const title = facts.configuration.components[id]?.title;
  const name = title === undefined ? say`${code(id)}` : say`${code(id)} ${prose(title)}`;
  return { name, state: stateWords(state), figures: say`${prose(why)}`, evidence: say`${ids(evidence)}` };
}

/** Each journey, step by step, with where it stops. */
export function journeyFold(facts: Facts): Fold<JourneyRow> | null {
  const blocked = facts.journeys.filter((journey) => journey.blocked === true).length;
  return fold(
    label`Journeys: ${blocked} of ${facts.journeys.length} blocked`,
    facts.journeys.map(journeyRow),
  );
}

function journeyRow(journey: JourneyReading): JourneyRow {
  const steps = journey.steps.map((step) => say`${mark(step.state)} ${code(step.component)}`);
  return {
    title: say`${prose(journey.title)}`,
    state: journeyState(journey),
    steps: say`${join(steps, say` → `)}`,
  };
}

function journeyState({ blocked, at, evidence }: JourneyReading): Text {
  if (blocked === false) return say`open`;
  const where = at === null ? say`` : say` at ${code(at)} (${ids(evidence)})`;
  return blocked === true ? say`stops${where}` : say`unknown${where}`;
}

function stateWords(state: ComponentState): Text {
  const words = {
    failing: say`🔴 failing`,
    degraded: say`🟠 degraded`,
    unknown: say`❔ unknown`,
    healthy: say`🟢 OK`,
  };
  return words[state];
}

function mark(state: ComponentState): Text {
  const marks = { failing: say`🔴`, degraded: say`🟠`, unknown: say`❔`, healthy: say`🟢` };
  return marks[state];
}
