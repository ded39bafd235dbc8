import { z } from 'zod';
import type { Scenario } from '../scenario/schema.ts';
import { resourceAt } from '../scenario/timeline.ts';
import type { JsonObject } from './json.ts';

/**
 * The public status feed, `https://status.cloud.google.com/incidents.json`: a list of incidents, the newest first.
 * It has no protobuf; the fields are those of `incidents.schema.json` beside it. An incident that goes on has no
 * `end`.
 */

const instant = z.iso.datetime({ offset: true });
const place = z.strictObject({ title: z.string(), id: z.string() });
const impact = z.enum(['AVAILABLE', 'SERVICE_INFORMATION', 'SERVICE_DISRUPTION', 'SERVICE_OUTAGE']);
const update = z.strictObject({
  created: instant,
  modified: instant,
  when: instant,
  text: z.string(),
  status: impact,
  affected_locations: z.array(place).optional(),
});

const incident = z.strictObject({
  id: z.string(),
  number: z.string(),
  begin: instant,
  created: instant,
  end: instant.optional(),
  modified: instant,
  external_desc: z.string(),
  updates: z.array(update),
  most_recent_update: update,
  status_impact: impact,
  severity: z.enum(['low', 'medium', 'high']),
  service_key: z.string(),
  service_name: z.string(),
  affected_products: z.array(place),
  uri: z.string(),
  currently_affected_locations: z.array(place).optional(),
  previously_affected_locations: z.array(place).optional(),
});

/** What is wrong with an incident, one line each; empty where the feed could hold it. */
export function feedProblems(body: JsonObject): string[] {
  const { error } = incident.safeParse(body);
  return (error?.issues ?? []).map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
}

/** The feed as it stands at a time. @throws Error where the scenario has what the feed cannot hold */
export function feedAt(feed: Scenario['google']['status_feed'], now: Date): JsonObject[] {
  const incidents = feed.map((entry) => resourceAt(entry, now)).filter((body) => body !== null);
  const problems = incidents.flatMap(feedProblems);
  if (problems.length > 0) throw new Error(`The status feed cannot hold this: ${problems.join('; ')}`);
  return incidents.toSorted((a, b) => beginning(b) - beginning(a));
}

function beginning(body: JsonObject): number {
  return Date.parse(String(body['begin']));
}
