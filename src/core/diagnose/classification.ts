import type { Configuration } from '../../config/repository.schema.ts';
import { causes, isCauseId } from '../causes.ts';
import type { CauseId } from '../causes.ts';
import type { Classification, Diagnosis, Finding, Owner } from '../diagnosis.ts';
import { componentOf } from '../graph.ts';
import { code, list } from './wording.ts';

/**
 * The class of each cause. What Google does is the platform; what an owner set, or left too small, is configuration or
 * capacity, also where Google enforces it.
 */
export const classOfCause: Readonly<Record<CauseId, Classification['kind']>> = {
  'crash-on-start': 'application',
  'vpc-connector-saturated': 'capacity',
  'vpc-connector-unavailable': 'configuration',
  'egress-misrouted': 'configuration',
  'cloudsql-connections-exhausted': 'capacity',
  'cloudsql-unavailable': 'platform',
  'cloudsql-permission': 'configuration',
  'secret-inaccessible': 'configuration',
  'config-drift': 'configuration',
  'out-of-memory': 'capacity',
  'startup-timeout': 'application',
  'max-instances-reached': 'capacity',
  'scaling-lag': 'capacity',
  'request-timeout': 'application',
  'regional-incident': 'platform',
  'quota-exhausted': 'capacity',
  'dependency-unavailable': 'dependency',
  'bad-deploy': 'application',
  unknown: 'unknown',
};

/**
 * What kind of trouble the root is, and which other kinds make it worse. It follows from the causes alone and is as
 * certain as they are.
 */
export function classificationOf({
  root,
  findings,
}: {
  root: Diagnosis['root'];
  findings: readonly Finding[];
}): Classification {
  const kind = kindOf(root.cause);
  const worse = findings.filter(
    (finding) => finding.role === 'amplifier' && ![kind, 'unknown'].includes(kindOf(finding.cause)),
  );
  const clauses = [...Map.groupBy(worse, ({ cause }) => kindOf(cause))].map(
    ([other, alike]) =>
      `${other} makes it worse (${[...new Set(alike.map(({ cause, component }) => `${cause} of ${code(component)}`))].join(', ')})`,
  );
  return {
    kind,
    why: [ofRoot(root), ...clauses].join('; '),
    worsenedBy: [...new Set(worse.map(({ cause }) => kindOf(cause)))],
  };
}

function kindOf(cause: string): Classification['kind'] {
  return isCauseId(cause) ? classOfCause[cause] : 'unknown';
}

function ofRoot({ cause, component, verdict }: Diagnosis['root']): string {
  if (!isCauseId(cause) || cause === 'unknown') return 'the evidence does not decide the cause';
  const sentence = causes[cause];
  return `${verdict} cause of ${code(component)}: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}

/** Contacts that are named where none fits. */
const shownContacts = 5;

/**
 * Who takes it on, as the configuration says: the owner of the component that the cause lies in; without one the
 * provider for what lies with the platform; else the primary contact.
 */
export function ownerOf(
  configuration: Configuration,
  root: Diagnosis['root'],
  kind: Classification['kind'],
): Owner {
  const { contacts } = configuration;
  const own = componentOf(configuration, root.component)?.owner;
  if (own !== undefined && Object.hasOwn(contacts, own)) {
    return named(configuration, own, `${code(root.component)} has it as its owner`);
  }
  const provider = kind === 'platform' ? withRole(configuration, 'provider') : undefined;
  if (provider !== undefined)
    return named(configuration, provider, 'the cause lies with the platform, and it is the provider');
  const primary = withRole(configuration, 'primary');
  if (primary !== undefined)
    return named(
      configuration,
      primary,
      `${code(root.component)} has no owner, and it is the primary contact`,
    );
  const ids = Object.keys(contacts);
  const why =
    ids.length === 0
      ? `no contact is configured; add one under ${code('contacts')} and name it as ${code('owner')} of ${code(root.component)}`
      : `name one of the contacts as ${code('owner')} of ${code(root.component)}, or give one the role ${code('primary')}: ${list(ids.slice(0, shownContacts))}`;
  return { contact: null, name: 'nobody', why };
}

function named({ contacts }: Configuration, contact: string, why: string): Owner {
  return { contact, name: contacts[contact]?.name ?? contact, why };
}

function withRole({ contacts }: Configuration, role: 'primary' | 'provider'): string | undefined {
  return Object.keys(contacts).find((id) => contacts[id]?.role === role);
}
