/** Reads of an API that all of Sitrep makes in a minute and project at most. */
interface ReadQuota {
  /** Host of the API. */
  api: string;
  perMinute: number;
  /** Where the number comes from. */
  source: string;
}

const ownBound = 'own bound: the quota is shown only in the project, under IAM & Admin → Quotas';

/**
 * One table of all quotas. Where Google publishes the number it is that; else a bound of our own, some times what a
 * large collection needs. An operator whose project has more or less sets `google_reads` in the policy.
 */
export const readQuotas: readonly ReadQuota[] = [
  {
    api: 'logging.googleapis.com',
    perMinute: 60,
    source: 'entries.list: 60 a minute and project, https://cloud.google.com/logging/quotas',
  },
  {
    api: 'secretmanager.googleapis.com',
    perMinute: 600,
    source: 'read requests: 600 a minute and project, https://cloud.google.com/secret-manager/quotas',
  },
  { api: 'monitoring.googleapis.com', perMinute: 1_000, source: ownBound },
  { api: 'run.googleapis.com', perMinute: 300, source: ownBound },
  { api: 'sqladmin.googleapis.com', perMinute: 180, source: ownBound },
  { api: 'vpcaccess.googleapis.com', perMinute: 180, source: ownBound },
  { api: 'compute.googleapis.com', perMinute: 300, source: ownBound },
];

/** Of an API that the table does not hold. */
const otherwise = 180;

/** The most reads of an API in a minute and project; the operator's own numbers go before the table's. */
export function readsPerMinute(api: string, own: Readonly<Record<string, number>> = {}): number {
  if (Object.hasOwn(own, api)) return own[api] ?? otherwise;
  return readQuotas.find((quota) => quota.api === api)?.perMinute ?? otherwise;
}
