import type { Configuration } from '../../config/repository.schema.ts';
import type { RepositoryName } from '../github-request.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Update } from '../update.ts';
import { privateStrings } from './private-strings.ts';
import { mayBePublic } from './shown.ts';
import { placesAlone, withoutPrivate } from './without-private.ts';

/** What is looked at beside the update. */
export interface Beside {
  repository: RepositoryName;
  /** The repository's page at GitHub. */
  page: string;
  configuration: Configuration;
  /** What was read last; null for nothing. */
  snapshot: Snapshot | null;
}

/**
 * The update as it may stand where everybody reads it: the second look, after what it was composed of. Null for one that
 * shows what was read and does not say that it is redacted, whoever made it. Of the others, names and addresses that were
 * read or that the configuration holds are blanked.
 */
export function asPublic(
  update: Update,
  { repository, page, configuration, snapshot }: Beside,
): Update | null {
  if (!mayBePublic(update)) return null;
  if (update.kind === 'configuration-errors') return placesAlone(update);
  const { owner, name } = repository;
  const strings = privateStrings(snapshot ?? nothingRead, configuration, [owner, name, `${owner}/${name}`]);
  return withoutPrivate(update, strings, page);
}

const nothingRead = { observations: [], gaps: [], changes: [] };
