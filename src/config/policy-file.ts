import { inOrder } from './configuration-error.ts';
import type { ConfigurationError } from './configuration-error.ts';
import { schemaTree } from './json-schema.ts';
import { policySchema, type Policy } from './policy.schema.ts';
import { structureProblems } from './schema-problems.ts';
import { readYaml } from './yaml-source.ts';

/** Reads a policy. Any error voids all of it: half a policy could grant more than was meant. */
export function readPolicy(
  text: string,
  file = 'sitrep.policy.yml',
): { policy: Policy | null; errors: ConfigurationError[] } {
  const source = readYaml(text, file);
  if (!source.complete) return { policy: null, errors: source.errors };
  const parsed = policySchema.safeParse(source.value ?? {});
  const faults = parsed.success
    ? []
    : structureProblems(parsed.error.issues, source, schemaTree(policySchema));
  const errors = inOrder([...source.errors, ...faults.map(({ error }) => error)]);
  return { policy: parsed.success && errors.length === 0 ? parsed.data : null, errors };
}
