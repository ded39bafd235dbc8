import { configurationOf, knownOf } from '../commands/configuration.ts';
import { configurationKey, type EtagCache } from '../config/remote.ts';
import { composeNotForAll } from '../core/compose/refusal.ts';
import type { InstalledRepository } from '../core/installed-repository.ts';
import { asPublic } from '../core/redacted/as-public.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Update } from '../core/update.ts';
import { findIncident } from '../store/incidents.ts';
import type { Store } from '../store/open.ts';
import { latestSnapshot } from '../store/snapshots.ts';
import { version } from '../version.ts';

/** What the last look at a public update needs. */
interface Looking {
  store: Store;
  configurationsOf: (repository: InstalledRepository) => EtagCache;
  log: { warn(fields: object, message: string): void };
}

/** Where it is posted. */
interface Place extends InstalledRepository {
  /** owner/name */
  repository: string;
  issue: { number: number; url: string };
}

/**
 * The update as it may stand where everybody reads it (`asPublic`); a refusal in the place of one that may not.
 *
 * @param snapshot What the update is of; missing for what was read last.
 */
export async function publicUpdate(
  { store, configurationsOf, log }: Looking,
  { repository, issue, ...installed }: Place,
  update: Update,
  snapshot?: Snapshot,
): Promise<Update> {
  const [owner = '', name = ''] = repository.split('/');
  const known = await configurationsOf(installed).get(configurationKey({ owner, name }));
  const seen = snapshot ?? (await lastRead(store, installed, issue.number));
  const configuration = knownOf(
    known === null
      ? { kind: 'unusable', errors: [] }
      : configurationOf(known.body, seen === null ? undefined : seen.environment),
  );
  const page = issue.url.replace(/\/issues\/\d+$/u, '');
  const shown = asPublic(update, { repository: { owner, name }, page, configuration, snapshot: seen });
  if (shown !== null) return shown;
  log.warn(
    { repository, kind: update.kind },
    'an update of a public repository was not redacted; it is not shown',
  );
  return composeNotForAll({ owner, name, version });
}

async function lastRead(
  { db }: Store,
  repository: InstalledRepository,
  issue: number,
): Promise<Snapshot | null> {
  const incident = await findIncident(db, repository, issue);
  return incident === null ? null : ((await latestSnapshot(db, incident.id))?.snapshot ?? null);
}
