import { signal } from '../core/signals.ts';
import { decimal } from './decimal.ts';
import { comparable, shownEnvironmentValues } from './environment-value.ts';
import type { Setting } from './revision-settings.ts';
import type {
  ConnectorAttributes,
  DatabaseAttributes,
  KnativeAttributes,
  RunAttributes,
  StateResource,
} from './terraform-state.schema.ts';

/** A setting as the state declares it. */
export interface DeclaredSetting extends Setting {
  /** Whether Terraform marks it as sensitive: then neither side is shown. */
  hidden: boolean;
}

/** What a resource declares, by the names under which the collectors give the same of what is live. */
export type DeclaredSettings = Map<string, DeclaredSetting>;

type Redact = (text: string) => Promise<string>;

/** Settings with the path of attributes that leads to each, from the outside in. */
class Declaration {
  readonly settings: DeclaredSettings = new Map();
  readonly #sensitive: StateResource['sensitive'];

  constructor(sensitive: StateResource['sensitive']) {
    this.#sensitive = sensitive;
  }

  set(name: string, path: string, value: string | number | null | undefined, shown?: string): void {
    if (value === null || value === undefined) return;
    const raw = typeof value === 'number' ? decimal(value) : value;
    const hidden = this.#sensitive.some((marked) => isBelow(path.split('.'), marked));
    this.settings.set(name, { shown: shown ?? raw, unit: null, raw, hidden });
  }
}

/** A mark on a block holds for all in it, and one within an attribute for the whole of it. */
function isBelow(path: readonly string[], marked: readonly string[]): boolean {
  const length = Math.min(path.length, marked.length);
  return path.slice(0, length).every((name, index) => name === marked[index]);
}

/** The settings that a resource of the state declares; null where its attributes do not fit its type. */
export async function declaredSettings(
  { declared, sensitive }: StateResource,
  redact: Redact,
): Promise<DeclaredSettings | null> {
  const declaration = new Declaration(sensitive);
  switch (declared?.type) {
    case undefined:
      return null;
    case 'google_cloud_run_v2_service':
      await addRun(declaration, declared.attributes, redact);
      break;
    case 'google_cloud_run_service':
      await addKnative(declaration, declared.attributes, redact);
      break;
    case 'google_vpc_access_connector':
      addConnector(declaration, declared.attributes);
      break;
    case 'google_sql_database_instance':
      addDatabase(declaration, declared.attributes);
      break;
  }
  return declaration.settings;
}

async function addRun(declaration: Declaration, { template: [template] }: RunAttributes, redact: Redact) {
  if (!template) return;
  const [scaling] = template.scaling;
  const [access] = template.vpc_access;
  declaration.set(signal.serviceAccount, 'template.service_account', template.service_account);
  declaration.set(signal.requestTimeout, 'template.timeout', template.timeout?.replace(/s$/, ''));
  declaration.set(
    signal.concurrency,
    'template.max_instance_request_concurrency',
    template.max_instance_request_concurrency || null,
  );
  declaration.set(signal.scalingMin, 'template.scaling', scaling?.min_instance_count);
  declaration.set(signal.scalingMax, 'template.scaling', scaling?.max_instance_count || null);
  const joins = access !== undefined && (access.connector !== null || access.network_interfaces.length > 0);
  declaration.set(signal.connector, 'template.vpc_access', lastOf(access?.connector ?? 'none'));
  declaration.set(signal.egress, 'template.vpc_access', joins ? egressOf(access.egress) : 'none');
  const instances = template.volumes.flatMap((volume) =>
    volume.cloud_sql_instance.flatMap((one) => one.instances),
  );
  declaration.set(signal.cloudSqlInstance, 'template.volumes', instancesOf(instances));
  const containers = template.containers.map(({ env, ...container }) => ({
    ...container,
    env: env.map(({ name, value, value_source: [source] }) => {
      const reference = source?.secret_key_ref[0];
      return { name, value, reference: reference ? referenceOf(reference.secret, reference.version) : null };
    }),
  }));
  await addContainers(declaration, containers, 'template.containers', redact);
}

async function addKnative(
  declaration: Declaration,
  { template: [template] }: KnativeAttributes,
  redact: Redact,
) {
  const spec = template?.spec[0];
  if (!template || !spec) return;
  const annotations = template.metadata[0]?.annotations ?? {};
  const annotation = (name: string) => annotations[name] || null;
  const at = 'template.metadata.annotations';
  const connector = annotation('run.googleapis.com/vpc-access-connector');
  declaration.set(signal.serviceAccount, 'template.spec.service_account_name', spec.service_account_name);
  declaration.set(signal.requestTimeout, 'template.spec.timeout_seconds', spec.timeout_seconds);
  declaration.set(
    signal.concurrency,
    'template.spec.container_concurrency',
    spec.container_concurrency || null,
  );
  declaration.set(signal.scalingMin, at, annotation('autoscaling.knative.dev/minScale'));
  declaration.set(signal.scalingMax, at, annotation('autoscaling.knative.dev/maxScale'));
  declaration.set(signal.connector, at, lastOf(connector ?? 'none'));
  declaration.set(
    signal.egress,
    at,
    connector === null ? 'none' : egressOf(annotation('run.googleapis.com/vpc-access-egress')),
  );
  const instances = annotation('run.googleapis.com/cloudsql-instances');
  declaration.set(signal.cloudSqlInstance, at, instancesOf(instances?.split(',') ?? []));
  const containers = spec.containers.map(({ env, ...container }) => ({
    ...container,
    env: env.map(({ name, value, value_from: [source] }) => {
      const reference = source?.secret_key_ref[0];
      return { name, value, reference: reference ? referenceOf(reference.name, reference.key) : null };
    }),
  }));
  await addContainers(declaration, containers, 'template.spec.containers', redact);
}

interface DeclaredContainer {
  name: string | null;
  image: string | null;
  ports: readonly unknown[];
  resources: Record<string, string>;
  env: readonly { name: string; value: string | null; reference: string | null }[];
}

/** The container with a port is the main one, as it is for what is live; others have their name before theirs. */
async function addContainers(
  declaration: Declaration,
  containers: readonly DeclaredContainer[],
  path: string,
  redact: Redact,
): Promise<void> {
  const main = containers.find(({ ports }) => ports.length > 0) ?? containers[0];
  declaration.set(signal.image, `${path}.image`, main?.image);
  declaration.set(signal.cpuLimit, `${path}.resources`, main?.resources['cpu']);
  declaration.set(signal.memoryLimit, `${path}.resources`, main?.resources['memory']);
  for (const container of containers) {
    const prefix = container === main ? '' : `${container.name ?? 'sidecar'}/`;
    const variables = container.env.map(({ name, value }) => ({ name, value: value ?? '' }));
    const values = await shownEnvironmentValues(variables, redact);
    for (const [index, { name, value, reference }] of container.env.entries()) {
      const shown = reference ?? (values[index] || '(empty)');
      declaration.set(
        `${signal.env}${prefix}${name}`,
        `${path}.env`,
        reference ?? comparable(value ?? '', values[index] ?? ''),
        shown,
      );
    }
  }
}

function addConnector(declaration: Declaration, connector: ConnectorAttributes): void {
  declaration.set(signal.instancesMin, 'min_instances', connector.min_instances || null);
  declaration.set(signal.instancesMax, 'max_instances', connector.max_instances || null);
  declaration.set(signal.machineType, 'machine_type', connector.machine_type);
  declaration.set(signal.ipRange, 'ip_cidr_range', connector.ip_cidr_range);
  declaration.set(signal.network, 'network', connector.network === null ? null : lastOf(connector.network));
}

function addDatabase(declaration: Declaration, database: DatabaseAttributes): void {
  declaration.set(signal.databaseVersion, 'database_version', database.database_version);
  const [settings] = database.settings;
  if (!settings) return;
  declaration.set(signal.tier, 'settings.tier', settings.tier);
  declaration.set(signal.activation, 'settings.activation_policy', settings.activation_policy);
  declaration.set(signal.availability, 'settings.availability_type', settings.availability_type);
  const [address] = settings.ip_configuration;
  if (address) {
    const isPublic = address.ipv4_enabled;
    declaration.set(
      signal.publicAddress,
      'settings.ip_configuration',
      isPublic === null || isPublic === undefined ? null : String(isPublic),
    );
    declaration.set(
      signal.privateAddress,
      'settings.ip_configuration',
      String(address.private_network !== null),
    );
  }
  for (const { name, value } of settings.database_flags) {
    declaration.set(`${signal.flag}${name}`, 'settings.database_flags', value);
  }
}

function egressOf(egress: string | null): string {
  return egress?.toLowerCase().replaceAll('_', '-') ?? 'private-ranges-only';
}

function instancesOf(instances: readonly string[]): string {
  return instances.length === 0 ? 'none' : [...new Set(instances)].toSorted().join(', ');
}

function referenceOf(secret: string, version: string | null): string {
  return `secret ${lastOf(secret)}:${version ?? 'latest'}`;
}

function lastOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}
