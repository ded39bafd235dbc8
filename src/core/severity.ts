import type { Configuration } from '../config/repository.schema.ts';
import type { Severity } from './snapshot.ts';

/** The gravest severity that an issue's labels name; null where none does. Labels compare without case, as on GitHub. */
export function severityOf(labels: string[], configuration: Configuration): Severity | null {
  const worn = new Set(labels.map((label) => label.toLowerCase()));
  const byGravity: Severity[] = ['P0', 'P1', 'P2', 'P3'];
  return (
    byGravity.find((severity) =>
      (configuration.labels.severity[severity] ?? []).some((label) => worn.has(label.toLowerCase())),
    ) ?? null
  );
}
