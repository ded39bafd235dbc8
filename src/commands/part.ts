import type { Configuration } from '../config/repository.schema.ts';
import type { StatusInput } from '../core/compose.ts';
import type { Invocation } from '../core/invocation.ts';
import type { RefusalUpdate, Update } from '../core/update.ts';
import type { Command } from './command.ts';
import { missedDeclaration } from './declaration.ts';
import type { CommandDeps } from './deps.ts';
import { look, readBeforehand } from './look.ts';
import { postingId } from './posting-id.ts';
import { statusInput } from './looked-facts.ts';

/** A command that looks, as `/status` does, and posts one part of what was seen. */
export interface Part extends Omit<Command, 'prepare'> {
  /** Name of the environment among the words; undefined for the one that was read before. */
  environment?: (words: readonly string[]) => string | undefined;
  /** What is wrong with the words under this configuration; null for nothing. Pure. */
  fault?: (words: readonly string[], configuration: Configuration, version: string) => RefusalUpdate | null;
  /** Pure. */
  compose: (input: StatusInput, words: readonly string[]) => Update;
}

/** Makes a command of it. */
export function part({ environment, fault, compose, ...command }: Part): Command {
  return {
    ...command,
    prepare: (deps, invocation, words) => {
      const id = postingId(invocation.id, command.name);
      const begun = Promise.allSettled([
        deps.published(id),
        beforehand(deps, invocation, environment?.(words)),
      ]);
      return async () => {
        const [published, reading] = await begun;
        if (published.status === 'rejected') throw published.reason;
        if (published.value) return;
        if (reading.status === 'rejected') throw reading.reason;
        const read = reading.value;
        const { version } = deps;
        const { configuration } = read;
        const wrong =
          configuration.kind === 'usable' ? fault?.(words, configuration.configuration, version) : null;
        if (wrong !== null && wrong !== undefined)
          return deps.publish(invocation, {
            id,
            kind: wrong.kind,
            update: wrong,
            outcome: 'confused',
          });
        await look(
          deps,
          invocation,
          {
            id,
            before: missedDeclaration(invocation, read),
            make: (looked) => ({
              said: [{ id, update: compose(statusInput(looked, version), words) }],
              events: [{ kind: 'updated', update: command.name, posting: id }],
            }),
          },
          read,
        );
      };
    },
  };
}

/** Without a word about it, the environment that was read before. */
async function beforehand(deps: CommandDeps, invocation: Invocation, asked: string | undefined) {
  const { incident } = await deps.recall(invocation);
  return readBeforehand(deps, invocation, asked ?? incident?.environment ?? undefined);
}
