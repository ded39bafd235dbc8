/**
 * The default of `max_connections` by tier, for PostgreSQL. Google documents it by memory, 0.6 GB: 25, 1.7 GB: 50,
 * 3.75 GB: 100 (cloud.google.com/sql/docs/postgres/flags); for more memory the documented steps have changed over
 * the years, so nothing is said of larger tiers.
 */
const byTier = new Map([
  ['db-f1-micro', 25],
  ['db-g1-small', 50],
  ['db-custom-1-3840', 100],
]);

/** What of an instance decides its default. */
interface Sized {
  databaseVersion?: string | undefined;
  settings?:
    { tier?: string | undefined; databaseFlags: readonly { name: string; value: string }[] } | undefined;
}

/** The documented default, and where it stands; nothing where the flag is set, or nothing is known of the tier. */
export function defaultConnections({ databaseVersion, settings }: Sized): { value: string; text: string }[] {
  if (!databaseVersion?.startsWith('POSTGRES_') || settings?.tier === undefined) return [];
  if (settings.databaseFlags.some(({ name }) => name === 'max_connections')) return [];
  const value = byTier.get(settings.tier);
  if (value === undefined) return [];
  const text = `documented default for ${settings.tier}, not measured (cloud.google.com/sql/docs/postgres/flags)`;
  return [{ value: String(value), text }];
}
