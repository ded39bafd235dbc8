import { commandLines, commandsPerComment, type CommandLine } from '../core/command-lines.ts';
import {
  composeGivenUp,
  composeMalformed,
  composeMissingRole,
  composeMissingTeam,
} from '../core/compose/refusal.ts';
import type { WrittenInvocation } from '../core/invocation.ts';
import { meantLines } from '../core/meant.ts';
import { RetryLater } from '../core/retry-later.ts';
import { roleSuffices } from '../core/roles.ts';
import type { RefusalUpdate } from '../core/update.ts';
import { react } from '../publish/reactions.ts';
import { inSpan } from '../tracing.ts';
import type { Command } from './command.ts';
import type { CountedRole } from './counted-role.ts';
import type { AuditedAct, CommandDeps, Outcome } from './deps.ts';
import { heldRoleOf, type HeldRole } from './held-role.ts';
import { commands } from './list.ts';
import { postingId } from './posting-id.ts';

/**
 * Carries out the commands of one comment, in order. Each ends in a reaction that follows its answer: 🚀 done, 😕 not
 * understood, 👎 refused; the last two with a comment that says what to do instead.
 *
 * @throws where GitHub or the store fails, so that the job is tried again; what is out is not posted twice.
 */
export async function runCommands(deps: CommandDeps, invocation: WrittenInvocation): Promise<void> {
  const lines = withoutRepeats(commandLines(invocation.comment.body));
  const heldRole = heldRoleOf(deps, invocation);
  for (const [index, line] of lines.slice(0, commandsPerComment).entries()) {
    const one = { ...invocation, id: `${invocation.id}#${String(index)}` };
    await inSpan(spanName(line), {}, () => runCommand(deps, one, line, heldRole));
  }
  const surplus = lines.length - commandsPerComment;
  if (surplus > 0) {
    await deps.audit(invocation, { what: 'refused', detail: { why: 'too many commands', surplus } });
    deps.log.warn({ comment: invocation.comment.id, surplus }, 'commands beyond the limit are left out');
  }
}

/** Of what is no command the name is somebody's text. */
function spanName({ name }: CommandLine): string {
  return commands.some((command) => command.name === name) ? `command ${name}` : 'command';
}

/** The same command twice in one comment is meant once. */
function withoutRepeats(lines: CommandLine[]): CommandLine[] {
  const byText = new Map(
    lines.map((line) => [[line.name, ...line.words].join(' '), line] as const).toReversed(),
  );
  return [...byText.values()].toReversed();
}

async function runCommand(
  deps: CommandDeps,
  invocation: WrittenInvocation,
  line: CommandLine,
  heldRole: HeldRole,
): Promise<void> {
  // Who writes the bare name does not know the commands.
  const name = line.name === '' ? 'help' : line.name;
  const command = commands.find((candidate) => candidate.name === name);
  const understood = command !== undefined && command.accepts(line.words);
  // Begun before the role is known: reads GitHub only, so that the look-up costs no time of its own.
  const proceed = understood ? command.prepare(deps, invocation, line.words) : null;
  const held = await heldOrSeen(deps, invocation, () => heldRole(understood ? command : undefined));
  if (proceed === null) {
    // A stranger's slip of the finger is not worth a comment in somebody's outage.
    const detail = { command: await deps.redact(line.written), why: 'malformed', held: held.role };
    if (roleSuffices(held.role, 'triage'))
      await refuse(deps, invocation, malformed(line, command, deps.version), 'confused', detail);
    else {
      await deps.audit(invocation, { what: 'refused', detail });
      await acknowledge(deps, invocation, 'confused');
    }
    return;
  }
  if (command !== undefined && !roleSuffices(held.role, command.role)) {
    deps.log.info({ actor: invocation.actor, command: command.name, ...held }, 'refused for want of a role');
    await refuse(deps, invocation, notAllowed(deps, invocation, command, held), 'refused', {
      command: await deps.redact(line.written),
      why: 'role',
      needed: command.role,
      held: held.role,
    });
    return;
  }
  const detail = { command: await deps.redact(line.written), held: held.role };
  await deps.audit(invocation, { what: 'command', detail });
  await Promise.all([proceed(held.role), acknowledge(deps, invocation, 'eyes')]);
}

/** A call that waits for GitHub to tell roles is seen at once. */
async function heldOrSeen(
  deps: CommandDeps,
  invocation: WrittenInvocation,
  heldRole: () => Promise<CountedRole>,
): Promise<CountedRole> {
  try {
    return await heldRole();
  } catch (error) {
    if (error instanceof RetryLater) await acknowledge(deps, invocation, 'eyes');
    throw error;
  }
}

function notAllowed(
  deps: CommandDeps,
  invocation: WrittenInvocation,
  { usage, role: needed }: Command,
  { inRepository: held, insteadOf }: CountedRole,
): RefusalUpdate {
  const facts = { usage, actor: invocation.actor, needed, held, insteadOf, version: deps.version };
  if (!roleSuffices(held, needed)) return composeMissingRole(facts);
  const { owner } = invocation.repository;
  return composeMissingTeam({
    ...facts,
    teams: deps.teams(invocation, needed).map((team) => `${owner}/${team}`),
  });
}

function malformed(line: CommandLine, command: Command | undefined, version: string): RefusalUpdate {
  return composeMalformed({
    written: line.written,
    command: command === undefined ? null : { usage: command.usage, examples: command.examples },
    meant: meantLines(line, commands),
    version,
  });
}

/** Tells the author of commands that could not be carried out, however often they were tried. */
export async function tellGivenUp(deps: CommandDeps, invocation: WrittenInvocation): Promise<void> {
  const update = composeGivenUp({ reference: invocation.id, version: deps.version });
  await refuse(deps, invocation, update, 'confused', { why: 'given up' });
}

async function refuse(
  deps: CommandDeps,
  invocation: WrittenInvocation,
  update: RefusalUpdate,
  outcome: Outcome,
  refused: AuditedAct['detail'],
): Promise<void> {
  const id = postingId(invocation.id, 'refusal');
  await deps.publish(invocation, { id, kind: 'refusal', update, outcome, refused });
}

/** A courtesy, at once: one that GitHub does not take, or that does not fit its budget, costs nobody the answer. */
async function acknowledge(
  deps: CommandDeps,
  invocation: WrittenInvocation,
  content: 'eyes' | 'confused',
): Promise<void> {
  try {
    await react(deps.request, invocation.repository, invocation.comment.id, content);
  } catch (error) {
    deps.log.warn({ err: error, content, comment: invocation.comment.id }, 'a reaction was not taken');
  }
}
