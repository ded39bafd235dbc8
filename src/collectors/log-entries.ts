import { signal } from '../core/signals.ts';
import { ofType } from './collector.ts';
import type { GoogleCollector, GoogleContext, Measured, NamedComponent, Read } from './collector.ts';
import type { CloudRunComponent } from '../config/repository.schema.ts';
import type { Source } from '../core/snapshot.ts';
import { entriesOfPage, listEntries, logging as api } from './list-entries.ts';
import { logEntry } from './log-entry.schema.ts';
import type { LogEntry } from './log-entry.schema.ts';
import {
  connectFigures,
  endFigures,
  errorCount,
  errorLineFigures,
  exitFigures,
  signEntries,
  startFigures,
} from './log-figures.ts';
import type { LogScope, SignedEntries } from './log-figures.ts';
import { filterString, gcloud, logsLink } from './provenance.ts';

/** Longest filter that the API takes, in characters (cloud.google.com/logging/quotas). */
const filterLength = 20_000;

/** Names at most that a source shows: the entries of each service have a source of their own. */
const namesShown = 10;

/** Cloud Run's own lines: exits, starts, failed startup probes, memory limits, missing instances. */
const ofCloudRun = (project: string) =>
  `(logName=${filterString(`projects/${project}/logs/run.googleapis.com%2Fvarlog%2Fsystem`)} OR textPayload:"no available instance")`;

/** Lines in which the application says how long it took to connect. */
const ofConnects =
  '(textPayload=~"onnect.*[0-9] ?(s|ms|sec|second|millisecond)" OR jsonPayload.message=~"onnect.*[0-9] ?(s|ms|sec|second|millisecond)")';

/** Log entries of Cloud Run services over the window: errors, container exits, starts, connect times. */
export const logEntries: GoogleCollector = {
  name: 'log-entries',
  kind: 'google',
  api,
  role: 'roles/logging.viewer',
  types: ['cloud-run'],
  signals: [
    {
      signal: signal.logErrors,
      unit: 'entries',
      example: '451',
      meaning: 'Entries read with severity ERROR or above; a lower bound where marked partial',
    },
    {
      signal: signal.logError,
      unit: 'entries',
      example: '39',
      meaning:
        'Occurrences of one error signature by revision: a line without what varies, a traceback by its exception and the innermost frame of the application; with a redacted sample and its causes; warnings of Cloud Run itself too',
    },
    {
      signal: signal.logErrorRest,
      unit: 'entries',
      example: '40',
      meaning: `Entries of the error signatures beyond the most frequent ones, which are told one by one; the text says how many`,
    },
    {
      signal: signal.exit,
      unit: 'entries',
      example: '39',
      meaning: '"Container called exit(N)", by revision and code, the code after the dot',
    },
    {
      signal: signal.terminated,
      unit: 'entries',
      example: '5',
      meaning:
        '"Container terminated on signal N", by revision and signal, its number after the dot; 9 is a kill, often for memory, 15 an orderly end',
    },
    {
      signal: signal.memoryExceeded,
      unit: 'entries',
      example: '5',
      meaning:
        '"Memory limit of N MiB exceeded with M MiB used", by revision; the text is the line with most used',
    },
    {
      signal: signal.starts,
      unit: null,
      example: '41',
      meaning: 'Starts of containers, by the lines of Cloud Run itself',
    },
    {
      signal: signal.startsReady,
      unit: null,
      example: '2',
      meaning: 'Those of which the startup probe succeeded',
    },
    {
      signal: signal.connectTime,
      unit: 's',
      example: '22.4',
      meaning: 'Time that a line says the connection to the database took',
    },
  ],
  reads: (context) => {
    const components = ofType(context.components, 'cloud-run');
    if (components.length === 0) return [];
    return [
      read(components, context, signal.logErrors, 'severity>=ERROR', async (entries, scope, signed) => [
        ...errorCount(entries, scope),
        ...(await errorLineFigures(
          entries.filter(({ system }) => !system),
          scope,
          signed,
        )),
      ]),
      read(components, context, signal.exit, ofCloudRun(context.project), async (entries, scope, signed) => [
        ...exitFigures(entries, scope),
        ...(await endFigures(entries, scope)),
        ...startFigures(entries, scope),
        ...(await errorLineFigures(
          entries.filter(({ system, severity }) => system || severity === 'WARNING'),
          scope,
          signed,
        )),
      ]),
      read(components, context, signal.connectTime, ofConnects, connectFigures),
    ];
  },
};

type Figures = (entries: readonly LogEntry[], scope: LogScope, signed: SignedEntries) => Promise<Measured[]>;

/** Asks once for all components; the figures are taken for each from its own entries. */
function read(
  components: readonly NamedComponent<CloudRunComponent>[],
  context: GoogleContext,
  chief: string,
  condition: string,
  figures: Figures,
): Read {
  const names = components.map(({ component }) => component.service);
  const filter = filterOf(names, condition, context);
  const shown = names.length > namesShown ? filterOf([], condition, context) : filter;
  return {
    components: components.map(({ id }) => id),
    signal: chief,
    source: sourceOf(shown, context),
    run: async (abort) => {
      const { entries, partial } = await readEntries(filter, context, abort);
      const byService = Map.groupBy(entries, ({ service }) => service);
      const signed = signEntries(entries);
      const found = components.map(({ id, component }) => {
        const scope: LogScope = {
          component: id,
          window: context.window,
          source: sourceOf(filterOf([component.service], condition, context), context),
          partial,
          redact: context.redact,
        };
        return figures(byService.get(component.service) ?? [], scope, signed);
      });
      return { observations: (await Promise.all(found)).flat() };
    },
  };
}

/** Entries of a query, newest first, each once. */
export function readEntries(
  filter: string,
  context: GoogleContext,
  abort: AbortSignal,
): Promise<{ entries: LogEntry[]; partial: boolean }> {
  return listEntries(filter, { entry: logEntry, keyOf: ({ id }) => id }, context, abort);
}

/** The filter for these services; for all of the region where there is none, or there are too many to be named. */
function filterOf(services: readonly string[], condition: string, context: GoogleContext): string {
  const names = [...new Set(services)].map(filterString);
  const { region, window } = context;
  const named = names.length === 1 ? (names[0] ?? '""') : `(${names.join(' OR ')})`;
  const filter = [
    'resource.type="cloud_run_revision"',
    `resource.labels.location=${filterString(region)}`,
    ...(names.length === 0 ? [] : [`resource.labels.service_name=${named}`]),
    condition,
    `timestamp>${filterString(window.from)}`,
    `timestamp<=${filterString(window.to)}`,
  ].join(' AND ');
  return filter.length > filterLength && names.length > 0 ? filterOf([], condition, context) : filter;
}

function sourceOf(filter: string, { project, window }: GoogleContext): Source {
  return {
    api,
    method: 'Entries.List',
    query: filter,
    console: logsLink(filter, window, project),
    command: gcloud('logging read', [filter], { project, order: 'desc', limit: String(entriesOfPage) }),
  };
}
