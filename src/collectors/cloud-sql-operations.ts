import { z } from 'zod';
import { signal } from '../core/signals.ts';
import type { CloudSqlComponent } from '../config/repository.schema.ts';
import type { Source } from '../core/snapshot.ts';
import { ofType } from './collector.ts';
import type {
  Changed,
  GoogleCollector,
  GoogleContext,
  Measured,
  NamedComponent,
  Read,
  Reading,
} from './collector.ts';
import { parseAnswer } from './parse-answer.ts';
import { consoleLink, gcloud, segment } from './provenance.ts';

const api = 'sqladmin.googleapis.com';
const day = 86_400_000;

/** Operations asked for: the newest ones, far more than a day has. */
const asked = 100;

/** An instant as the API writes it, as we do; one that is no time is as good as none. */
const instant = z
  .string()
  .optional()
  .transform((text) =>
    text !== undefined && Number.isFinite(Date.parse(text)) ? new Date(text).toISOString() : null,
  );

const operationList = z.object({
  items: z
    .array(
      z.object({
        operationType: z.string().default('UNKNOWN'),
        status: z.string().default('UNKNOWN'),
        insertTime: instant,
        startTime: instant,
        endTime: instant,
        error: z
          .object({
            errors: z
              .array(z.object({ code: z.string().optional(), message: z.string().optional() }))
              .default([]),
          })
          .optional(),
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
});

type Operation = z.output<typeof operationList>['items'][number];

/** Cloud SQL operations of the last 24 hours: restarts, failovers, maintenance, updates, backups. */
export const cloudSqlOperations: GoogleCollector = {
  name: 'cloud-sql-operations',
  kind: 'google',
  api,
  role: 'roles/cloudsql.viewer',
  types: ['cloud-sql'],
  signals: [
    {
      signal: signal.operation,
      unit: null,
      example: 'RESTART DONE',
      meaning:
        'Type and status of an operation of the last 24 hours, with its start and end; none where there was none. Backups and exports that are done are left out',
    },
  ],
  reads: (context) => ofType(context.components, 'cloud-sql').map((named) => readOf(named, context)),
};

function readOf({ id, component }: NamedComponent<CloudSqlComponent>, context: GoogleContext): Read {
  const { google, project } = context;
  const source: Source = {
    api,
    method: 'Operations.List',
    query: `projects/${project}/operations?instance=${component.instance}`,
    console: consoleLink(`sql/instances/${segment(component.instance)}/operations`, project),
    command: gcloud('sql operations list', [], { instance: component.instance, project }),
  };
  return {
    components: [id],
    signal: signal.operation,
    source,
    run: async (abort) => {
      const query = { instance: component.instance, maxResults: String(asked) };
      const path = `/v1/projects/${segment(project)}/operations`;
      const answer = await google.get({ host: api, path, query, signal: abort });
      const { items, nextPageToken } = parseAnswer(operationList, answer, 'operations');
      return readingOf(id, items, Boolean(nextPageToken), source, context);
    },
  };
}

async function readingOf(
  component: string,
  operations: readonly Operation[],
  cut: boolean,
  source: Source,
  context: GoogleContext,
): Promise<Reading> {
  const from = context.now.getTime() - day;
  const window = { from: new Date(from).toISOString(), to: context.now.toISOString() };
  const recent = operations.filter((operation) => ends(operation, context.now) >= from);
  const told = recent.filter((operation) => !isDoneBackup(operation));
  // Newest first: the page is cut short of the day only if it is full of it.
  const partial = cut && recent.length === operations.length ? { partial: true } : {};
  const base = { component, signal: signal.operation, unit: null, window, source, ...partial };
  if (told.length === 0) {
    const left = recent.length === 0 ? {} : { text: `left out: ${recent.length} done backups or exports` };
    return { observations: [{ ...base, value: 'none', ...left }] };
  }
  const observations = await Promise.all(
    told.map(async (operation): Promise<Measured> => {
      const error = operation.error?.errors.map(({ code, message }) => message ?? code ?? '').join('; ');
      return {
        ...base,
        value: `${operation.operationType} ${operation.status}`,
        ...(error ? { text: (await context.redact(error)).slice(0, 500) } : {}),
        ...timesOf(operation),
      };
    }),
  );
  return { observations, changes: told.flatMap((operation) => changeOf(component, operation, source)) };
}

/** They come every day and disturb nothing. */
function isDoneBackup({ operationType, status, error }: Operation): boolean {
  return isBackup(operationType) && status === 'DONE' && error === undefined;
}

function isBackup(operationType: string): boolean {
  return /BACKUP|EXPORT/.test(operationType);
}

/** An operation as a change of the instance; backups and exports change nothing. */
function changeOf(component: string, operation: Operation, source: Source): Changed[] {
  const at = operation.startTime ?? operation.insertTime;
  if (at === null || isBackup(operation.operationType)) return [];
  const to = `${operation.operationType} ${operation.status}`;
  return [{ kind: 'operation', component, at, diff: [{ key: signal.operation, from: null, to }], source }];
}

function timesOf({ startTime, insertTime, endTime }: Operation): Pick<Measured, 'first' | 'last'> {
  const first = startTime ?? insertTime;
  return { ...(first === null ? {} : { first }), ...(endTime === null ? {} : { last: endTime }) };
}

/** When it ended, in ms; one that runs has not. */
function ends({ endTime, startTime, insertTime, status }: Operation, now: Date): number {
  if (status !== 'DONE') return now.getTime();
  return Date.parse(endTime ?? startTime ?? insertTime ?? '') || 0;
}
