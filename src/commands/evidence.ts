import { composeUnable } from '../core/compose/command-replies.ts';
import { composeAllEvidence } from '../core/compose/evidence-all.ts';
import { composeEvidence, composeNoEvidence } from '../core/compose/evidence.ts';
import { composeConfigurationErrors } from '../core/compose/configuration-errors.ts';
import { composeNoEnvironment, composePublicRepository } from '../core/compose/refusal.ts';
import { readCriteria } from '../core/criteria.ts';
import type { Disclosure } from '../core/disclosure.ts';
import type { Invocation } from '../core/invocation.ts';
import { composeRedactedEvidence } from '../core/redacted/evidence.ts';
import { redactedInput } from '../core/redacted/input.ts';
import { code, say } from '../core/text.ts';
import type { Update } from '../core/update.ts';
import { mayBePosted } from '../templates/render.ts';
import type { Command } from './command.ts';
import { readConfiguration } from './configuration.ts';
import type { CommandDeps, Outcome } from './deps.ts';
import { postingId } from './posting-id.ts';

const written = /^e?([1-9]\d{0,8})$/iu;

/** `/sitrep evidence`: what was read, from the record; nothing is read anew. */
export const evidence: Command = {
  name: 'evidence',
  usage: '/sitrep evidence E12/all',
  role: 'triage',
  postsOnly: true,
  summary:
    'Posts one value that an update cites, with its window, time read, query and the command that reads the same; or all evidence of the last update.',
  examples: ['/sitrep evidence E12', '/sitrep evidence all'],
  subcommands: ['all'],
  accepts: ([word, ...rest]) => rest.length === 0 && (isAll(word) || idIn(word) !== null),
  prepare: (deps, invocation, [word]) => {
    const id = idIn(word);
    return async () => {
      // What a public repository's updates may not show, its evidence may not either.
      const disclosure = await deps.disclosure(invocation);
      if (disclosure === null)
        return reply(
          deps,
          invocation,
          [composePublicRepository({ ...invocation.repository, version: deps.version })],
          'refused',
        );
      return id === null ? all(deps, invocation, disclosure) : one(deps, invocation, id, disclosure);
    };
  },
};

function isAll(word: string | undefined): boolean {
  return word?.toLowerCase() === 'all';
}

function idIn(word: string | undefined): string | null {
  const digits = written.exec(word ?? '')?.[1];
  return digits === undefined ? null : `E${digits}`;
}

async function one(
  deps: CommandDeps,
  invocation: Invocation,
  id: string,
  disclosure: Disclosure,
): Promise<void> {
  const { version } = deps;
  const found = await deps.evidence(invocation, id);
  const compose = disclosure === 'full' ? composeEvidence : composeRedactedEvidence;
  const update = found === null ? null : compose({ id, ...found, version });
  if (update !== null) return reply(deps, invocation, [update], 'done');
  const { incident } = await deps.recall(invocation);
  const unknown = composeNoEvidence({ id, next: incident?.nextEvidence ?? 1, version });
  await reply(deps, invocation, [unknown], 'confused');
}

async function all(deps: CommandDeps, invocation: Invocation, disclosure: Disclosure): Promise<void> {
  const { version } = deps;
  const { update } = await deps.recall(invocation);
  if (update === null) {
    const line = say`${code('/status')} reads, and cites what it read.`;
    return reply(
      deps,
      invocation,
      [composeUnable(say`😕 Nothing was read yet`, [line], version)],
      'confused',
    );
  }
  const { snapshot, diagnosis } = update;
  const read = await readConfiguration(
    deps.request,
    invocation.repository,
    deps.configurations(invocation),
    snapshot.environment,
  );
  if (read.kind === 'unusable')
    return reply(deps, invocation, [composeConfigurationErrors({ errors: read.errors, version })], 'done');
  if (read.kind === 'no-environment')
    return reply(deps, invocation, [composeNoEnvironment({ ...read, version })], 'confused');
  const { configuration } = read;
  const input = {
    configuration,
    snapshot,
    diagnosis,
    criteria: readCriteria({ configuration, snapshot, diagnosis }),
    nextCheckpoint: null,
    version,
  };
  const shown = disclosure === 'full' ? input : redactedInput(input);
  await reply(deps, invocation, composeAllEvidence(shown, mayBePosted), 'done');
}

async function reply(
  deps: CommandDeps,
  invocation: Invocation,
  updates: readonly Update[],
  outcome: Outcome,
): Promise<void> {
  for (const [index, update] of updates.entries()) {
    const id = postingId(invocation.id, index === 0 ? 'reply' : `reply ${String(index)}`);
    await deps.publish(invocation, { id, kind: update.kind, update, outcome });
  }
}
