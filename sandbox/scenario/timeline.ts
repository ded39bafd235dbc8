import { isObject } from '../google/json.ts';
import type { JsonObject } from '../google/json.ts';
import type { Scenario } from './schema.ts';

/** What a scenario's states come to at a time. Pure: the time is passed in. */

type Resource = Scenario['google']['resources'][number];
export type EndpointState = Scenario['endpoints'][number]['states'][number];
export type Fault = Scenario['faults'][number];

/** JSON merge patch (RFC 7396): objects are merged, null removes, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

function hasBegun(state: { from?: string | undefined }, now: Date): boolean {
  return state.from === undefined || Date.parse(state.from) <= now.getTime();
}

/**
 * A resource's body at a time: the bodies of all states that have begun, merged in their order. Null where none
 * has begun, or where the last one that has says that the resource is gone.
 */
export function resourceAt(resource: Pick<Resource, 'states'>, now: Date): JsonObject | null {
  const begun = resource.states.filter((state) => hasBegun(state, now));
  const last = begun.at(-1);
  if (last === undefined || last.gone) return null;
  let body: unknown = {};
  for (const state of begun) body = mergePatch(body, state.body);
  return isObject(body) ? body : null;
}

/** An endpoint's state at a time: the last one that has begun; null where none has. */
export function endpointAt(states: readonly EndpointState[], now: Date): EndpointState | null {
  return states.findLast((state) => hasBegun(state, now)) ?? null;
}

/** The first fault that holds at a time for a host (or an endpoint's origin) and a path. */
export function faultAt(faults: readonly Fault[], host: string, path: string, now: Date): Fault | null {
  const holds = (fault: Fault) =>
    fault.api === host &&
    path.includes(fault.path) &&
    hasBegun(fault, now) &&
    (fault.to === undefined || now.getTime() < Date.parse(fault.to));
  return faults.find(holds) ?? null;
}
