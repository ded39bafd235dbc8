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
export function resourceAt(resource: Timed<'body'>, now: Date): JsonObject | null {
  return partAt(resource, 'body', now);
}

/** As `resourceAt`, for what an object of Cloud Storage holds; null also where no state says anything of it. */
export function contentAt(resource: Timed<'content'>, now: Date): JsonObject | null {
  return resource.states.some(({ content }) => content !== undefined)
    ? partAt(resource, 'content', now)
    : null;
}

type State = { from?: string | undefined; gone: boolean } & Partial<
  Pick<Resource['states'][number], 'content'>
>;
type Timed<Part extends 'body' | 'content'> = {
  states: (State & Pick<Resource['states'][number], Part>)[];
};

function partAt<Part extends 'body' | 'content'>(
  { states }: Timed<Part>,
  part: Part,
  now: Date,
): JsonObject | null {
  const begun = states.filter((state) => hasBegun(state, now));
  const last = begun.at(-1);
  if (last === undefined || last.gone) return null;
  let merged: unknown = {};
  for (const state of begun) if (state[part] !== undefined) merged = mergePatch(merged, state[part]);
  return isObject(merged) ? merged : null;
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
