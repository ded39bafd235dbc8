import { signal } from '../core/signals.ts';
import type { Source } from '../core/snapshot.ts';
import type { Service } from './cloud-run.schema.ts';
import { api, serviceListSource, serviceSource } from './cloud-run-source.ts';
import { mergedReadings, ofType } from './collector.ts';
import type {
  GoogleCollector,
  GoogleContext,
  Measured,
  Missed,
  NamedComponent,
  Reading,
} from './collector.ts';
import type { CloudRunComponent } from '../config/repository.schema.ts';
import { decimal } from './decimal.ts';

/** Cloud Run services: whether they are ready and why not, and which revisions have the traffic. */
export const cloudRunServices: GoogleCollector = {
  name: 'cloud-run-services',
  kind: 'google',
  api,
  role: 'roles/run.viewer',
  types: ['cloud-run'],
  signals: [
    {
      signal: signal.ready,
      unit: null,
      example: 'CONDITION_FAILED',
      meaning: 'State of the terminal condition of the service; its message is the text',
    },
    {
      signal: signal.readyReason,
      unit: null,
      example: 'HEALTH_CHECK_CONTAINER_ERROR',
      meaning: 'Reason of that condition, where it has one',
    },
    {
      signal: signal.servingRevision,
      unit: null,
      example: 'netra-backend-staging-00750-69k',
      meaning: 'Revision with the most traffic',
    },
    {
      signal: signal.createdRevision,
      unit: null,
      example: 'netra-backend-staging-00750-69k',
      meaning: 'Revision that was created last',
    },
    {
      signal: signal.readyRevision,
      unit: null,
      example: 'netra-backend-staging-00749-6tr',
      meaning: 'Revision that became ready last',
    },
    {
      signal: signal.traffic,
      unit: '%',
      example: '100',
      meaning: 'Share of the traffic that a revision gets',
    },
    {
      signal: signal.serviceScalingMin,
      unit: null,
      example: '2',
      meaning: 'Least number of instances of all revisions together, where the service sets it',
    },
    {
      signal: signal.serviceScalingMax,
      unit: null,
      example: '40',
      meaning: 'Greatest number of instances of all revisions together, where the service sets it',
    },
    {
      signal: signal.serviceScalingManual,
      unit: null,
      example: '5',
      meaning: 'Fixed number of instances, where scaling is manual; with 0 nothing runs',
    },
    {
      signal: signal.ingress,
      unit: null,
      example: 'internal-and-cloud-load-balancing',
      meaning: 'From where requests may come: all, internal, internal-and-cloud-load-balancing, none',
    },
  ],
  reads: (context) => {
    const components = ofType(context.components, 'cloud-run');
    return [
      {
        components: components.map(({ id }) => id),
        signal: '*',
        source: serviceListSource(context),
        run: async () => {
          const { items, partial } = await context.cloudRun.services();
          const byName = new Map(items.map((service) => [service.name, service]));
          const readings = await Promise.all(
            components.map((named) =>
              readingOf(named, byName.get(named.component.service), partial, context),
            ),
          );
          return mergedReadings(readings);
        },
      },
    ];
  },
};

/** The API's names, and those that `gcloud run --ingress` has. */
const ingressNames = new Map([
  ['INGRESS_TRAFFIC_ALL', 'all'],
  ['INGRESS_TRAFFIC_INTERNAL_ONLY', 'internal'],
  ['INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER', 'internal-and-cloud-load-balancing'],
  ['INGRESS_TRAFFIC_NONE', 'none'],
]);

async function readingOf(
  { id, component }: NamedComponent<CloudRunComponent>,
  service: Service | undefined,
  partial: boolean,
  context: GoogleContext,
): Promise<Reading> {
  const source = serviceSource(component.service, context);
  if (!service) return { observations: [], gaps: [missing(id, component.service, partial, source)] };
  const observe = (name: string, value: string | null, more: Partial<Measured> = {}): Measured[] =>
    value === null ? [] : [{ component: id, signal: name, value, unit: null, window: null, ...more, source }];
  const condition = service.terminalCondition;
  const message = condition?.message ? await context.redact(condition.message) : null;
  const traffic = trafficOf(service);
  return {
    observations: [
      ...observe(
        signal.ready,
        condition?.state ?? null,
        message === null ? {} : { text: message.slice(0, 500) },
      ),
      ...observe(signal.readyReason, condition?.reason ?? null),
      ...observe(signal.servingRevision, traffic[0]?.revision ?? null),
      ...observe(signal.createdRevision, service.latestCreatedRevision),
      ...observe(signal.readyRevision, service.latestReadyRevision),
      ...traffic.flatMap(({ revision, percent }) =>
        observe(signal.traffic, decimal(percent), { unit: '%', revision }),
      ),
      ...observe(signal.serviceScalingMin, setCount(service.scaling?.minInstanceCount)),
      ...observe(signal.serviceScalingMax, setCount(service.scaling?.maxInstanceCount)),
      ...observe(signal.serviceScalingManual, manualCount(service.scaling)),
      ...observe(signal.ingress, ingressNames.get(service.ingress ?? '') ?? null),
    ],
    gaps:
      condition?.state === null || condition === null
        ? [
            {
              component: id,
              signal: signal.ready,
              reason: 'no-data',
              detail: 'the service has no terminal condition yet',
              source,
            },
          ]
        : [],
  };
}

/** A number of instances that the service sets; the client fills what is not set with 0. */
function setCount(count: number | null | undefined): string | null {
  return count ? decimal(count) : null;
}

/** With manual scaling 0 is a choice: nothing runs. */
function manualCount(scaling: Service['scaling']): string | null {
  return scaling?.scalingMode === 'MANUAL' ? decimal(scaling.manualInstanceCount ?? 0) : null;
}

/** The revisions that get traffic, the largest share first. Traffic to "latest" goes to the latest ready one. */
export function trafficOf(service: Service): { revision: string; percent: number }[] {
  const shares = new Map<string, number>();
  for (const { revision, percent } of service.trafficStatuses) {
    const name = revision?.split('/').at(-1) ?? service.latestReadyRevision;
    if (name !== null && percent !== null && percent > 0) shares.set(name, (shares.get(name) ?? 0) + percent);
  }
  return [...shares]
    .map(([revision, percent]) => ({ revision, percent }))
    .toSorted((a, b) => b.percent - a.percent || (a.revision < b.revision ? 1 : -1));
}

function missing(component: string, name: string, partial: boolean, source: Source): Missed {
  return partial
    ? {
        component,
        signal: '*',
        reason: 'no-data',
        detail: `the list of services was cut off before ${name}`,
        source,
      }
    : {
        component,
        signal: '*',
        reason: 'not-found',
        detail: `there is no Cloud Run service ${name}`,
        source,
      };
}
