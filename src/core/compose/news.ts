import { isDoubled, type Delta } from '../delta.ts';
import type { IncidentEvent } from '../incident/events.ts';

/** Changes that are worth a comment although nobody asked. */

/** What is looked at. */
export interface NewsInput {
  /** Against the update that was posted last; null where there is none. */
  delta: Delta | null;
  record: readonly IncidentEvent[];
  /** UTC, ISO 8601. */
  seen: string;
  /** Milliseconds between two refreshes. */
  everyMs: number;
}

/** For so many refreshes what was told, or left, is not told again. */
const quietFor = 2;

/**
 * The subjects of the changes that people should be told of now; none where there is no news. What was not readable
 * for once is none, nor a state that comes back within two refreshes, nor a subject of which a comment told within them.
 */
export function newsIn({ delta, record, seen, everyMs }: NewsInput): string[] {
  if (delta === null || !delta.material) return [];
  const since = Date.parse(seen) - quietFor * everyMs;
  const recent = record.filter(({ at }) => Date.parse(at) >= since);
  const told = new Set(recent.flatMap(({ body }) => (body.kind === 'updated' ? (body.told ?? []) : [])));
  const left = new Set(
    recent.flatMap(({ body }) => (body.kind === 'component-state' ? [`${body.component} ${body.from}`] : [])),
  );
  const subjects = [
    ...delta.states
      .filter(({ from, to }) => from !== 'unknown' && to !== 'unknown')
      .filter(({ component, to }) => !left.has(`${component} ${to}`))
      .map(({ component }) => `component ${component}`),
    ...delta.serving.map(({ now }) => `serving ${now.component}`),
    ...(delta.root === null || delta.root.to.cause === 'unknown' ? [] : ['cause']),
    ...delta.figures.filter(isDoubled).map(({ now }) => `figure ${now.component} ${now.signal}`),
  ];
  return [...new Set(subjects)].filter((subject) => !told.has(subject));
}
