import type { Case } from '../diagnose/case.ts';
import { code } from '../diagnose/wording.ts';
import type { Difference } from '../diagnosis.ts';
import { current, currentWithPrefix, latest } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation, Window } from '../snapshot.ts';
import { connectivitySaid } from './claims/connectivity.ts';
import { errorCountsOf } from './claims/error-counts.ts';
import type { ErrorCount } from './claims/error-counts.ts';
import type { ReadStatement } from './claims/read.ts';

type Side = Difference['sides'][number];

/** Sides of one difference at most; of the stated ones the newest. */
const mostSides = 20;

/** Counts of errors that people give, each of its own metric and window, with the reading that has the same value. */
export function differentErrorCounts(found: Case, statements: readonly ReadStatement[]): Difference[] {
  const stated = statements.flatMap(({ sentences, url }) =>
    sentences.flatMap(errorCountsOf).map((count) => ({ ...count, url })),
  );
  const seen = new Set<string>();
  const distinct = stated.filter(({ kind, count, url }) => {
    const key = JSON.stringify([kind, count, url]);
    return !seen.has(key) && seen.add(key);
  });
  const counts = new Set(distinct.map(({ kind, count }) => JSON.stringify([kind, count])));
  // One person who counts several things tells them apart.
  if (counts.size < 2 || new Set(distinct.map(({ url }) => url)).size < 2) return [];
  const shown = distinct.slice(-mostSides);
  const measured = shown.flatMap((count) => sameValueMeasured(found, count));
  const sides: Side[] = [
    ...new Map(measured.map((one) => [one.id, measuredSide(one, found.index.takenAt)])).values(),
    ...shown.map(({ written, of, url }) => ({ value: written, of, statement: url })),
  ];
  return [
    {
      about: { component: found.configuration.environment, signal: 'errors' },
      sides,
      why: 'counts of other metrics or other windows differ, they do not contradict each other',
    },
  ];
}

/** The readings of the window that have the value of a stated count, of the same kind. */
function sameValueMeasured({ index, configuration }: Case, { kind, count }: ErrorCount): Observation[] {
  return Object.keys(configuration.components).flatMap((id) => {
    const ofKind = {
      '5xx': [...current(index, id, signal.serverErrors)],
      'log entries': [...current(index, id, signal.logErrors), ...current(index, id, signal.logEntryErrors)],
      exits: [...currentWithPrefix(index, id, signal.exit)],
    }[kind];
    // A small number is the same by chance.
    return count < 10 ? [] : ofKind.filter(({ value }) => Number(value) === count).slice(0, 1);
  });
}

/** A percentage called connectivity, beside what is measured of the connector: it is a share of something else. */
export function statedConnectivity(found: Case, statements: readonly ReadStatement[]): Difference[] {
  const { index, configuration } = found;
  const connectors = Object.entries(configuration.components).flatMap(([id, { type }]) =>
    type === 'vpc-connector' ? [id] : [],
  );
  const said = statements.flatMap(({ sentences, url }) =>
    sentences
      .map(connectivitySaid)
      .filter((one) => one !== null)
      .map((one) => ({ ...one, url })),
  );
  const distinct = [...new Map(said.map((one) => [JSON.stringify([one.written, one.url]), one])).values()];
  if (distinct.length === 0) return [];
  const [connector, ...others] = connectors;
  const only = others.length === 0 ? connector : undefined;
  const measured = only === undefined ? undefined : latest(index, only, signal.instances);
  return [
    {
      about: { component: only ?? configuration.environment, signal: 'connectivity' },
      sides: [
        ...(measured ? [measuredSide(measured, index.takenAt)] : []),
        ...distinct.slice(-mostSides).map(({ written, entries, url }) => ({
          value: written,
          of: entries === null ? 'a percentage without a source' : `a share of log entries, ${entries}`,
          statement: url,
        })),
      ],
      why: 'no reading gives connectivity in per cent: a share of log entries that carry a label says how many carry it, not whether a connection comes about',
    },
  ];
}

function measuredSide({ component, signal: name, value, window, id }: Observation, takenAt: string): Side {
  return { value, of: `${name} of ${code(component)}, ${spanOf(window, takenAt)}`, evidence: id };
}

function spanOf(window: Window | null, takenAt: string): string {
  return window === null
    ? `at ${takenAt.slice(11, 16)} UTC`
    : `${window.from.slice(11, 16)}–${window.to.slice(11, 16)} UTC`;
}
