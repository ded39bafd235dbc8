import type { Case } from '../diagnose/case.ts';
import type { Contradiction } from '../diagnosis.ts';
import { componentOf, inUse } from '../graph.ts';
import { latest } from '../observations.ts';
import { signal } from '../signals.ts';

/** The database that a service's revision is attached to, against the one that the database's own API names. */
export function attachedAgainstMeasured(found: Case): Contradiction[] {
  const { configuration, index } = found;
  return Object.entries(configuration.components).flatMap(([id, component]): Contradiction[] => {
    if (component.type !== 'cloud-run') return [];
    const databases = component.depends_on.filter(
      (to) => componentOf(configuration, to)?.type === 'cloud-sql',
    );
    const [database, ...others] = databases;
    const name = database === undefined ? undefined : latest(index, database, signal.name);
    if (database === undefined || others.length > 0 || !name) return [];
    const attached = inUse(index, id, signal.cloudSqlInstance).filter(
      (seen) => seen.value !== 'none' && !seen.value.split(', ').includes(name.value),
    );
    if (attached.length === 0) return [];
    return [
      {
        about: { component: database, signal: signal.name },
        kind: 'measured-measured',
        sides: [
          { value: name.value, evidence: name.id },
          ...attached.map((seen) => ({ value: seen.value, evidence: seen.id })),
        ],
      },
    ];
  });
}
