import { componentOf } from '../graph.ts';
import { current, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import type { Case } from './case.ts';

/** Instances that Cloud Run did not bring up, in its own words. */
const instanceNotStarted = /instance could not start successfully|no available instance/i;

/** Products of Google's status pages by the type of component that uses them. */
const products: Readonly<Record<string, RegExp>> = {
  'cloud-run': /Cloud Run/i,
  'cloud-sql': /Cloud SQL/i,
  'vpc-connector': /Serverless VPC Access|Virtual Private Cloud|\bVPC\b|Cloud Networking/i,
  'load-balancer': /Load Balancing/i,
  secret: /Secret Manager/i,
};

/** Names of regions and of the zones in them, as events tell them: `us-central1`, `europe-west12-b`. */
const places = /(?<![\w-])[a-z]{2,16}-[a-z]{4,12}\d{1,2}(?=-[a-z](?![\w-])|(?![\w-]))/g;

/** Whether an event concerns a region: it names it, a zone of it, its continent or all of them, or names no place. */
function concerns(text: string, region: string): boolean {
  const named: readonly string[] = text.match(places) ?? [];
  const continent = region.split('-')[0] ?? region;
  const isWide = text
    .split(/[;,] /)
    .some((part) => part === 'global' || part === continent || (part === 'eu' && continent === 'europe'));
  return named.includes(region) || isWide || named.length === 0;
}

/** Events that Google reports as going on for the product of a component, in this region or everywhere. */
export function eventsFor(found: Case, component: string, region: string): Observation[] {
  const type = componentOf(found.configuration, component)?.type ?? '';
  const product = Object.hasOwn(products, type) ? products[type] : undefined;
  const place = found.configuration.google_cloud?.region;
  return current(found.index, region, signal.event).filter(
    ({ value, text = '' }) =>
      value.startsWith('ACTIVE') &&
      value !== 'ACTIVE NOT_IMPACTED' &&
      product?.test(text) === true &&
      (place === undefined || concerns(text, place)),
  );
}

/**
 * How an incident of the region shows at a component: for a service by the instances that Cloud Run did not bring
 * up while an event of its product goes on, for anything else by the event itself.
 */
export function regionSignature(found: Case, component: string, region: string): Observation[] {
  const events = eventsFor(found, component, region);
  if (events.length === 0) return [];
  if (componentOf(found.configuration, component)?.type !== 'cloud-run') return events;
  return current(found.index, component, signal.logError).filter(
    (line) => (numberOf(line) ?? 0) > 0 && instanceNotStarted.test(line.text ?? ''),
  );
}
