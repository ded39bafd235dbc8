import { factsOf, type Facts } from '../core/compose/facts.ts';
import type { Looked } from './look.ts';

/** What a comment on a look is composed of. */
export function factsOfLook(
  { configuration, snapshot, diagnosis, criteria }: Looked,
  version: string,
): Facts {
  return factsOf({ configuration, snapshot, diagnosis, criteria, nextCheckpoint: null, version });
}
