const dayMs = 86_400_000;
const leadMs = 2 * 3_600_000;

/**
 * From when on a change of the repository may have to do with an incident, UTC: 24 h before the reading, which is as far
 * as onsets are searched, and at least 2 h before the incident was declared, however long ago that is.
 */
export function changesSince(now: Date, declaredAt: string | null): string {
  const day = now.getTime() - dayMs;
  const declared = declaredAt === null ? Number.NaN : Date.parse(declaredAt) - leadMs;
  return new Date(Number.isNaN(declared) ? day : Math.min(day, declared)).toISOString();
}
