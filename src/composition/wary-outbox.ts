import type { Outbox } from '../publish/comment.ts';
import type { Store } from '../store/open.ts';

/**
 * The outbox of a database that may have forgotten that it posted: while that is in doubt, every posting is looked for
 * on its issue first, from the time on that may be forgotten.
 */
export function waryOutbox(outbox: Outbox, { doubt }: Pick<Store, 'doubt'>): Outbox {
  return {
    ...outbox,
    async claim(id) {
      const claim = await outbox.claim(id);
      const since = doubt?.since() ?? null;
      if (since === null || typeof claim === 'string' || 'busyMs' in claim) return claim;
      const firstAttemptAt = since < claim.firstAttemptAt ? since : claim.firstAttemptAt;
      return { ...claim, readBack: true, firstAttemptAt };
    },
  };
}
