import type { Component } from '../../config/repository.schema.ts';
import { clock } from '../figures.ts';
import { canonical, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { cite, plain, say, type Text } from '../text.ts';
import { componentsIn, type Facts } from './facts.ts';

/** When a failure was first seen, and whether the readings reach back far enough to say that it began then. */
interface FirstSight {
  at: string;
  evidence: string[];
  began: boolean;
}

const resolution = 60_000;

/** ` since 17:09 (E3)`, ` since before 17:05 (E3)`, or nothing where no reading carries a first time. */
export function sinceWhen(facts: Facts, components: readonly string[]): Text {
  const found =
    firstSight(facts, components) ??
    firstSight(
      facts,
      components.flatMap((id) => failingNeeds(facts, id)),
    );
  if (found === null) return say``;
  const at = plain(clock(found.at, facts.seen));
  return found.began
    ? say` since ${at} ${cite(found.evidence)}`
    : say` since ${at} or before ${cite(found.evidence)}`;
}

function firstSight(facts: Facts, components: readonly string[]): FirstSight | null {
  const sights = [
    ...failures(facts, components).map((found) => ({
      at: firstOf(found),
      evidence: [found.id],
      began: found.window === null || Date.parse(firstOf(found)) - Date.parse(found.window.from) > resolution,
    })),
    ...facts.diagnosis.findings
      .filter((finding) => finding.onset !== null && components.includes(finding.component))
      .map((finding) => ({ at: finding.onset ?? '', evidence: finding.evidence.slice(0, 2), began: true })),
  ].filter((sight) => Number.isFinite(Date.parse(sight.at)));
  const earliest = sights.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return earliest[0] ?? null;
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
