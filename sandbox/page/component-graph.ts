import type { ComponentState } from '../../src/core/snapshot.ts';
import { say } from '../../src/core/text.ts';
import { mermaidSource } from '../../src/templates/mermaid.ts';
import { html, type Html } from './html.ts';
import type { SeenComponents } from './port.ts';
import { clockTime } from './times.ts';

/** The components and their states, to be drawn and to be read. */
export interface GraphView {
  /** A Mermaid flowchart; empty where the configuration cannot be read, or where there is more than can be drawn. */
  source: string;
  /** What it shows in a sentence. */
  summary: string;
  /** The same as a table. */
  html: string;
}

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

/** All components, where those of an update are chosen. Edges to a region are left out: nearly everything lies in one. */
function flowchart({ graph, states }: SeenComponents): string {
  const source = mermaidSource({
    as: 'flowchart',
    direction: 'across',
    title: say`Components, their states and what each needs`,
    nodes: [...graph.outgoing.keys()].map((id) => {
      const state = states[id]?.state ?? 'unknown';
      return { id, lines: [`${marks[state]} ${id}`], tone: state, shape: 'box', marked: false };
    }),
    edges: [...graph.outgoing.values()]
      .flat()
      .filter(({ kind }) => kind !== 'located')
      .map(({ from, to }) => ({ from, to, line: 'solid', words: null })),
  });
  return source ?? '';
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
