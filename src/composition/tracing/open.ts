import type { TracesTarget } from '../../config/environment.ts';
import type { Tracing, TracingOptions } from './export.ts';

/** Has traces sent where that is wanted; without a collector OpenTelemetry's SDK is not even loaded. */
export async function openTracing(
  target: TracesTarget | null,
  log: TracingOptions['log'],
): Promise<Tracing | null> {
  if (target === null) return null;
  const { startTracing } = await import('./export.ts');
  return startTracing({ ...target, log });
}
