import type { Claim, Outbox } from '../publish/comment.ts';
import type { Store } from '../store/open.ts';
import {
  claimPublication,
  completePublication,
  failPublication,
  findPublication,
  type ClaimedPublication,
} from '../store/publications.ts';

/** Longer than a POST may take; a claim that was never settled is free again after it. */
const leaseMs = 30_000;

/** The outbox of `publish/`, kept in the store. */
export function storedOutbox({ db }: Store, now: () => Date): Outbox {
  return {
    async claim(id) {
      const claimed = await claimPublication(db, id, { at: now(), leaseMs });
      if (claimed !== null) return asClaim(claimed);
      const state = (await findPublication(db, id))?.state;
      return state === 'sent' || state === 'failed' ? state : 'busy';
    },
    async sent(claim, comment) {
      await completePublication(db, claim, { ...comment, at: now() });
    },
    async failed(claim, error) {
      await failPublication(db, claim, { error, again: false });
    },
    async released(claim, error) {
      await failPublication(db, claim, { error, again: true });
    },
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
    attempt: claimed.attempts,
    fence: claimed.fence,
    firstAttemptAt: claimed.firstAttemptAt,
  };
}
