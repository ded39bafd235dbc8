import type { Path } from './configuration-error.ts';
import { valueAt } from './json-schema.ts';
import type { ReferenceProblem } from './references.ts';
import { componentGroups, idsAt } from './written.ts';

/** Expectations of components that their schema cannot judge: bounds that are missing or turned round. */
export function expectationProblems(data: unknown): ReferenceProblem[] {
  const components = componentGroups(data).flatMap((path) =>
    idsAt(data, path).map((id): Path => [...path, id]),
  );
  return components.flatMap((path) => {
    const type = valueAt(data, [...path, 'type']);
    if (type === 'http') return redirectProblems(data, path);
    return type === 'metric' || type === 'log-filter' ? thresholdProblems(data, path) : [];
  });
}

function numberAt(data: unknown, path: Path): number | null {
  const value = valueAt(data, path);
  return typeof value === 'number' ? value : null;
}

const states = ['degraded', 'failing'] as const;
const sides = ['above', 'below'] as const;

function thresholdProblems(data: unknown, path: Path): ReferenceProblem[] {
  const isWritten = states.some((state) =>
    sides.some((side) => valueAt(data, [...path, state, side]) !== undefined),
  );
  if (!isWritten) {
    return [
      {
        path,
        at: 'key',
        code: 'no-threshold',
        message: `${String(path.at(-1))} has no threshold, so its state is never known`,
        remedy: 'add one, for example failing: { above: 100 }',
      },
    ];
  }
  const bound = (state: (typeof states)[number], side: (typeof sides)[number]) =>
    numberAt(data, [...path, state, side]);
  return sides.flatMap((side): ReferenceProblem[] => {
    const [milder, graver] = [bound('degraded', side), bound('failing', side)];
    const isTurned =
      milder !== null && graver !== null && (side === 'above' ? graver < milder : graver > milder);
    if (!isTurned) return [];
    return [
      {
        path: [...path, 'failing', side],
        at: 'value',
        code: 'turned-thresholds',
        message: `it is failing before it is degraded: ${side} ${graver}, and degraded ${side} ${milder}`,
        remedy: 'swap the two values',
      },
    ];
  });
}

function redirectProblems(data: unknown, path: Path): ReferenceProblem[] {
  const status = numberAt(data, [...path, 'expect', 'status']) ?? 200;
  const redirect = valueAt(data, [...path, 'expect', 'redirect']);
  if (typeof redirect !== 'string' || (status >= 300 && status <= 399)) return [];
  return [
    {
      path: [...path, 'expect', 'redirect'],
      at: 'value',
      code: 'redirect-without-status',
      message: `an answer with status ${status} redirects nowhere`,
      remedy: 'add status: 301, or the status of 3xx that it answers with, beside it',
    },
  ];
}
