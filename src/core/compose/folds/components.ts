import type { Picture } from '../../diagram.ts';
import { componentGraph } from '../../diagrams/component-graph.ts';
import type { ComponentState } from '../../snapshot.ts';
import type { JourneyReading } from '../../states.ts';
import { code, ids, join, label, type Label, prose, say, type Text } from '../../text.ts';
import type { ComponentRow, Drawn, Fold, JourneyRow, StateRow } from '../../update.ts';
import { componentsIn, type Facts, readingOf } from '../facts.ts';
import { drawn, fold } from './fold.ts';

const gravestFirst: readonly ComponentState[] = ['failing', 'degraded', 'unknown', 'healthy'];

/** The component table, the gravest first, below their graph. */
export function componentFold(facts: Facts): Drawn<Fold<ComponentRow>> | null {
  const rows = gravestFirst.flatMap((state) =>
    componentsIn(facts, state).map((id) => componentRow(facts, id)),
  );
  return drawn(fold(counts(facts), rows), graphPicture(facts));
}

/** Components that are named of one state; the others are counted. */
const named = 12;

/** The same in short: the graph, and below it which components are in which state. */
export function stateFold(facts: Facts): Drawn<Fold<StateRow>> | null {
  const rows = gravestFirst.flatMap((state): StateRow[] => {
    const all = componentsIn(facts, state);
    if (all.length === 0) return [];
    const names = join(all.slice(0, named).map(code));
    const more = all.length - named;
    return [
      {
        state: stateWords(state),
        components: more > 0 ? say`${names} and ${more} more` : say`${names}`,
      },
    ];
  });
  return drawn(fold(counts(facts), rows), graphPicture(facts));
}

/** The components as the configuration ties them together; of many those that matter, which is said. */
function graphPicture(facts: Facts): Picture | null {
  const { configuration, states, journeys, diagnosis } = facts;
  const { cause, component, verdict } = diagnosis.root;
  const root = cause === 'unknown' || verdict === 'unknown' ? null : { component, verdict };
  const graph = componentGraph({ configuration, states, journeys, root });
  if (graph === null) return null;
  const { diagram, drawn: shown, all, rest } = graph;
  const caption =
    rest.length === 0
      ? null
      : say`Drawn are ${shown} of ${all} components: what is not well and what that touches. Not drawn: ${join(rest.map(({ count, state }) => say`${count} ${stateWords(state)}`))}`;
  return { diagrams: [diagram], caption };
}

function counts(facts: Facts): Label {
  const [failing, degraded, unknown, healthy] = gravestFirst.map(
    (state) => componentsIn(facts, state).length,
  );
  const slow = degraded === 0 ? null : degraded;
  return slow === null
    ? label`Components: ${failing ?? 0} failing, ${healthy ?? 0} OK, ${unknown ?? 0} unknown`
    : label`Components: ${failing ?? 0} failing, ${slow ?? 0} degraded, ${healthy ?? 0} OK, ${unknown ?? 0} unknown`;
}

function componentRow(facts: Facts, id: string): ComponentRow {
  const { state, why, evidence } = readingOf(facts, id);
  const title = facts.configuration.components[id]?.title;
  const name = title === undefined ? say`${code(id)}` : say`${code(id)} ${prose(title)}`;
  return {
    name,
    state: stateWords(state),
    figures: why === '' ? say`–` : say`${prose(why)}`,
    evidence: say`${ids(evidence)}`,
  };
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
