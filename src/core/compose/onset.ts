import type { Component } from '../../config/repository.schema.ts';
import { clock } from '../figures.ts';
import { canonical, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { cite, plain, say, type Text } from '../text.ts';
import { componentsIn, type Facts } from './facts.ts';

/** When a failure was first seen, and whether the readings reach back far enough to say that it began then. */
export interface FirstSight {
  at: string;
  evidence: string[];
  began: boolean;
}

const resolution = 60_000;

/** ` since 17:09 (E3)`, ` since before 17:05 (E3)`, or nothing where no reading carries a first time. */
export function sinceWhen(facts: Facts, components: readonly string[]): Text {
  const found =
    firstFailure(facts, components) ??
    firstFailure(
      facts,
      components.flatMap((id) => failingNeeds(facts, id)),
    );
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
  const sights = [
    ...failures(facts, components).map((found) => ({
      at: firstOf(found),
      evidence: [found.id],
      rank: rankOf(found.signal),
      began: found.window === null || Date.parse(firstOf(found)) - Date.parse(found.window.from) > resolution,
    })),
    ...facts.diagnosis.findings
      .filter((finding) => finding.onset !== null && components.includes(finding.component))
      .map((finding) => ({
        at: finding.onset ?? '',
        evidence: finding.evidence.slice(0, 2),
        began: true,
        rank: 3,
      })),
  ].filter((sight) => Number.isFinite(Date.parse(sight.at)));
  const earliest = sights.toSorted((a, b) => minuteOf(a.at) - minuteOf(b.at) || a.rank - b.rank);
  return earliest[0] ?? null;
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

/** Failures of these components with the time of their first occurrence; the present readings come first. */
function failures(facts: Facts, components: readonly string[]): Observation[] {
  const { observations, previous } = facts.snapshot;
  return [...observations, ...canonical(previous?.figures ?? [])].filter(
    (found) =>
      components.includes(found.component) &&
      (found.signal === signal.serverErrorsSince ||
        (found.first !== undefined && isFailure(found.signal) && (numberOf(found) ?? 0) > 0)),
  );
}

function isFailure(name: string): boolean {
  return name === signal.serverErrors || name === signal.logError || name.startsWith(signal.exit);
}

/** A probe has no past: what fails behind it has. */
function failingNeeds(facts: Facts, id: string): string[] {
  const components: Readonly<Record<string, Component>> = facts.configuration.components;
  const needs = components[id]?.depends_on ?? [];
  const failing = componentsIn(facts, 'failing');
  return needs.filter((need) => failing.includes(need));
}
