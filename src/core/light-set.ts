import { signal } from './signals.ts';

/**
 * The light set: what is read every minute while an incident is open, and kept as a sample. A read of a collector is
 * light if its chief signal is one of these, or if it asks an endpoint; of what it gives, a sample keeps these only.
 */
const lightSignals: readonly string[] = [
  signal.status,
  signal.latency,
  signal.requests,
  signal.serverErrors,
  signal.recentRequests,
  signal.recentServerErrors,
  signal.activeInstances,
  signal.exit,
  signal.up,
  signal.backends,
];

/** Whether a read of a collector belongs to the light set. */
export function isLight(read: { signal: string; source: { api: string } }): boolean {
  return read.source.api === 'probe' || isSampled(read.signal);
}

/** Whether samples keep a signal. */
export function isSampled(name: string): boolean {
  return lightSignals.some((light) => (light.endsWith('.') ? name.startsWith(light) : name === light));
}
