import { html, type Html } from './html.ts';
import type { SeenRequest } from './port.ts';
import type { Tally } from './tallies.ts';
import { clockTime } from './times.ts';

/** Whose requests are shown. */
export type RequestFilter = 'all' | SeenRequest['to'];

const shownRequests = 100;
const longestPath = 140;

/** The newest requests as a table, and what each `/status` cost. */
export function requestList(
  requests: readonly SeenRequest[],
  tallies: readonly Tally[],
  filter: RequestFilter,
): Html {
  const fitting = requests.filter(({ to }) => filter === 'all' || to === filter);
  const newest = fitting.toSorted((a, b) => b.startedAt - a.startedAt).slice(0, shownRequests);
  return html`${tallyList(tallies)}
    <p class="count">${countLine(fitting.length, filter)}</p>
    ${newest.length === 0 ? '' : table(newest)}`;
}

function countLine(count: number, filter: RequestFilter): string {
  const to = filter === 'all' ? 'GitHub and Google' : filter;
  const shown = count > shownRequests ? `, the newest ${String(shownRequests)} shown` : '';
  return `${String(count)} request${count === 1 ? '' : 's'} to ${to}${shown}`;
}

function tallyList(tallies: readonly Tally[]): Html {
  if (tallies.length === 0) return html``;
  const lines = tallies.map(
    ({ by, at, github, google, took }) =>
      html`<li>
        <code>/status</code> of ${by}, ${clockTime(at)}: <strong>${github + google} requests</strong> (GitHub
        ${github}, Google ${google})${took === null ? ' so far' : `, ${(took / 1_000).toFixed(1)} s`}
      </li>`,
  );
  return html`<ul class="tallies" aria-label="Requests of each /status">
    ${lines}
  </ul>`;
}

function table(requests: readonly SeenRequest[]): Html {
  return html`<div class="scroll tall">
    <table class="requests">
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Request</th>
          <th scope="col">Status</th>
          <th scope="col">ms</th>
        </tr>
      </thead>
      <tbody>
        ${requests.map(row)}
      </tbody>
    </table>
  </div>`;
}

function row({ to, api, at, method, path, status, startedAt, endedAt }: SeenRequest): Html {
  const took = endedAt === null ? '' : Math.round(endedAt - startedAt);
  const well = status !== null && status < 400;
  return html`<tr>
    <td>${clockTime(at)}</td>
    <td>
      <span class="to ${to.toLowerCase()}">${api === null ? to : api.replace('.googleapis.com', '')}</span>
      <span class="method">${method}</span> ${shortPath(path)}
    </td>
    <td class="${well ? 'well' : 'ill'}">${status ?? (endedAt === null ? '…' : 'none')}</td>
    <td class="number">${took}</td>
  </tr>`;
}

function shortPath(path: string): string {
  return path.length > longestPath ? `${path.slice(0, longestPath)}…` : path;
}
