import type { Configuration } from '../../config/repository.schema.ts';
import type { DiagramEdge, DiagramNode, Flowchart } from '../diagram.ts';
import { componentOf } from '../graph.ts';
import type { ComponentState } from '../snapshot.ts';
import type { JourneyReading } from '../states.ts';
import { code, plain, say } from '../text.ts';
import { number } from '../figures.ts';

/** Up to so many components are all drawn. */
const allOf = 8;
/** Of more, what is not well and what it touches, at most so many. */
const mostDrawn = 24;
/** More arrows than these are no picture any more: then fewer components are drawn. */
const mostEdges = 60;
/** Journeys drawn. */
const mostJourneys = 4;

/** What the graph shows. */
export interface GraphInput {
  configuration: Configuration;
  states: Readonly<Record<string, { state: ComponentState }>>;
  journeys: readonly JourneyReading[];
  /** Where the cause lies, and how sure that is; null where it is not known. */
  root: { component: string; verdict: string } | null;
}

/** The graph, and which components are in it. */
export interface ComponentGraph {
  diagram: Flowchart;
  drawn: number;
  all: number;
  /** What is not drawn, counted by its state, the gravest first. */
  rest: { state: ComponentState; count: number }[];
}

/**
 * The components with their states, and what each needs, as the configuration says (`depends_on`, and dotted the network
 * path, `via`). Of many only those are drawn that are not well, with what they need and what needs them; the others are
 * one node. Null where nothing is configured, or where of many nothing is wrong.
 */
export function componentGraph(input: GraphInput): ComponentGraph | null {
  const ids = Object.keys(input.states);
  const links = linksOf(input.configuration, ids);
  const drawn = drawnOf(input, ids, links);
  if (drawn.length === 0) return null;
  const journeys = journeysOf(input, drawn);
  const rest = countsOf(
    input,
    ids.filter((id) => !drawn.includes(id)),
  );
  return {
    diagram: {
      as: 'flowchart',
      direction: 'across',
      title: say`Components, their states and what each needs`,
      nodes: [
        ...journeys.map(({ node }) => node),
        ...drawn.map((id) => nodeOf(input, id)),
        ...(rest.length === 0 ? [] : [restNode(rest)]),
      ],
      edges: [...journeys.map(({ edge }) => edge), ...linksAmong(links, drawn)],
    },
    drawn: drawn.length,
    all: ids.length,
    rest,
  };
}

interface ComponentLink {
  from: string;
  to: string;
  isPath: boolean;
}

function linksOf(configuration: Configuration, ids: readonly string[]): ComponentLink[] {
  const known = new Set(ids);
  return ids.flatMap((from) => {
    const component = componentOf(configuration, from);
    if (component === undefined) return [];
    const needs = [...new Set(component.depends_on)].map((to) => ({ from, to, isPath: false }));
    const path = component.via === undefined ? [] : [{ from, to: component.via, isPath: true }];
    return [...needs, ...path].filter(({ to }) => to !== from && known.has(to));
  });
}

const gravestFirst: readonly ComponentState[] = ['failing', 'degraded', 'unknown'];

/** What is drawn, in the order of the configuration. */
function drawnOf(
  { states, root }: GraphInput,
  ids: readonly string[],
  links: readonly ComponentLink[],
): string[] {
  const wanted = ids.length <= allOf ? [...ids] : byWorth(states, root, ids, links);
  for (let most = Math.min(mostDrawn, wanted.length); most > 0; most -= 1) {
    const chosen = new Set(wanted.slice(0, most));
    if (links.filter(({ from, to }) => chosen.has(from) && chosen.has(to)).length <= mostEdges)
      return ids.filter((id) => chosen.has(id));
  }
  return [];
}

/** Where the cause lies, then what fails, is slow or unread, then what those touch, the neighbours of the gravest first. */
function byWorth(
  states: GraphInput['states'],
  root: GraphInput['root'],
  ids: readonly string[],
  links: readonly ComponentLink[],
): string[] {
  const unwell = gravestFirst.flatMap((state) => ids.filter((id) => states[id]?.state === state));
  const first = root !== null && ids.includes(root.component) ? [root.component, ...unwell] : unwell;
  const around = first.flatMap((id) => [
    ...links.filter(({ from }) => from === id).map(({ to }) => to),
    ...links.filter(({ to }) => to === id).map(({ from }) => from),
  ]);
  return [...new Set([...first, ...around])];
}

function linksAmong(links: readonly ComponentLink[], drawn: readonly string[]): DiagramEdge[] {
  const shown = new Set(drawn);
  return links
    .filter(({ from, to }) => shown.has(from) && shown.has(to))
    .map(({ from, to, isPath }) => ({
      from: `component ${from}`,
      to: `component ${to}`,
      line: isPath ? 'dotted' : 'solid',
      words: null,
    }));
}

function nodeOf({ states, root }: GraphInput, id: string): DiagramNode {
  const state = states[id]?.state ?? 'unknown';
  const isRoot = root !== null && root.component === id;
  return {
    id: `component ${id}`,
    lines: [
      say`${marks[state]} ${code(id)}`,
      stateWords[state],
      ...(isRoot ? [say`cause, ${plain(root.verdict)}`] : []),
    ],
    tone: state,
    shape: 'box',
    marked: isRoot,
  };
}

/** A sign beside the word and the colour. */
const marks = { failing: say`✖`, degraded: say`▲`, unknown: say`?`, healthy: say`✓` };
const stateWords = {
  failing: say`failing`,
  degraded: say`degraded`,
  unknown: say`unknown`,
  healthy: say`OK`,
};

function countsOf({ states }: GraphInput, ids: readonly string[]): ComponentGraph['rest'] {
  return [...gravestFirst, 'healthy' as const]
    .map((state) => ({
      state,
      count: ids.filter((id) => (states[id]?.state ?? 'unknown') === state).length,
    }))
    .filter(({ count }) => count > 0);
}

/** The others in one node. */
function restNode(rest: ComponentGraph['rest']): DiagramNode {
  const lines = rest.map(({ count, state }) => say`${plain(number(count))} more ${stateWords[state]}`);
  return { id: 'rest', lines, tone: 'plain', shape: 'round', marked: false };
}

/** Each journey that is blocked, or of which that is not known, with an arrow to where it stops. */
function journeysOf(
  { journeys }: GraphInput,
  drawn: readonly string[],
): { node: DiagramNode; edge: DiagramEdge }[] {
  return journeys
    .filter(({ blocked }) => blocked !== false)
    .toSorted((a, b) => Number(b.blocked === true) - Number(a.blocked === true))
    .slice(0, mostJourneys)
    .flatMap(({ id, title, blocked, at }) => {
      if (at === null || !drawn.includes(at)) return [];
      const node: DiagramNode = {
        id: `journey ${id}`,
        lines: [title, blocked === true ? say`✖ stops at ${code(at)}` : say`? unknown at ${code(at)}`],
        tone: blocked === true ? 'failing' : 'unknown',
        shape: 'round',
        marked: false,
      };
      const edge = { from: node.id, to: `component ${at}`, line: 'thick' as const, words: null };
      return [{ node, edge }];
    });
}
