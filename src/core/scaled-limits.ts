import { signal } from './signals.ts';

/**
 * Limits that can be scaled without a revision: no API says when that was done, so an update compares them with the one
 * before.
 */
export const scaledLimits: ReadonlySet<string> = new Set([
  signal.instancesMin,
  signal.instancesMax,
  signal.machineType,
  signal.tier,
  `${signal.flag}max_connections`,
  signal.serviceScalingMin,
  signal.serviceScalingMax,
  signal.serviceScalingManual,
]);
