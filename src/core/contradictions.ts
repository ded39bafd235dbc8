import { statedAvailability } from './contradictions/availability.ts';
import { impossibleCapacity } from './contradictions/capacity.ts';
import { configuredAgainstMeasured } from './contradictions/configured.ts';
import { attachedAgainstMeasured } from './contradictions/measured.ts';
import { statedAgainstMeasured } from './contradictions/stated.ts';
import type { Case } from './diagnose/case.ts';
import type { Contradiction } from './diagnosis.ts';
import { compareText } from './observations.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Where two sources disagree: the configuration with an API, two APIs, a person with an API. A statement never
 * becomes an observation; it is only laid beside one, and only where it names a component or a setting plainly.
 */
export function contradictionsOf(found: Case, snapshot: Snapshot): Contradiction[] {
  const statements = snapshot.statements.toSorted(
    (a, b) => compareText(a.at, b.at) || compareText(a.url, b.url) || compareText(a.text, b.text),
  );
  return [
    ...configuredAgainstMeasured(found),
    ...attachedAgainstMeasured(found),
    ...statedAgainstMeasured(found, statements),
    ...impossibleCapacity(found, statements),
    ...statedAvailability(found, statements),
  ];
}
