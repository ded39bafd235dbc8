import type { Component } from '../../config/repository.schema.ts';
import { clock } from '../figures.ts';
import { canonical, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { ComponentState, Observation } from '../snapshot.ts';
import { cite, plain, say, type Text } from '../text.ts';
import { componentsIn, type Facts, type FirstSight, type Ranked } from './facts.ts';

const resolution = 60_000;

/** The components by whose failure an outage is dated: where the first journey stops, or else all that fail. */
export function datedBy(facts: Facts): string[] {
  const blocked = facts.journeys.find((journey) => journey.blocked === true);
  if (blocked === undefined) return componentsIn(facts, 'failing');
  return blocked.at === null ? [] : [blocked.at];
}

/** When these components, or what they need, began to fail; null where no reading carries a first time. */
export function firstSight(facts: Facts, components: readonly string[]): FirstSight | null {
  return (
    firstFailure(facts, components) ??
    firstFailure(facts, needs(facts, components, 'failing')) ??
    begunInWindow(facts, firstFailure(facts, needs(facts, components, 'degraded')))
  );
}

/** ` since 17:09 (E3)`, ` since before 17:05 (E3)`, or nothing where no reading carries a first time. */
export function sinceWhen(facts: Facts, components: readonly string[]): Text {
  const found = firstSight(facts, components);
  if (found === null) return say``;
  const at = plain(clock(found.at, facts.seen));
  return found.began
    ? say` since ${at} ${cite(found.evidence)}`
    : say` since ${at} or before ${cite(found.evidence)}`;
}

/**
 * The earliest failure of these components. Of readings that tell of the same minute, the one whose value is that
 * minute speaks before a line of a log, and that before a count whose first occurrence it was.
 */
export function firstFailure(facts: Facts, components: readonly string[]): FirstSight | null {
  const seen =
    facts.redacted === undefined
      ? firstSeen(facts, components)
      : facts.redacted.sights.filter(({ component }) => components.includes(component));
  return earliest(seen.length > 0 ? seen : concluded(facts, components));
}

/** The earliest failure that a reading of these components tells of; none where no reading does. */
export function firstSeen(facts: Facts, components: readonly string[]): Ranked[] {
  const seen = failures(facts, components).map((found) => ({
    at: firstOf(found),
    evidence: [found.id],
    rank: rankOf(found.signal),
    began: found.window === null || Date.parse(firstOf(found)) - Date.parse(found.window.from) > resolution,
  }));
  const first = earliest(seen);
  return first === null ? [] : [first];
}

function earliest<Sight extends Ranked>(sights: readonly Sight[]): Sight | null {
  const dated = sights.filter(({ at }) => Number.isFinite(Date.parse(at)));
  return dated.toSorted((a, b) => minuteOf(a.at) - minuteOf(b.at) || a.rank - b.rank)[0] ?? null;
}

/** When causes began that are not only possible: before them nothing failed, and of what failed nothing has a time. */
function concluded({ diagnosis }: Facts, components: readonly string[]): Ranked[] {
  return diagnosis.findings
    .filter(
      ({ onset, verdict, component }) =>
        onset !== null && verdict !== 'unknown' && components.includes(component),
    )
    .map(({ onset, evidence }) => ({
      at: onset ?? '',
      evidence: evidence.slice(0, 2),
      began: true,
      rank: 3,
    }));
}

function minuteOf(at: string): number {
  return Math.floor(Date.parse(at) / resolution);
}

function rankOf(name: string): number {
  if (name === signal.serverErrorsSince) return 0;
  return name === signal.serverErrors ? 2 : 1;
}

/** When a failure occurred first: some readings hold that as their value. */
function firstOf(found: Observation): string {
  return found.signal === signal.serverErrorsSince ? found.value : (found.first ?? found.at);
}

/**
 * Failures of these components with the time of their first occurrence; the present readings come first. Where it is
 * known since when a component answers 5xx, the lines of its log date nothing: they may be noise of long ago.
 */
function failures(facts: Facts, components: readonly string[]): Observation[] {
  const { observations, previous } = facts.snapshot;
  const all = [...observations, ...canonical(previous?.figures ?? [])].filter((found) =>
    components.includes(found.component),
  );
  const dated = new Set(
    all.filter((found) => found.signal === signal.serverErrorsSince).map(({ component }) => component),
  );
  return all.filter(
    (found) =>
      found.signal === signal.serverErrorsSince ||
      (found.first !== undefined &&
        isFailure(found.signal) &&
        (numberOf(found) ?? 0) > 0 &&
        !(found.signal === signal.logError && dated.has(found.component))),
  );
}

function isFailure(name: string): boolean {
  return name === signal.serverErrors || name === signal.logError || name.startsWith(signal.exit);
}

/** A probe has no past: what fails behind it has. */
function needs(facts: Facts, ids: readonly string[], state: ComponentState): string[] {
  const components: Readonly<Record<string, Component>> = facts.configuration.components;
  const among = componentsIn(facts, state);
  return ids.flatMap((id) => components[id]?.depends_on ?? []).filter((need) => among.includes(need));
}

/**
 * A service is called degraded for as long as the good half of the window dilutes its failures; one that has been so
 * for longer than the window has another story.
 */
function begunInWindow(facts: Facts, sight: FirstSight | null): FirstSight | null {
  if (sight === null || !sight.began) return null;
  return Date.parse(sight.at) >= Date.parse(facts.snapshot.window.from) ? sight : null;
}
