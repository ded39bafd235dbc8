import { z } from 'zod';
import { contentAt } from '../scenario/timeline.ts';
import { GoogleError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { getResource, pathOf } from './resources.ts';
import type { ResourceCall, Resources } from './resources.ts';

/** Objects of Cloud Storage: what is known of one, and with `alt=media` what it holds. */

const json = z.record(z.string(), z.unknown());
const instance = z.strictObject({
  index_key: z.union([z.string(), z.number()]).optional(),
  status: z.string().optional(),
  deposed: z.string().optional(),
  schema_version: z.int(),
  attributes: json.optional(),
  attributes_flat: z.record(z.string(), z.string()).optional(),
  sensitive_attributes: z.array(z.array(json)).optional(),
  identity_schema_version: z.int().optional(),
  identity: json.optional(),
  private: z.string().optional(),
  dependencies: z.array(z.string()).optional(),
  create_before_destroy: z.boolean().optional(),
});
/**
 * A Terraform state of version 4, the one kind of object that is read. It has no published schema; the fields are
 * those of `stateV4` in internal/states/statefile/version4.go of github.com/hashicorp/terraform.
 */
const terraformState = z.strictObject({
  version: z.literal(4),
  terraform_version: z.string(),
  serial: z.int().nonnegative(),
  lineage: z.string(),
  outputs: z.record(z.string(), json),
  resources: z.array(
    z.strictObject({
      module: z.string().optional(),
      mode: z.enum(['managed', 'data']),
      type: z.string(),
      name: z.string(),
      each: z.enum(['list', 'map']).optional(),
      provider: z.string(),
      instances: z.array(instance),
    }),
  ),
  check_results: z.unknown().optional(),
});

/** What is wrong with an object's content, one line each. */
export function contentProblems(content: JsonObject): string[] {
  const { error } = terraformState.safeParse(content);
  return (error?.issues ?? []).map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
}

/** The content of the object that a request names. @throws GoogleError NOT_FOUND where there is none */
export function objectContent(resources: Resources, call: ResourceCall, now: Date): JsonObject {
  getResource(resources, call, now);
  const found = resources.find(({ api, path }) => api === call.api && pathOf(path) === call.path);
  const content = found === undefined ? null : contentAt(found, now);
  if (content === null) throw new GoogleError('INTERNAL', `The scenario gives ${call.path} no content.`);
  const problems = contentProblems(content);
  if (problems.length > 0) throw new Error(`${call.path} is no Terraform state: ${problems.join('; ')}`);
  return content;
}
