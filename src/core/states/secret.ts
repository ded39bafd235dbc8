import { latest, time } from '../observations.ts';
import type { Observations } from '../observations.ts';
import { signal } from '../signals.ts';
import { reading, unread } from './reading.ts';
import type { StateReading } from './reading.ts';

/** Days before a secret is deleted by itself from which it is degraded. Expert setting. */
const expiresSoonDays = 14;
const day = 86_400_000;

/**
 * A secret is healthy where the version in use is enabled: there is nothing more to measure without its payload. A
 * disabled or destroyed version is failing, and one that is deleted soon degraded. Whether a service may read it is
 * another matter, which the service's own condition tells.
 */
export function secretState(id: string, index: Observations): StateReading {
  const state = latest(index, id, signal.state);
  if (!state) return unread(index, id, [signal.state]);
  const version = latest(index, id, signal.secretVersion);
  const expires = latest(index, id, signal.expires);
  const seen = [state, ...(version ? [version] : [])];
  const what = `version ${version?.value ?? 'in use'} ${state.value}`;
  if (state.value === 'DISABLED' || state.value === 'DESTROYED') return reading('failing', what, seen);
  if (state.value !== 'ENABLED') return reading('unknown', what, seen);
  if (expires && time(expires.value) - time(index.takenAt) < expiresSoonDays * day) {
    const when = `${what}, deleted at ${expires.value.slice(0, 16)}`;
    return reading('degraded', when, [...seen, expires]);
  }
  return reading('healthy', what, seen);
}
