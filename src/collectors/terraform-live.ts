import { signal } from '../core/signals.ts';
import type { Component } from '../config/repository.schema.ts';
import { instanceAnswer } from './cloud-sql.ts';
import type { GoogleContext } from './collector.ts';
import { parseAnswer } from './parse-answer.ts';
import { segment } from './provenance.ts';
import { ReadFailure } from './read-failure.ts';
import { settingsOf } from './revision-settings.ts';
import type { Setting } from './revision-settings.ts';
import { connectorAnswer } from './vpc-connector.ts';

/**
 * What is live, for the comparison with a Terraform state: from the answers that other collectors ask for too, so
 * that nothing is asked twice.
 */

/** Types of components that are compared. */
export type ComparedComponent = Extract<Component, { type: 'cloud-run' | 'vpc-connector' | 'cloud-sql' }>;

/** Hosts of the APIs that the settings come from. */
export const liveApis = ['run.googleapis.com', 'vpcaccess.googleapis.com', 'sqladmin.googleapis.com'];

/** The settings of a component as they are now. Rejects with a `ReadFailure`; `not-found` where it does not exist. */
export function liveSettings(
  component: ComparedComponent,
  context: GoogleContext,
  abort: AbortSignal,
): Promise<Map<string, Setting>> {
  switch (component.type) {
    case 'cloud-run':
      return runSettings(component.service, context);
    case 'vpc-connector':
      return connectorSettings(component.name, context, abort);
    case 'cloud-sql':
      return databaseSettings(component.instance, context, abort);
  }
}

/** Terraform writes a service's template, and that is what its newest revision was made of. */
async function runSettings(name: string, { cloudRun, redact }: GoogleContext): Promise<Map<string, Setting>> {
  const [services, revisions] = await Promise.all([cloudRun.services(), cloudRun.revisions()]);
  const service = services.items.find((one) => one.name === name);
  if (!service) {
    throw services.partial
      ? new ReadFailure('no-data', `the list of services was cut off before ${name}`)
      : new ReadFailure('not-found', `there is no Cloud Run service ${name}`);
  }
  const newest = revisions.items.find((one) => one.name === service.latestCreatedRevision);
  if (!newest) throw new ReadFailure('no-data', `the newest revision of ${name} is not in the list`);
  return settingsOf(newest, redact);
}

async function connectorSettings(
  name: string,
  { google, project, region }: GoogleContext,
  abort: AbortSignal,
): Promise<Map<string, Setting>> {
  const host = 'vpcaccess.googleapis.com';
  const path = `/v1/projects/${segment(project)}/locations/${segment(region)}/connectors/${segment(name)}`;
  const found = parseAnswer(connectorAnswer, await google.get({ host, path, signal: abort }), 'connector');
  return settings([
    [signal.instancesMin, found.minInstances],
    [signal.instancesMax, found.maxInstances],
    [signal.machineType, found.machineType],
    [signal.ipRange, found.ipCidrRange],
    [signal.network, found.network?.split('/').at(-1)],
  ]);
}

async function databaseSettings(
  name: string,
  { google, project }: GoogleContext,
  abort: AbortSignal,
): Promise<Map<string, Setting>> {
  const host = 'sqladmin.googleapis.com';
  const path = `/v1/projects/${segment(project)}/instances/${segment(name)}`;
  const found = parseAnswer(instanceAnswer, await google.get({ host, path, signal: abort }), 'instance');
  const addresses = new Set(found.ipAddresses.map(({ type }) => type));
  return settings([
    [signal.databaseVersion, found.databaseVersion],
    [signal.tier, found.settings?.tier],
    [signal.activation, found.settings?.activationPolicy],
    [signal.availability, found.settings?.availabilityType],
    [signal.publicAddress, String(addresses.has('PRIMARY'))],
    [signal.privateAddress, String(addresses.has('PRIVATE'))],
    ...(found.settings?.databaseFlags ?? []).map(({ name: flag, value }): [string, string] => [
      `${signal.flag}${flag}`,
      value,
    ]),
  ]);
}

function settings(values: readonly (readonly [string, string | number | undefined])[]): Map<string, Setting> {
  return new Map(
    values.flatMap(([name, value]) =>
      value === undefined || value === ''
        ? []
        : [[name, { shown: String(value), unit: null, raw: String(value) }] as const],
    ),
  );
}
