import type { Invocation } from '../core/invocation.ts';
import { assignPeople } from '../publish/assignees.ts';
import type { CommandDeps } from './deps.ts';

/**
 * Assigns a person to the issue; false where GitHub does not, for example who has no access.
 *
 * @throws where GitHub does not answer.
 */
export async function assign(
  deps: Pick<CommandDeps, 'request' | 'audit'>,
  invocation: Invocation,
  login: string,
): Promise<boolean> {
  const { assigned } = await assignAll(deps, invocation, [login]);
  return assigned.length > 0;
}

/**
 * Assigns people to the issue, and audits it. Tells whom GitHub passed over.
 *
 * @throws where GitHub does not answer.
 */
export async function assignAll(
  { request, audit }: Pick<CommandDeps, 'request' | 'audit'>,
  invocation: Invocation,
  logins: readonly string[],
): Promise<{ assigned: string[]; passedOver: string[] }> {
  const { repository, issue } = invocation;
  const people = await assignPeople(request, { repository, issue: issue.number }, logins);
  if (people.assigned.length > 0)
    await audit(invocation, { what: 'assigned', detail: { people: people.assigned } });
  return people;
}
