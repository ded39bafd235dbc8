import { z } from 'zod';
import { signal } from '../core/signals.ts';
import type { Source } from '../core/snapshot.ts';
import { eventFigures, eventWindow } from './cloud-event.ts';
import type { CloudEvent, EventFigure, EventScope } from './cloud-event.ts';
import type { GoogleCollector, GoogleContext, Missed, Read, Reading } from './collector.ts';
import { instantOrNull } from './instant.ts';
import { parseAnswer } from './parse-answer.ts';
import { consoleLink, gcloud, segment } from './provenance.ts';
import { ReadFailure, asReadFailure } from './read-failure.ts';
import { readStatusFeed, statusHost, statusSource } from './status-feed.ts';

const api = 'servicehealth.googleapis.com';

/** Events of a page, the API's greatest, and pages that are read at most. */
const pageSize = 100;
const pageCap = 3;

const word = z
  .string()
  .default('')
  .transform((text) => (/^[A-Z_]{1,40}$/.test(text) && !text.endsWith('UNSPECIFIED') ? text : 'UNKNOWN'));

const eventList = z.object({
  events: z
    .array(
      z.object({
        name: z.string(),
        title: z.string().default(''),
        state: word,
        relevance: word,
        eventImpacts: z
          .array(
            z.object({
              product: z.object({ productName: z.string().optional() }).optional(),
              location: z.object({ locationName: z.string().optional() }).optional(),
            }),
          )
          .default([]),
        startTime: instantOrNull,
        endTime: instantOrNull,
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
});

type EventAnswer = z.output<typeof eventList>['events'][number];

/** What Google says of the region: events of Service Health; where that cannot be read, of the public feed. */
export const serviceHealth: GoogleCollector = {
  name: 'service-health',
  kind: 'google',
  api,
  role: 'roles/servicehealth.viewer',
  fallback: statusHost,
  types: ['google-region'],
  signals: [
    {
      signal: signal.activeEvents,
      unit: null,
      example: '1',
      meaning: 'Events that go on and concern a product in use in the region; 0 is measured',
    },
    {
      signal: signal.event,
      unit: null,
      example: 'ACTIVE IMPACTED',
      meaning:
        'An event of the last 24 hours: its state, and its relevance to the project or, in the public feed, its impact; with title, products and places, begin and end',
    },
  ],
  reads: (context) => [readEvents(context)],
};

function readEvents(context: GoogleContext): Read {
  const components = context.components.map(({ id }) => id);
  const { from } = eventWindow(context.now);
  const filter = `state=ACTIVE OR update_time>=${from}`;
  const source: Source = {
    api,
    method: 'Events.List',
    query: `projects/${context.project}/locations/global/events?filter=${filter}`,
    console: consoleLink('servicehealth/incidents', context.project),
    command: gcloud('service-health events list', [], {
      location: 'global',
      filter: 'state=ACTIVE',
      project: context.project,
    }),
  };
  const scope: EventScope = {
    region: context.region,
    types: new Set(context.configured.map(({ component }) => component.type)),
    now: context.now,
    redact: context.redact,
  };
  return {
    components,
    signal: '*',
    source,
    run: async (abort) => {
      const listed = await listEvents(filter, source, context, abort).catch((error: unknown) =>
        asReadFailure(error, 'invalid-response'),
      );
      if (!(listed instanceof ReadFailure)) {
        const { events, partial } = listed;
        return forEach(components, await eventFigures(events, scope, { source, partial }));
      }
      const incidents = listed.reason === 'no-credentials' ? null : await feedOrNull(context, abort);
      // Without the feed, the API's failure is what there is to say. Without an identity nothing of Google is asked.
      if (incidents === null) throw listed;
      const figures = await eventFigures(incidents, scope, { source: statusSource, partial: false });
      const detail = `${listed.detail} The public status feed was read instead: it does not say what concerns this project.`;
      const gaps = components.map((component): Missed => ({
        component,
        signal: signal.event,
        reason: listed.reason,
        detail,
        source,
      }));
      return { ...forEach(components, figures), gaps };
    },
  };
}

async function listEvents(
  filter: string,
  source: Source,
  { google, project }: GoogleContext,
  abort: AbortSignal,
): Promise<{ events: CloudEvent[]; partial: boolean }> {
  const path = `/v1/projects/${segment(project)}/locations/global/events`;
  const events: CloudEvent[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < pageCap; page += 1) {
    const query = {
      filter,
      pageSize: String(pageSize),
      ...(pageToken === undefined ? {} : { pageToken }),
    };
    const answer = await google.get({ host: api, path, query, signal: abort });
    const parsed = parseAnswer(eventList, answer, 'events');
    events.push(...parsed.events.map((event) => eventOf(event, source)));
    pageToken = parsed.nextPageToken;
    if (!pageToken) return { events, partial: false };
  }
  return { events, partial: true };
}

function eventOf(event: EventAnswer, source: Source): CloudEvent {
  return {
    id: event.name.split('/').at(-1) ?? event.name,
    title: event.title,
    active: event.state === 'ACTIVE',
    weight: event.relevance,
    products: unique(event.eventImpacts.flatMap(({ product }) => product?.productName ?? [])),
    locations: unique(event.eventImpacts.flatMap(({ location }) => location?.locationName ?? [])),
    begin: event.startTime,
    end: event.endTime,
    source,
  };
}

async function feedOrNull({ google }: GoogleContext, abort: AbortSignal): Promise<CloudEvent[] | null> {
  if (abort.aborted) return null;
  try {
    return await readStatusFeed(google, abort);
  } catch (error) {
    if (error instanceof ReadFailure) return null;
    throw error;
  }
}

function forEach(components: readonly string[], figures: readonly EventFigure[]): Reading {
  return {
    observations: components.flatMap((component) => figures.map((figure) => ({ component, ...figure }))),
  };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}
