import type { Invocation } from '../core/invocation.ts';
import type { CommandDeps } from './deps.ts';
import type { Beforehand } from './look.ts';

/** Why nothing that nobody asked for may be written on an issue; null where it may. */
export async function obstacleTo(
  deps: Pick<CommandDeps, 'disclosure' | 'commentsPerHour'>,
  invocation: Invocation,
): Promise<string | null> {
  if (invocation.issue.closed) return 'the issue is closed';
  if ((await deps.disclosure(invocation)) === null)
    return 'the repository is public, and the policy grants it nothing';
  if (deps.commentsPerHour(invocation) === 0) return 'the policy allows no comments that nobody asked for';
  return null;
}

/** Who takes away the file, or the environment, wants no more updates; a file with errors is no such end. */
export function lackOf({ configuration }: Pick<Beforehand, 'configuration'>): string | null {
  if (configuration.kind === 'no-environment')
    return `the configuration has no environment ${configuration.asked} any more`;
  const isGone =
    configuration.kind === 'unusable' && configuration.errors.some(({ code }) => code === 'no-file');
  return isGone ? 'the repository has no configuration any more' : null;
}
