import type { ComponentState } from '../../src/core/snapshot.ts';
import { html, type Html } from './html.ts';
import type { SeenComponents } from './port.ts';
import { clockTime } from './times.ts';

/** The components and their states, to be drawn and to be read. */
export interface GraphView {
  /** A Mermaid flowchart; empty where the configuration cannot be read. */
  source: string;
  /** What it shows in a sentence. */
  summary: string;
  /** The same as a table. */
  html: string;
}

/** Fills that carry white text in both themes. */
const fills: Record<ComponentState, string> = {
  failing: 'fill:#cf222e,stroke:#a40e26,color:#ffffff',
  degraded: 'fill:#9a6700,stroke:#7d4e00,color:#ffffff',
  healthy: 'fill:#1a7f37,stroke:#116329,color:#ffffff',
  unknown: 'fill:#59636e,stroke:#424a53,color:#ffffff,stroke-dasharray:4 3',
};

/** Colour is not the only mark. */
const marks: Record<ComponentState, string> = { failing: '✕', degraded: '!', healthy: '✓', unknown: '?' };

const gravest: readonly ComponentState[] = ['failing', 'degraded', 'unknown', 'healthy'];

export function graphView(seen: SeenComponents | null): GraphView {
  if (seen === null) {
    const why = 'The configuration of the repository cannot be read, so there is no graph.';
    return { source: '', summary: why, html: html`<p>${why}</p>`.markup };
  }
  return { source: flowchart(seen), summary: summaryOf(seen), html: table(seen).markup };
}

/** Close together: the graph stands beside the thread. */
const narrow = '%%{init: {"flowchart": {"nodeSpacing": 16, "rankSpacing": 32}}}%%';

/** Edges to a region are left out: nearly everything lies in one, and the table says so. */
function flowchart({ graph, states }: SeenComponents): string {
  const nodes = [...graph.outgoing.keys()];
  const name = new Map(nodes.map((id, index) => [id, `c${String(index)}`]));
  const boxes = nodes.map((id) => {
    const state = states[id]?.state ?? 'unknown';
    return `  ${name.get(id) ?? ''}["${asLabel(`${marks[state]} ${id}`)}"]:::${state}`;
  });
  const edges = [...graph.outgoing.values()]
    .flat()
    .filter(({ kind }) => kind !== 'located')
    .map(({ from, to }) => `  ${name.get(from) ?? ''} --> ${name.get(to) ?? ''}`);
  const classes = Object.entries(fills).map(([state, fill]) => `  classDef ${state} ${fill}`);
  return [narrow, 'flowchart LR', ...boxes, ...edges, ...classes].join('\n');
}

/** Everything but letters, digits and spaces as Mermaid's own entity. */
function asLabel(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} ]/gu, (character) => `#${String(character.codePointAt(0) ?? 0)};`);
}

function summaryOf({ takenAt, states }: SeenComponents): string {
  if (takenAt === null) return 'Nothing has been read yet. /status reads it.';
  const counts = gravest
    .map((state) => [state, Object.values(states).filter((one) => one.state === state).length] as const)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${String(count)} ${state}`);
  return `${counts.join(', ')} · read at ${clockTime(takenAt)} UTC`;
}

function table({ graph, types, states, takenAt }: SeenComponents): Html {
  const rows = [...graph.outgoing].map(([id, edges]) => {
    const state = states[id]?.state ?? 'unknown';
    const needs = edges.map(({ to }) => to).join(', ');
    return html`<tr>
      <th scope="row">
        ${id}<span class="type">${types[id] ?? ''}${needs === '' ? '' : ` · needs ${needs}`}</span>
      </th>
      <td><span class="dot ${state}">${state}</span></td>
      <td>${takenAt === null ? 'not read yet' : (states[id]?.why ?? '')}</td>
    </tr>`;
  });
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Component</th>
          <th scope="col">State</th>
          <th scope="col">Seen</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
