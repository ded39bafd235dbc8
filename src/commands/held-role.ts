import { composeRolesUntold } from '../core/compose/refusal.ts';
import { failureStatus } from '../core/github-request.ts';
import type { WrittenInvocation } from '../core/invocation.ts';
import { RetryLater } from '../core/retry-later.ts';
import { roleSuffices, type Role } from '../core/roles.ts';
import type { Command } from './command.ts';
import type { CommandDeps } from './deps.ts';
import { roleOf } from './permission.ts';
import { postingId } from './posting-id.ts';

/** A role that was seen is believed for so long, for commands that only post. */
const believedMs = 3_600_000;
/** A command that waits is tried after twice the time each time, between these. */
const againMs = { least: 1_000, most: 60_000 };
/** After so long it counts as a failure like any other, and is given up after a few. */
const waitsMs = 3_600_000;

/**
 * The role that the caller holds. Where GitHub does not tell roles, one of the last hour is enough for a command that
 * only posts; another waits until GitHub tells, and says so once.
 *
 * @throws RetryLater while GitHub does not tell; what GitHub answered otherwise.
 */
export async function heldRole(
  deps: CommandDeps,
  invocation: WrittenInvocation,
  command: Command | undefined,
): Promise<Role> {
  try {
    const role = await roleOf(deps.request, invocation.repository, invocation.actor);
    await deps.keepRole(invocation, role);
    return role;
  } catch (error) {
    if (!isDown(error)) throw error;
    return await roleWithoutGitHub(deps, invocation, command, error);
  }
}

/**
 * 5xx; Octokit gives the status 500 to an answer that never came too. A refusal is an answer, one that does not fit is a
 * failure like any other, and a pause that GitHub asks for is waited for.
 */
function isDown(error: unknown): boolean {
  const status = failureStatus(error);
  return !(error instanceof RetryLater) && status !== null && status >= 500;
}

async function roleWithoutGitHub(
  deps: CommandDeps,
  invocation: WrittenInvocation,
  command: Command | undefined,
  error: unknown,
): Promise<Role> {
  const { actor } = invocation;
  const nowMs = deps.now().getTime();
  const seen = await deps.roleSeenSince(invocation, new Date(nowMs - believedMs));
  // Also one that is not enough: then the answer is the refusal that it would be anyway.
  if (command?.postsOnly === true && seen !== null) {
    deps.log.warn(
      { err: error, actor, seen },
      'GitHub does not tell roles; one of the last hour is believed',
    );
    return seen;
  }
  const receivedMs = invocation.receivedAt === null ? nowMs : Date.parse(invocation.receivedAt);
  if (nowMs - receivedMs > waitsMs) throw error;
  if (command !== undefined) await sayThatItWaits(deps, invocation, command);
  const afterMs = Math.min(againMs.most, Math.max(againMs.least, nowMs - receivedMs));
  throw new RetryLater('GitHub does not tell roles', afterMs, { cause: error });
}

/** Said once for a call, and only to people whose role was enough when GitHub told it last: strangers get no comment. */
async function sayThatItWaits(
  deps: CommandDeps,
  invocation: WrittenInvocation,
  { usage, role }: Command,
): Promise<void> {
  const known = await deps.roleSeenSince(invocation, new Date(0));
  if (known === null || !roleSuffices(known, role)) return;
  const update = composeRolesUntold({ usage, version: deps.version });
  await deps.publish(invocation, {
    id: postingId(invocation.id, 'waits'),
    kind: update.kind,
    update,
    outcome: null,
  });
}
