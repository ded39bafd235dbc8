import { z } from 'zod';
import { signal } from '../core/signals.ts';
import type { LoadBalancerComponent } from '../config/repository.schema.ts';
import type { Source } from '../core/snapshot.ts';
import { mergedReadings, ofType } from './collector.ts';
import type { GoogleCollector, GoogleContext, Measured, NamedComponent, Read, Reading } from './collector.ts';
import { instantOrNull } from './instant.ts';
import { entriesOfPage, listEntries, logging as api } from './list-entries.ts';
import { backendServicePath, compute } from './load-balancer-source.ts';
import { backendService } from './load-balancer.schema.ts';
import { parseAnswer } from './parse-answer.ts';
import { filterString, gcloud, logsLink } from './provenance.ts';
import { ReadFailure } from './read-failure.ts';

/** Different causes that are given of a component at most, the most frequent ones. */
const causeCap = 15;

type Balancer = NamedComponent<LoadBalancerComponent>;

/** How the load balancers of one scope log a request (their pages on logging at cloud.google.com/load-balancing). */
interface Form {
  resource: string;
  /** Label of the resource that has the backend service. */
  label: string;
  /** Answers that failed: 5xx, and 4xx that the load balancer gave itself. */
  failed: string;
}

const globally: Form = {
  resource: 'resource.type="http_load_balancer"',
  label: 'backend_service_name',
  failed:
    '(httpRequest.status>=500 OR (httpRequest.status>=400 AND NOT jsonPayload.statusDetails="response_sent_by_backend"))',
};

const regionally: Form = {
  resource: '(resource.type="http_external_regional_lb_rule" OR resource.type="internal_http_lb_rule")',
  label: 'backend_target_name',
  failed: '(httpRequest.status>=500 OR (httpRequest.status>=400 AND jsonPayload.proxyStatus:"error"))',
};

const requestEntry = z.object({
  insertId: z.string().default(''),
  timestamp: instantOrNull,
  resource: z.object({ labels: z.record(z.string(), z.string()).default({}) }).prefault({}),
  httpRequest: z.object({ status: z.number().optional() }).prefault({}),
  jsonPayload: z
    .object({ statusDetails: z.string().optional(), proxyStatus: z.string().optional() })
    .prefault({}),
});
type Entry = z.output<typeof requestEntry>;

/** What load balancers log of answers that failed: the state of serverless backends, which have no health checks. */
export const loadBalancerLog: GoogleCollector = {
  name: 'load-balancer-log',
  kind: 'google',
  api,
  role: 'roles/logging.viewer',
  comparesWith: [compute],
  types: ['load-balancer'],
  signals: [
    {
      signal: signal.failedResponses,
      unit: 'entries',
      example: '131',
      meaning:
        'Logged answers with 5xx, and with 4xx by the load balancer itself; 0 only where the log is known to be on',
    },
    {
      signal: signal.failedBy,
      unit: 'entries',
      example: '96',
      meaning:
        'Those of one status class and one cause as the load balancer states it (statusDetails, proxyStatus), for example responses.failed.5xx.backend_timeout',
    },
  ],
  reads: (context) => {
    const components = ofType(context.components, 'load-balancer');
    const ofGlobal = components.filter(({ component }) => component.region === undefined);
    const ofRegion = components.filter(({ component }) => component.region !== undefined);
    return [
      ...(ofGlobal.length === 0 ? [] : [read(ofGlobal, globally, context)]),
      ...(ofRegion.length === 0 ? [] : [read(ofRegion, regionally, context)]),
    ];
  },
};

function read(components: readonly Balancer[], form: Form, context: GoogleContext): Read {
  const filter = filterOf(
    components.map(({ component }) => component.backend_service),
    form,
    context,
  );
  return {
    components: components.map(({ id }) => id),
    signal: signal.failedResponses,
    source: sourceOf(filter, context),
    run: async (abort) => {
      const [{ entries, partial }, logged] = await Promise.all([
        readEntries(filter, context, abort),
        Promise.all(components.map(async ({ component }) => isLogged(component, context, abort))),
      ]);
      const byService = Map.groupBy(entries, ({ resource }) => resource.labels[form.label] ?? '');
      return mergedReadings(
        components.map(({ id, component }, index) => {
          const name = component.backend_service;
          const source = sourceOf(filterOf([name], form, context), context);
          const own = byService.get(name) ?? [];
          return figuresOf(id, own, { source, partial, isLogged: logged[index] ?? null, name }, context);
        }),
      );
    },
  };
}

/** Whether the backend service logs all or some requests; null where that could not be read. */
async function isLogged(
  component: LoadBalancerComponent,
  context: GoogleContext,
  abort: AbortSignal,
): Promise<boolean | null> {
  try {
    const path = backendServicePath(component, context);
    const answer = await context.google.get({ host: compute, path, signal: abort });
    const { logConfig } = parseAnswer(backendService, answer, 'backend service');
    return logConfig.enable && logConfig.sampleRate > 0;
  } catch (error) {
    if (error instanceof ReadFailure) return null;
    throw error;
  }
}

interface LogFacts {
  source: Source;
  partial: boolean;
  isLogged: boolean | null;
  name: string;
}

function figuresOf(
  component: string,
  entries: readonly Entry[],
  { source, partial, isLogged: logs, name }: LogFacts,
  { window }: GoogleContext,
): Reading {
  if (entries.length === 0 && logs !== true) {
    const why =
      logs === null ? 'whether it logs requests could not be read' : 'its logging of requests is off';
    const detail = `no failed answer is logged for ${name}, and ${why}`;
    return {
      observations: [],
      gaps: [{ component, signal: signal.failedResponses, reason: 'no-data', detail, source }],
    };
  }
  const base = { component, unit: 'entries', window, source, ...(partial ? { partial: true } : {}) };
  const causes = [...Map.groupBy(entries, causeOf)]
    .toSorted(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .slice(0, causeCap);
  const count = (signalName: string, some: readonly Entry[]): Measured => ({
    ...base,
    signal: signalName,
    value: String(some.length),
    ...timesOf(some),
  });
  return {
    observations: [
      count(signal.failedResponses, entries),
      ...causes.map(([cause, some]) => count(`${signal.failedBy}${cause}`, some)),
    ],
  };
}

/** `5xx.backend_timeout`; the cause is a word of the load balancer's own. */
function causeOf({ httpRequest: { status }, jsonPayload }: Entry): string {
  const proxy =
    /details="([^"]*)"/.exec(jsonPayload.proxyStatus ?? '') ??
    /error="([^"]*)"/.exec(jsonPayload.proxyStatus ?? '');
  const cause = jsonPayload.statusDetails ?? proxy?.[1] ?? '';
  const ofClass = status === undefined ? 'none' : `${Math.floor(status / 100)}xx`;
  return `${ofClass}.${/^[a-z][a-z0-9_]{0,60}$/.test(cause) ? cause : 'unstated'}`;
}

function timesOf(entries: readonly Entry[]): Pick<Measured, 'first' | 'last'> {
  const times = entries.flatMap(({ timestamp }) => timestamp ?? []).toSorted();
  const [first, last] = [times[0], times.at(-1)];
  return first === undefined || last === undefined ? {} : { first, last };
}

function readEntries(
  filter: string,
  context: GoogleContext,
  abort: AbortSignal,
): Promise<{ entries: Entry[]; partial: boolean }> {
  const keyOf = ({ timestamp, insertId }: Entry) => `${timestamp ?? ''} ${insertId}`;
  return listEntries(filter, { entry: requestEntry, keyOf }, context, abort);
}

function filterOf(names: readonly string[], form: Form, { window }: GoogleContext): string {
  const quoted = [...new Set(names)].map(filterString);
  const [only = '""'] = quoted;
  return [
    form.resource,
    `resource.labels.${form.label}=${quoted.length === 1 ? only : `(${quoted.join(' OR ')})`}`,
    form.failed,
    `timestamp>${filterString(window.from)}`,
    `timestamp<=${filterString(window.to)}`,
  ].join(' AND ');
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
