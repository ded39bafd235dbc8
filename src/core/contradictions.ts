import { statedAvailability } from './contradictions/availability.ts';
import { impossibleCapacity } from './contradictions/capacity.ts';
import { readStatements } from './contradictions/claims/read.ts';
import { configuredAgainstMeasured } from './contradictions/configured.ts';
import { differentErrorCounts, statedConnectivity } from './contradictions/differences.ts';
import { statedHealth } from './contradictions/health.ts';
import { statedInfrastructureAsCode } from './contradictions/infrastructure-as-code.ts';
import { attachedAgainstMeasured } from './contradictions/measured.ts';
import { statedNames } from './contradictions/names.ts';
import { statedOutcome } from './contradictions/outcome.ts';
import { againstPrevious } from './contradictions/previous.ts';
import { statedSettings } from './contradictions/settings.ts';
import { stateAgainstMetrics } from './contradictions/state-metrics.ts';
import { statedThresholds } from './contradictions/thresholds.ts';
import type { Case } from './diagnose/case.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Where two sources disagree: the configuration with an API, two APIs, this update with the one before, people with an
 * API or with each other; and figures that only look as if they did. A statement never becomes an observation; it is
 * only laid beside one, and only where it says plainly that something is so now.
 */
export function disagreementsOf(
  found: Case,
  snapshot: Snapshot,
): Pick<Diagnosis, 'contradictions' | 'differences'> {
  const statements = readStatements(found.configuration, snapshot.statements);
  const states = stateAgainstMetrics(found);
  return {
    contradictions: [
      ...configuredAgainstMeasured(found),
      ...attachedAgainstMeasured(found),
      ...states.contradictions,
      ...againstPrevious(found, snapshot),
      ...statedNames(found, statements),
      ...statedSettings(found, statements),
      ...statedHealth(found, statements),
      ...impossibleCapacity(found, statements),
      ...statedAvailability(found, statements),
      ...statedThresholds(found, statements),
      ...statedInfrastructureAsCode(found, statements),
      ...statedOutcome(found, statements, snapshot.incident),
    ],
    differences: [
      ...states.differences,
      ...differentErrorCounts(found, statements),
      ...statedConnectivity(found, statements),
    ],
  };
}
