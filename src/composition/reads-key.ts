import { createHash } from 'node:crypto';
import type { Configuration } from '../config/repository.schema.ts';

/** What the samples of a configuration ask, in short: where it changes, earlier samples tell of other things. */
export function readsKey({ components, google_cloud: place }: Configuration): string {
  return createHash('sha256')
    .update(JSON.stringify([place, components]))
    .digest('hex')
    .slice(0, 12);
}
