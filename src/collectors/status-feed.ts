import { z } from 'zod';
import type { Source } from '../core/snapshot.ts';
import type { CloudEvent } from './cloud-event.ts';
import type { GoogleAccess } from './google-access.ts';
import { instantOrNull } from './instant.ts';
import { parseAnswer } from './parse-answer.ts';

/** Host of the public status feed. It needs no identity, and none is shown to it. */
export const statusHost = 'status.cloud.google.com';

const named = z.object({ title: z.string().default(''), id: z.string().default('') });

/** The parts that matter of `incidents.schema.json` beside the feed. An incident that goes on has no `end`. */
const feed = z.array(
  z.object({
    id: z.string(),
    external_desc: z.string().default(''),
    begin: instantOrNull,
    end: z.string().nullish(),
    status_impact: z.string().default('UNKNOWN'),
    uri: z.string().default(''),
    affected_products: z.array(named).default([]),
    currently_affected_locations: z.array(named).default([]),
    previously_affected_locations: z.array(named).default([]),
  }),
);

export const statusSource: Source = {
  api: statusHost,
  method: 'GET',
  query: `https://${statusHost}/incidents.json`,
  console: `https://${statusHost}`,
  command: `curl -sS https://${statusHost}/incidents.json`,
};

/** What Google tells the public of its incidents. Rejects with a `ReadFailure`. */
export async function readStatusFeed(google: GoogleAccess, signal: AbortSignal): Promise<CloudEvent[]> {
  const answer = await google.getPublic({ host: statusHost, path: '/incidents.json', signal });
  return parseAnswer(feed, answer, 'status feed').map((incident) => ({
    id: incident.id,
    title: incident.external_desc,
    active: !incident.end,
    weight: /^[A-Z_]{1,40}$/.test(incident.status_impact) ? incident.status_impact : 'UNKNOWN',
    products: incident.affected_products.map(({ title }) => title),
    locations: [...incident.currently_affected_locations, ...incident.previously_affected_locations].map(
      ({ id }) => id,
    ),
    begin: incident.begin,
    end: instantOrNull.parse(incident.end),
    source: /^incidents\/\w{1,60}$/.test(incident.uri)
      ? { ...statusSource, console: `https://${statusHost}/${incident.uri}` }
      : statusSource,
  }));
}
