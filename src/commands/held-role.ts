import { composeRolesUntold } from '../core/compose/refusal.ts';
import { isOutage } from '../core/github-request.ts';
import type { WrittenInvocation } from '../core/invocation.ts';
import { RetryLater } from '../core/retry-later.ts';
import { roleSuffices, weakerRole, type Role } from '../core/roles.ts';
import type { Command } from './command.ts';
import { toldRole, withTeams, type CountedRole } from './counted-role.ts';
import type { CommandDeps } from './deps.ts';
import { postingId } from './posting-id.ts';

/** A role that was seen is believed for so long, for commands that only post. */
const believedMs = 3_600_000;
/** A command that waits is tried after twice the time each time, between these. */
const againMs = { least: 1_000, most: 60_000 };
/** After so long it counts as a failure like any other, and is given up after a few. */
const waitsMs = 3_600_000;

/** What GitHub told serves the other commands of the same comment for so long: what was revoked does not last longer. */
const sharedMs = 60_000;

/** Tells the role of a comment's author, command by command. */
export type HeldRole = (command: Command | undefined) => Promise<CountedRole>;

/**
 * The role that the caller holds; GitHub is asked once for the commands of one comment, and anew where they take longer
 * than a minute. Where it does not tell roles, one of the last hour is enough for a command that only posts; another waits
 * until GitHub tells, and says so once.
 *
 * @throws RetryLater while GitHub does not tell.
 */
export function heldRoleOf(deps: CommandDeps, invocation: WrittenInvocation): HeldRole {
  let last: { askedMs: number; held: CountedRole } | null = null;
  return async (command) => {
    const askedMs = deps.now().getTime();
    if (last !== null && Math.abs(askedMs - last.askedMs) < sharedMs) return last.held;
    let atMost: Role = 'admin';
    try {
      const told = await toldRole(deps, invocation, invocation.actor);
      atMost = told.fact;
      const held = await withTeams(deps, invocation, told);
      await deps.keepRole(invocation, held.role);
      last = { askedMs, held };
      return held;
    } catch (error) {
      if (!isOutage(error)) throw error;
      const seen = await roleWithoutGitHub(deps, invocation, command, error);
      const role = weakerRole(seen, atMost);
      return { role, inRepository: role, insteadOf: null };
    }
  };
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
