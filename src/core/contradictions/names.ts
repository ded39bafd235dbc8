import type { Case } from '../diagnose/case.ts';
import type { Contradiction } from '../diagnosis.ts';
import { current } from '../observations.ts';
import { signal } from '../signals.ts';
import { claimOf } from './claims/claim.ts';
import { instanceNamesOf } from './claims/instance-names.ts';
import type { ReadStatement } from './claims/read.ts';
import { laidSideBySide } from './laid.ts';

/** Cloud SQL instances called by a name, against the name that the API gives to the only one that is configured. */
export function statedNames(found: Case, statements: readonly ReadStatement[]): Contradiction[] {
  const databases = Object.entries(found.configuration.components).filter(
    ([, component]) => component.type === 'cloud-sql',
  );
  const component = databases[0]?.[0];
  if (component === undefined || databases.length > 1) return [];
  const measured = current(found.index, component, signal.name)[0];
  const own = measured?.value.split(':').at(-1);
  const about = { component, signal: signal.name };
  const project = found.configuration.google_cloud?.project;
  const claims = statements.flatMap((statement) =>
    instanceNamesOf(statement, project).map((name) =>
      claimOf(statement, { about, value: name, written: name }),
    ),
  );
  return laidSideBySide({
    about,
    measured: measured === undefined ? [] : [{ value: measured.value, evidence: measured.id }],
    claims,
    refuted: ({ value }) => value !== own && value !== measured?.value,
    clash: (earlier, later) => measured === undefined && earlier.value !== later.value,
  });
}
