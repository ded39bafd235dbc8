import type { Registry } from './registry.ts';
import { watchesInto, type Watches } from './watches.ts';

/** The metrics of a process, and who feeds them; null and nobody where they are off. */
export interface OpenMetrics {
  registry: Registry | null;
  watches: Partial<Watches>;
}

/**
 * Opens the metrics where they are wanted; without them OpenTelemetry's SDK is not even loaded.
 *
 * @param clock milliseconds that only grow
 */
export async function openMetrics(wanted: boolean, clock: () => number): Promise<OpenMetrics> {
  if (!wanted) return { registry: null, watches: {} };
  const { openRegistry } = await import('./registry.ts');
  const registry = openRegistry();
  return { registry, watches: watchesInto(registry, clock) };
}
