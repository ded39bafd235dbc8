import type { z } from 'zod';
import { signal } from '../core/signals.ts';
import type { TerraformStateComponent } from '../config/repository.schema.ts';
import type { Source } from '../core/snapshot.ts';
import { ofType } from './collector.ts';
import type {
  GoogleCollector,
  GoogleContext,
  Measured,
  Missed,
  NamedComponent,
  Read,
  Reading,
} from './collector.ts';
import { parseAnswer } from './parse-answer.ts';
import { consoleLink, gcloud, segment } from './provenance.ts';
import { ReadFailure, asReadFailure } from './read-failure.ts';
import type { Setting } from './revision-settings.ts';
import { differencesFromState } from './settings-difference.ts';
import { declaredSettings } from './terraform-declared.ts';
import { liveApis, liveSettings } from './terraform-live.ts';
import type { ComparedComponent } from './terraform-live.ts';
import { objectAnswer, stateFile } from './terraform-state.schema.ts';
import type { StateResource } from './terraform-state.schema.ts';

const api = 'storage.googleapis.com';

/** Fields of one component that are told one by one at most. */
const fieldCap = 25;

/**
 * Terraform's state object against what is live, for the configured components. Only named fields are taken out
 * of it; what Terraform marks as sensitive is compared and not shown.
 */
export const terraformState: GoogleCollector = {
  name: 'terraform-state',
  kind: 'google',
  api,
  role: 'roles/storage.objectViewer',
  roleOn: 'bucket',
  comparesWith: liveApis,
  types: ['terraform-state'],
  signals: [
    {
      signal: signal.stateUpdated,
      unit: null,
      example: '2025-09-12T08:00:00.000Z',
      meaning: 'When the state was written',
    },
    {
      signal: signal.stateSerial,
      unit: null,
      example: '412',
      meaning: 'Its serial number, which grows with each change',
    },
    {
      signal: signal.terraformVersion,
      unit: null,
      example: '1.9.5',
      meaning: 'Version of Terraform that wrote it',
    },
    {
      signal: signal.stateResources,
      unit: null,
      example: '87',
      meaning: 'Managed resources in it, of all types',
    },
    {
      signal: signal.drift,
      unit: null,
      example: 'differs',
      meaning:
        'A configured Cloud Run service, connector or Cloud SQL instance, its id after the dot: same, differs, not in the state, not live (in the state, and gone)',
    },
    {
      signal: signal.difference,
      unit: null,
      example: 'state 1Gi, live 512Mi',
      meaning:
        'One field that differs, with both values; component and field after the dot: terraform.difference.backend.limit.memory',
    },
  ],
  reads: (context) =>
    ofType(context.components, 'terraform-state').flatMap((named) => readsOf(named, context)),
};

/** The state itself, and a comparison for each component: one that hangs keeps nothing from the others. */
function readsOf({ id, component }: NamedComponent<TerraformStateComponent>, context: GoogleContext): Read[] {
  const source = sourceOf(component, context);
  const base = { components: [id], source, bucket: component.bucket };
  const path = `/storage/v1/b/${segment(component.bucket)}/o/${segment(component.object)}`;
  let content: Promise<State> | null = null;
  // Parsed once for all comparisons; a failure is not kept.
  const state = (abort: AbortSignal) =>
    (content ??= readState(path, context, abort).catch((error: unknown) => {
      content = null;
      throw error;
    }));
  return [
    {
      ...base,
      signal: '*',
      run: async (abort) => {
        const [object, found] = await Promise.all([
          context.google.get({ host: api, path, signal: abort }),
          state(abort),
        ]);
        const { updated } = parseAnswer(objectAnswer, object, 'object');
        const observe = observing(id, source);
        return {
          observations: [
            ...observe(signal.stateUpdated, updated),
            ...observe(signal.stateSerial, String(found.serial)),
            ...observe(signal.terraformVersion, found.terraformVersion.slice(0, 50)),
            ...observe(signal.stateResources, String(found.instances)),
          ],
        };
      },
    },
    ...comparedComponents(context).map((named): Read => ({
      ...base,
      signal: `${signal.drift}${named.id}`,
      run: async (abort) => {
        const [found, live] = await Promise.all([state(abort), liveOrFailure(named, context, abort)]);
        return comparison(id, named, live, found.resources, source, context);
      },
    })),
  ];
}

type State = z.output<typeof stateFile>;

/**
 * The state. A repository may name any bucket that Sitrep's identity reads, and is granted projects: of a state without
 * anything of the granted project nothing is told, not even its age.
 */
async function readState(
  path: string,
  { google, project }: GoogleContext,
  abort: AbortSignal,
): Promise<State> {
  const query = { alt: 'media' };
  const answer = await google.get({ host: api, path, query, signal: abort });
  const state = parseAnswer(stateFile, answer, 'Terraform state');
  if (state.resources.some((resource) => resource.project === project)) return state;
  throw new ReadFailure(
    'no-data',
    `the state holds no service, connector or database of the project ${project}`,
  );
}

function comparedComponents({ configured }: GoogleContext): NamedComponent<ComparedComponent>[] {
  const [run, connectors, databases] = [
    ofType(configured, 'cloud-run'),
    ofType(configured, 'vpc-connector'),
    ofType(configured, 'cloud-sql'),
  ];
  return [...run, ...connectors, ...databases];
}

async function liveOrFailure(
  { component }: NamedComponent<ComparedComponent>,
  context: GoogleContext,
  abort: AbortSignal,
): Promise<Map<string, Setting> | ReadFailure> {
  try {
    return await liveSettings(component, context, abort);
  } catch (error) {
    return asReadFailure(error, 'invalid-response');
  }
}

/** What the comparison of one component gives. A live part that failed has its remedy where it was read itself. */
async function comparison(
  id: string,
  named: NamedComponent<ComparedComponent>,
  live: Map<string, Setting> | ReadFailure,
  resources: readonly StateResource[],
  source: Source,
  context: GoogleContext,
): Promise<Reading> {
  const observe = observing(id, source);
  const name = `${signal.drift}${named.id}`;
  const gap = (reason: Missed['reason'], detail: string): Reading => ({
    observations: [],
    gaps: [{ component: id, signal: name, reason, detail: `${named.id}: ${detail}`, source }],
  });
  const resource = resources.find((one) => describes(one, named.component, context));
  if (!resource) return { observations: observe(name, 'not in the state') };
  if (live instanceof ReadFailure) {
    if (live.reason !== 'not-found') return gap('no-data', `what is live was not read: ${live.message}`);
    return { observations: observe(name, 'not live', `${resource.type} ${resource.name}`) };
  }
  const declared = await declaredSettings(resource, context.redact);
  if (declared === null) return gap('invalid-response', `its attributes do not fit ${resource.type}`);
  const found = differencesFromState(declared, live);
  const fields = found.map(({ key }) => key).join(', ');
  return {
    observations: [
      ...observe(name, found.length === 0 ? 'same' : 'differs', fields.slice(0, 300) || undefined),
      ...found
        .slice(0, fieldCap)
        .flatMap(({ key, text }) => observe(`${signal.difference}${named.id}.${key}`, text)),
    ],
  };
}

const typesOf: Record<ComparedComponent['type'], readonly StateResource['type'][]> = {
  'cloud-run': ['google_cloud_run_v2_service', 'google_cloud_run_service'],
  'vpc-connector': ['google_vpc_access_connector'],
  'cloud-sql': ['google_sql_database_instance'],
};

/**
 * Whether a resource is this component: by its type, name and region, in the project that this repository may read.
 * Of any other project a state says nothing here, whoever's bucket it lies in.
 */
function describes(
  resource: StateResource,
  component: ComparedComponent,
  { project, region }: GoogleContext,
): boolean {
  const name =
    component.type === 'cloud-run'
      ? component.service
      : component.type === 'cloud-sql'
        ? component.instance
        : component.name;
  return (
    typesOf[component.type].includes(resource.type) &&
    resource.name === name &&
    resource.project === project &&
    (resource.place === null || component.type === 'cloud-sql' || resource.place === region)
  );
}

function observing(component: string, source: Source) {
  return (name: string, value: string | null, text?: string): Measured[] =>
    value
      ? [
          {
            component,
            signal: name,
            value,
            unit: null,
            window: null,
            ...(text === undefined ? {} : { text }),
            source,
          },
        ]
      : [];
}

function sourceOf({ bucket, object }: TerraformStateComponent, { project }: GoogleContext): Source {
  const url = `gs://${bucket}/${object}`;
  return {
    api,
    method: 'Objects.Get',
    query: url,
    console: consoleLink(
      `storage/browser/_details/${segment(bucket)}/${object.split('/').map(segment).join('/')}`,
      project,
    ),
    command: gcloud('storage objects describe', [url], { project }),
  };
}
