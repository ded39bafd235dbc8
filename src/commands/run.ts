import { commandLines, commandsPerComment, type CommandLine } from '../core/command-lines.ts';
import { composeGivenUp, composeMalformed, composeMissingRole } from '../core/compose/refusal.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import type { WrittenInvocation } from '../core/invocation.ts';
import { roleSuffices } from '../core/roles.ts';
import type { RefusalUpdate } from '../core/update.ts';
import { PostingRefused } from '../publish/comment.ts';
import { react, type Acknowledgement } from '../publish/reactions.ts';
import { renderUpdate } from '../templates/render.ts';
import type { Command, Outcome } from './command.ts';
import type { CommandDeps } from './deps.ts';
import { commands } from './list.ts';
import { roleOf } from './permission.ts';
import { postingId } from './posting-id.ts';

/**
 * Carries out the commands of one comment, in order. Each ends in a reaction: 🚀 done, 😕 not understood, 👎
 * refused; the last two with a comment that says what to do instead.
 *
 * @throws where GitHub or the store fails, so that the job is tried again; what is out is not posted twice.
 */
export async function runCommands(deps: CommandDeps, invocation: WrittenInvocation): Promise<void> {
  const lines = withoutRepeats(commandLines(invocation.comment.body));
  for (const [index, line] of lines.slice(0, commandsPerComment).entries()) {
    const call = { ...invocation, id: `${invocation.id}#${String(index)}` };
    try {
      await runCommand(deps, call, line);
    } catch (error) {
      if (!(error instanceof PostingRefused)) throw error;
      deps.log.warn(
        { err: error, issue: invocation.issue.number },
        'GitHub takes no comment there; given up',
      );
      return;
    }
  }
  const surplus = lines.length - commandsPerComment;
  if (surplus > 0) {
    deps.log.warn({ comment: invocation.comment.id, surplus }, 'commands beyond the limit are left out');
  }
}

/** The same command twice in one comment is meant once. */
function withoutRepeats(lines: CommandLine[]): CommandLine[] {
  const byText = new Map(
    lines.map((line) => [[line.name, ...line.words].join(' '), line] as const).toReversed(),
  );
  return [...byText.values()].toReversed();
}

const reactionTo: Record<Outcome, Acknowledgement> = { done: 'rocket', confused: 'confused', refused: '-1' };

async function runCommand(
  deps: CommandDeps,
  invocation: WrittenInvocation,
  line: CommandLine,
): Promise<void> {
  const command = commands.find((candidate) => candidate.name === line.name);
  const understood = command !== undefined && command.accepts(line.words);
  // Begun before the role is known: reads GitHub only, so that the look-up costs no time of its own.
  const proceed = understood ? command.prepare(deps, invocation, line.words) : null;
  const held = await roleOf(deps.request, invocation.repository, invocation.actor);
  if (proceed === null) {
    // A stranger's slip of the finger is not worth a comment in somebody's outage.
    if (roleSuffices(held, 'triage')) await refuse(deps, invocation, malformed(line, command, deps.version));
    await acknowledge(deps, invocation, 'confused');
    return;
  }
  if (command !== undefined && !roleSuffices(held, command.role)) {
    const { actor } = invocation;
    deps.log.info({ actor, command: command.name, held }, 'refused for want of a role');
    await refuse(
      deps,
      invocation,
      composeMissingRole({ usage: command.usage, actor, needed: command.role, held, version: deps.version }),
    );
    await acknowledge(deps, invocation, '-1');
    return;
  }
  const [outcome] = await Promise.all([proceed(), acknowledge(deps, invocation, 'eyes')]);
  await acknowledge(deps, invocation, reactionTo[outcome]);
}

function malformed(line: CommandLine, command: Command | undefined, version: string): RefusalUpdate {
  const meant =
    command ??
    commands.find(
      ({ name }) =>
        name ===
        didYouMean(
          line.name,
          commands.map(({ name: known }) => known),
        ),
    );
  return composeMalformed({
    written: line.written,
    known: command !== undefined,
    meant: meant === undefined ? null : { usage: meant.usage, examples: meant.examples },
    version,
  });
}

/**
 * Tells the author of commands that could not be carried out, however often they were tried. Once more it may fail;
 * then nobody can be told.
 */
export async function tellGivenUp(deps: CommandDeps, invocation: WrittenInvocation): Promise<void> {
  await acknowledge(deps, invocation, 'confused');
  await refuse(deps, invocation, composeGivenUp({ reference: invocation.id, version: deps.version }));
}

async function refuse(
  deps: CommandDeps,
  invocation: WrittenInvocation,
  update: RefusalUpdate,
): Promise<void> {
  const posting = { id: postingId(invocation.id, 'refusal'), kind: 'refusal', body: renderUpdate(update) };
  await deps.publish(invocation, posting);
}

/** Reactions are courtesy: one that GitHub does not take is logged and costs nobody the answer. */
async function acknowledge(
  deps: CommandDeps,
  invocation: WrittenInvocation,
  content: Acknowledgement,
): Promise<void> {
  try {
    await react(deps.request, invocation.repository, invocation.comment.id, content);
  } catch (error) {
    deps.log.warn({ err: error, content, comment: invocation.comment.id }, 'a reaction was not taken');
  }
}
