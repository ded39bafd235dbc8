import type { JourneyReading } from '../states.ts';
import type { Component } from '../../config/repository.schema.ts';
import { cite, code, join, plain, prose, say, type Text } from '../text.ts';
import { componentsIn, type Facts, fewIds, notCovered, readingOf, spoken } from './facts.ts';
import { servingFigures } from './serving-figures.ts';

/** Components shown in one line; what is beyond is in the component table. */
const shown = 3;

/** What is broken, where journeys stop, how many services are up, and what is unknown. */
export function stateLine(facts: Facts): { label: Text; what: Text } {
  const failing = inOrderOfUse(facts, componentsIn(facts, 'failing'));
  const degraded = componentsIn(facts, 'degraded');
  const unknown = componentsIn(facts, 'unknown');
  const uncovered = notCovered(facts);
  const unread = unknown.filter((id) => !uncovered.includes(id));
  const parts = [
    failing.length > 0 ? components(facts, failing) : null,
    degraded.length > 0
      ? say`${failing.length > 0 ? say`degraded: ` : say``}${components(facts, degraded)}`
      : null,
    ...facts.journeys.map((journey) => journeyPart(journey)),
  ].filter((part) => part !== null);
  const tail = [servicesUp(facts), unread.length > 0 ? unknowns(facts, unread) : null].filter(
    (part) => part !== null,
  );
  const what = join([...(parts.length > 0 ? [join(parts, say`; `)] : []), ...tail], say`. `);
  if (failing.length > 0) return { label: say`Broken`, what: say`${what}` };
  if (degraded.length > 0) return { label: say`Degraded`, what: say`${what}` };
  if (unknown.length === Object.keys(facts.states).length) {
    return {
      label: say`State`,
      what: say`nothing could be read: this says nothing about the state of anything`,
    };
  }
  const figures = servingFigures(facts);
  const all = [say`nothing failing`, ...(figures === null ? [] : [figures]), what];
  return { label: say`State`, what: say`${join(all, say`. `)}` };
}

/** `auth` 5xx 21/22 (E64, E65); each component with its first figure. */
function components(facts: Facts, ids: readonly string[]): Text {
  const more = ids.length - shown;
  const first = join(
    ids.slice(0, shown).map((id) => component(facts, id)),
    say`; `,
  );
  return more > 0 ? say`${first} and ${more} more` : say`${first}`;
}

function component(facts: Facts, id: string): Text {
  const { why, evidence } = readingOf(facts, id);
  const clauses = why.split(', ');
  const clause = clauses.find((one) => /\d/.test(one)) ?? clauses[0] ?? why;
  const name = clause.startsWith('an endpoint ') ? say`${code(id)}:` : say`${code(id)}`;
  // A redacted update may know no more than the state, which the line says.
  const reason = clause === '' ? say`` : say` ${prose(inShort(clause))}`;
  return say`${name}${reason} ${cite(behind(facts, clause, evidence), fewIds)}`;
}

/** `5xx 21/22` for `21 of 22 requests 5xx`: a line that is read on a phone. */
function inShort(clause: string): string {
  return clause.replace(/^(at least )?([\d,]+) of ([\d,]+) requests 5xx$/, '5xx $1$2/$3');
}

/** The observations whose value or signal the clause names; all where none can be told. */
function behind(facts: Facts, clause: string, evidence: readonly string[]): readonly string[] {
  const words = new Set(clause.split(/[\s/]+/).map((word) => word.replaceAll(/(?<=\d),(?=\d{3})/g, '')));
  const shownOnes = evidence.filter((id) => {
    const found = facts.observation(id);
    return found !== undefined && (words.has(found.value) || words.has(found.signal));
  });
  return shownOnes.length > 0 ? shownOnes : evidence;
}

function journeyPart(journey: JourneyReading): Text | null {
  if (journey.blocked !== true || journey.at === null) return null;
  return say`${plain(spoken(journey.id))} stops at ${code(journey.at)}`;
}

/** `Up: 1/3 services (E58, E61)`: services are the Cloud Run components. */
function servicesUp(facts: Facts): Text | null {
  const configured = Object.entries(facts.configuration.components)
    .filter(([, found]) => found.type === 'cloud-run')
    .map(([id]) => id);
  const unreadable = (facts.configuration.unreadable ?? [])
    .filter(({ type }) => type === 'cloud-run')
    .map((entry) => entry.component);
  const services = [...new Set([...configured, ...unreadable])].map((id) => readingOf(facts, id));
  if (services.length === 0) return null;
  if (services.every((found) => found.state === 'unknown')) return say`Up: unknown`;
  const up = services.filter((found) => found.state === 'healthy');
  const unread = services.filter((found) => found.state === 'unknown').length;
  const evidence = (up.length > 0 ? up : services).flatMap((found) => found.evidence);
  const unsure = unread > 0 ? say`, ${unread} unknown` : say``;
  return say`Up: ${plain(`${up.length}/${services.length}`)} services${unsure} ${cite(evidence, fewIds)}`;
}

function unknowns(facts: Facts, ids: readonly string[]): Text {
  const evidence = ids.slice(0, shown).flatMap((id) => readingOf(facts, id).evidence);
  const more = ids.length > shown ? say` and ${ids.length - shown} more` : say``;
  return say`Unknown: ${join(ids.slice(0, shown).map(code))}${more} ${cite(evidence, fewIds)}`;
}

/** What people use comes before what it stands on; the root comes last, since the line of the cause tells of it. */
function inOrderOfUse(facts: Facts, ids: readonly string[]): string[] {
  const serving: ReadonlySet<Component['type']> = new Set(['cloud-run', 'http', 'websocket'] as const);
  const isServing = (id: string): boolean => {
    const type = facts.configuration.components[id]?.type;
    return type !== undefined && serving.has(type);
  };
  const rank = (id: string): number => (id === facts.diagnosis.root.component ? 2 : isServing(id) ? 0 : 1);
  return ids.toSorted((a, b) => rank(a) - rank(b));
}
