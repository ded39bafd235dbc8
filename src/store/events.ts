import type { Kysely, Selectable, Transaction } from 'kysely';
import { auditedEvent } from '../core/audited-events.ts';
import { eventBodySchema, type IncidentEvent, type NewEvent } from '../core/incident/events.ts';
import { stateOf, type IncidentState } from '../core/incident/state.ts';
import { recordAudit } from './audit.ts';
import { json, text } from './json.ts';
import type { Database, IncidentEventTable } from './schema.ts';

/**
 * Adds events to the record of an incident and brings its row to what follows from them. An event that is there already,
 * by its key, is left out. The incident's row is locked, so that two who add at once do so one after the other. What is an
 * act is audited with it.
 *
 * @param delivery GUID of the delivery that the events come from; null where they come from none
 */
export async function appendEvents(
  trx: Transaction<Database>,
  incidentId: string,
  events: readonly NewEvent[],
  recordedAt: Date,
  delivery: string | null = null,
): Promise<IncidentState> {
  const incident = await trx
    .selectFrom('incident')
    .select(['installation_id', 'repository_id', 'repository', 'issue'])
    .where('id', '=', incidentId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (events.length > 0) {
    const added = await trx
      .insertInto('incident_event')
      .values(
        events.map(({ key, at, by, url, body }) => ({
          incident_id: incidentId,
          key: text(key),
          at: new Date(at),
          recorded_at: recordedAt,
          by: text(by),
          url: url === null ? null : text(url),
          body: json(body),
        })),
      )
      .onConflict((conflict) => conflict.columns(['incident_id', 'key']).doNothing())
      .returning('key')
      .execute();
    const keys = new Set(added.map(({ key }) => key));
    await recordAudit(
      trx,
      ...events
        .filter(({ key }) => keys.has(text(key)))
        .flatMap((event) => {
          const act = auditedEvent(event.body);
          if (act === null) return [];
          return [
            {
              key: null,
              at: recordedAt,
              who: event.by,
              what: act.what,
              installationId: incident.installation_id,
              repositoryId: incident.repository_id,
              repository: incident.repository,
              issue: incident.issue,
              delivery,
              detail: { ...act.detail, url: event.url },
            },
          ];
        }),
    );
  }
  const state = stateOf(await eventsOf(trx, incidentId));
  await project(trx, incidentId, state, recordedAt);
  return state;
}

/** What happened in an incident, in the order in which it was recorded. */
export async function eventsOf(db: Kysely<Database>, incidentId: string): Promise<IncidentEvent[]> {
  const rows = await db
    .selectFrom('incident_event')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

function fromRow(row: Selectable<IncidentEventTable>): IncidentEvent {
  return {
    key: row.key,
    at: row.at.toISOString(),
    by: row.by,
    url: row.url,
    body: eventBodySchema.parse(row.body),
    recordedAt: row.recorded_at.toISOString(),
  };
}

/** What others look an incident up by. */
async function project(
  trx: Transaction<Database>,
  incidentId: string,
  state: IncidentState,
  at: Date,
): Promise<void> {
  await trx
    .updateTable('incident')
    .set({
      declared: state.declared !== null,
      watched: state.watched,
      severity: state.severity,
      stage: state.stage,
      lead: state.lead === null ? null : text(state.lead),
      regression_of: state.regression?.of ?? 0,
      resolved_at: state.resolution === null ? null : new Date(state.resolution.at),
      snoozed_until: state.snoozedUntil === null ? null : new Date(state.snoozedUntil),
      updated_at: at,
      ...(state.declared === null ? {} : { declared_at: new Date(state.declared.at) }),
    })
    .where('id', '=', incidentId)
    .execute();
}
