import { clock, code } from '../diagnose/wording.ts';
import type { Case } from '../diagnose/case.ts';
import { privateAddress } from '../diagnose/log-signatures.ts';
import { connectionFailures } from '../diagnose/traversal.ts';
import { componentOf, inUse } from '../graph.ts';
import { current, evidenceIds, gapsOf, latest, numberOf, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { fullConnections } from '../states/cloud-sql.ts';
import type { Bearing } from './connector-readings.ts';

/**
 * What was read that speaks for a cause which no rule judges yet. An update then shows it beside the cause, instead of
 * asking for what is known already. None of this makes a verdict.
 */

/** Lines that Cloud Run or the application logs for one cause: the most frequent one with its count. */
export function loggedReading(pattern: RegExp): (found: Case, id: string) => Bearing | null {
  return ({ index }, id) => {
    const lines = current(index, id, signal.logError).filter(({ text }) => pattern.test(text ?? ''));
    const [most] = lines.toSorted((a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0));
    if (!most) return null;
    return supporting([`${code(excerpt(most.text ?? '', pattern))}, ${timesOf(most)}`], lines);
  };
}

/** Connections open against the limit, where next to none is free. */
export function connectionsReading({ index }: Case, id: string): Bearing | null {
  const backends = latest(index, id, signal.backends);
  const limit = latest(index, id, `${signal.flag}max_connections`);
  const [open, allowed] = [numberOf(backends), numberOf(limit)];
  if (!backends || !limit || open === null || allowed === null || open < allowed * fullConnections)
    return null;
  const since = dated(backends.first, index.takenAt);
  return supporting([`${backends.value} of ${limit.value} connections${since}`], [backends, limit]);
}

/** A state that is not RUNNABLE, metrics that call it down, and operations of the last day. */
export function databaseReading({ index }: Case, id: string): Bearing | null {
  const state = latest(index, id, signal.state);
  const up = latest(index, id, signal.up);
  const operations = current(index, id, signal.operation).filter(({ value }) => value !== 'none');
  const away = state !== undefined && state.value !== 'RUNNABLE' ? [state] : [];
  const down = up !== undefined && numberOf(up) === 0 ? [up] : [];
  const clauses = [
    ...away.map(({ value }) => `state ${code(value)}`),
    ...down.map(({ first }) => `up 0${dated(first, index.takenAt)}`),
    ...operations.map(({ value, first, last }) => {
      const ended = last === undefined ? '' : ` to ${clock(last, index.takenAt)}`;
      return `operation ${code(value)}${dated(first, index.takenAt).replace('since', ended ? 'from' : 'since')}${ended}`;
    }),
  ];
  return clauses.length === 0 ? null : supporting(clauses, [...away, ...down, ...operations]);
}

/** The API knows no such connector, or gives it another state than READY. */
export function connectorMissing({ index }: Case, id: string): Bearing | null {
  const state = latest(index, id, signal.state);
  if (state) return state.value === 'READY' ? null : supporting([`state ${code(state.value)}`], [state]);
  const gone = gapsOf(index, id, signal.state).filter(({ reason }) => reason === 'not-found');
  return gone.length === 0 ? null : supporting(['the API knows no such connector'], gone);
}

/** A version of a secret that may not be read any more, and what the services that need it log of it. */
export function secretReading(found: Case, id: string): Bearing | null {
  const { configuration, index } = found;
  const state = latest(index, id, signal.state);
  const component = componentOf(configuration, id);
  if (!state || state.value === 'ENABLED' || component?.type !== 'secret') return null;
  const users = Object.entries(configuration.components).filter(([, one]) => one.depends_on.includes(id));
  const lines = users.flatMap(([user]) =>
    current(index, user, signal.logError).filter(({ text }) => text?.includes(component.name)),
  );
  const said = lines.map((line) => `${code(line.component)} logs ${code(line.text ?? '')}, ${timesOf(line)}`);
  return supporting([`state ${code(state.value)}`, ...said.slice(0, 1)], [state, ...lines]);
}

/** Events of Google Cloud that go on, each with its title and since when. */
export function eventsReading({ index }: Case, id: string): Bearing | null {
  const active = latest(index, id, signal.activeEvents);
  if (!active || !((numberOf(active) ?? 0) > 0)) return null;
  const events = current(index, id, signal.event).filter(({ value }) => value.startsWith('ACTIVE'));
  const clauses = events.map(
    ({ value, text, first }) => `${code(text ?? '')}, ${code(value)}${dated(first, index.takenAt)}`,
  );
  return supporting(clauses.length > 0 ? clauses : [`${active.value} events go on`], [active, ...events]);
}

/** Time-outs towards a private address, of a service that has no way to one. */
export function detachedReading(found: Case, id: string): Bearing | null {
  const connectors = inUse(found.index, id, signal.connector).filter(({ value }) => value === 'none');
  const lines = connectionFailures(found, id).filter(({ text }) => privateAddress.test(text ?? ''));
  const [most] = lines.toSorted((a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0));
  if (connectors.length === 0 || !most) return null;
  return supporting(
    ['no connector is attached', `${code(excerpt(most.text ?? '', privateAddress))}, ${timesOf(most)}`],
    [...connectors, ...lines],
  );
}

function supporting(clauses: string[], seen: readonly { id: string }[]): Bearing {
  return { supporting: clauses, opposing: [], evidence: evidenceIds(seen) };
}

/** Characters of a line that a sentence has room for. */
const room = 110;

/** A line from its beginning, or, where that leaves out what the pattern found, from the clause that holds it. */
function excerpt(text: string, pattern: RegExp): string {
  const found = pattern.exec(text);
  if (!found || found.index + found[0].length <= room) return text;
  const clause = text.lastIndexOf(': ', found.index);
  return `…${text.slice(clause === -1 ? found.index : clause + 2)}`;
}

function timesOf({ value, partial }: Observation): string {
  return `${partial ? 'at least ' : ''}${value} ${value === '1' ? 'time' : 'times'}`;
}

function dated(first: string | undefined, takenAt: string): string {
  return first === undefined || Number.isNaN(time(first)) ? '' : ` since ${clock(first, takenAt)}`;
}
