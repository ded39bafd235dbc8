import { randomUUID } from 'node:crypto';
import type { Claim, Outbox } from '../publish/comment.ts';
import type { Store } from '../store/open.ts';
import {
  claimPublication,
  completePublication,
  failPublication,
  findPublication,
  leaseLeft,
  notePublicationUnseen,
  type ClaimedPublication,
} from '../store/publications.ts';

/**
 * The outbox of `publish/`, kept in the store.
 *
 * @param leaseMs longer than a POST may take: a claim of another process that was never settled is free again after it.
 */
export function storedOutbox({ db, kind }: Store, now: () => Date, leaseMs: number): Outbox {
  const claim = { leaseMs, holder: randomUUID(), alone: kind === 'pglite' };
  return {
    async claim(id) {
      const claimed = await claimPublication(db, id, { ...claim, at: now() });
      if (claimed !== null) return asClaim(claimed);
      const state = (await findPublication(db, id))?.state ?? 'none';
      return state === 'pending' || state === 'sending' ? { busyMs: await leaseLeft(db, id) } : state;
    },
    async sent(claimed, comment) {
      await completePublication(db, claimed, { ...comment, at: now() });
    },
    async failed(claimed, error) {
      await failPublication(db, claimed, { error, again: false, certain: true });
    },
    async released(claimed, error, certain) {
      await failPublication(db, claimed, { error, again: true, certain });
    },
    unseen: (claimed) => notePublicationUnseen(db, claimed),
  };
}

function asClaim(claimed: ClaimedPublication): Claim {
  const [owner = '', repo = ''] = claimed.repository.split('/');
  return {
    id: claimed.id,
    owner,
    repo,
    issue: claimed.issue,
    body: claimed.body,
    fence: claimed.fence,
    firstAttemptAt: claimed.firstAttemptAt,
    readBack: claimed.readBack,
  };
}
