import { readingOf } from '../diagnose/case.ts';
import type { Case } from '../diagnose/case.ts';
import type { Contradiction } from '../diagnosis.ts';
import { fullConnections } from '../states/cloud-sql.ts';
import { current, latest, numberOf, time } from '../observations.ts';
import { signal } from '../signals.ts';
import { claimOf } from './claims/claim.ts';
import type { Claim } from './claims/claim.ts';
import { statesSaid } from './claims/health.ts';
import { isAsserted } from './claims/mood.ts';
import type { ReadStatement } from './claims/read.ts';
import { subjectsOf } from './claims/subjects.ts';
import { laidSideBySide } from './laid.ts';

const about = (component: string): Claim['about'] => ({ component, signal: 'healthy' });

/**
 * Components called healthy or failing since the window began, against how they are read to be, and against each other
 * where that could not be read. What was so when it was said, and has changed since, is left out.
 */
export function statedHealth(found: Case, statements: readonly ReadStatement[]): Contradiction[] {
  const subjects = subjectsOf(found.configuration);
  const claims = statements
    .filter(({ at }) => time(at) >= time(found.index.window.from))
    .flatMap((statement) =>
      statement.sentences
        .filter(({ mood, elsewhere, heading }) => !heading && !elsewhere && isAsserted(mood))
        .flatMap(({ text }) => statesSaid(subjects, found.configuration.environment.toLowerCase(), text))
        .map(({ component, health, written }) =>
          claimOf(statement, { about: about(component), value: health, written }),
        ),
    );
  const byComponent = Map.groupBy(claims, (claim) => claim.about.component);
  return [...byComponent].flatMap(([id, said]) => ofComponent(found, id, said));
}

function ofComponent(found: Case, id: string, claims: readonly Claim[]): Contradiction[] {
  const { state, evidence, why } = readingOf(found, id);
  const shown = evidence[0];
  const known = state !== 'unknown' && shown !== undefined;
  const began = beganAt(found, id);
  const settled = settledAt(found, id);
  return laidSideBySide({
    about: about(id),
    measured: known ? [{ value: `${state}: ${why}`, evidence: shown }] : [],
    claims,
    refuted: ({ value, at }) =>
      state === 'failing'
        ? value === 'healthy' && (began === null || time(at) > began)
        : state === 'healthy' &&
          (value === 'failing' || value === 'degraded') &&
          settled !== null &&
          time(at) > settled,
    clash: (earlier, later) => !known && isOpposite(earlier.value, later.value),
  });
}

const opposites: ReadonlySet<string> = new Set(['healthy failing', 'healthy degraded', 'running failing']);

function isOpposite(a: string, b: string): boolean {
  return opposites.has(`${a} ${b}`) || opposites.has(`${b} ${a}`);
}

/** Since when a component fails, ms; null where nothing says so. */
function beganAt({ index }: Case, id: string): number | null {
  const since = latest(index, id, signal.serverErrorsSince);
  const running = current(index, id, signal.operation).find(({ value }) =>
    /\b(?:RUNNING|PENDING)\b/.test(value),
  );
  const from = since?.value ?? running?.first;
  return from === undefined || Number.isNaN(time(from)) ? null : time(from);
}

/** Until when a component that is healthy now may not have been, ms; null where the readings do not say. */
function settledAt({ index, configuration }: Case, id: string): number | null {
  const type = configuration.components[id]?.type;
  const start = time(index.window.from);
  const ends = (names: readonly string[]): number[] =>
    names
      .flatMap((name) => current(index, id, name))
      .filter(({ value }) => value !== '0' && value !== 'none')
      .map(({ last, at }) => time(last ?? at));
  if (type === 'cloud-run') {
    return Math.max(start, ...ends([signal.serverErrors, signal.memoryExceeded, signal.logErrors]));
  }
  if (type === 'cloud-sql') {
    const [most, limit] = [signal.backendsMax, `${signal.flag}max_connections`].map((name) =>
      numberOf(latest(index, id, name)),
    );
    const wasFull = typeof most === 'number' && typeof limit === 'number' && most >= limit * fullConnections;
    return wasFull ? null : Math.max(start, ...ends([signal.operation]));
  }
  return null;
}
