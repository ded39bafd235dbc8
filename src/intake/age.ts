const hour = 3_600_000;

/**
 * The signature covers neither the GUID nor when a delivery was sent, so one that was signed once could be sent again
 * for ever under a new GUID. A delivery is known again for seven days after it was carried out
 * (`composition/retention.ts`). What it tells of must not be older than this, which is less than those and more than the
 * three days for which GitHub sends again (docs.github.com, "Redelivering webhooks"): a delivery that is forgotten is
 * too old by then.
 */
const oldestMs = 96 * hour;

/** Clocks differ by minutes; by more than this, the record of what was carried out cannot be dated. */
const aheadMs = 24 * hour;

/** How what happened stands to now: `ahead` where this machine's clock must be far behind GitHub's. */
export function ageOf(happenedAt: string, now: Date): 'fits' | 'too old' | 'ahead' {
  const age = now.getTime() - Date.parse(happenedAt);
  if (age > oldestMs) return 'too old';
  return age < -aheadMs ? 'ahead' : 'fits';
}
