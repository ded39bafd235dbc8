import { composeConfigurationErrors } from '../core/compose/configuration-errors.ts';
import { composeNoEnvironment, composePublicRepository } from '../core/compose/refusal.ts';
import type { Invocation } from '../core/invocation.ts';
import type { Statement } from '../core/snapshot.ts';
import type { Update } from '../core/update.ts';
import { renderUpdate } from '../templates/render.ts';
import { assess } from './assess.ts';
import type { Command, Outcome } from './command.ts';
import { readConfiguration, type ReadConfiguration } from './configuration.ts';
import type { CommandDeps } from './deps.ts';
import { postingId } from './posting-id.ts';
import { readStatements } from './statements.ts';

/** `/status`: reads the infrastructure as it is now and posts a full update. */
export const status: Command = {
  name: 'status',
  usage: '/status [ENVIRONMENT]',
  role: 'triage',
  summary: 'Reads the infrastructure as it is now and posts a full update.',
  examples: ['/status', '/status production'],
  accepts: (words) => words.length <= 1,
  prepare: (deps, invocation, words) => {
    const { request, configurations, redact } = deps;
    const { repository, issue } = invocation;
    const reading = Promise.allSettled([
      readConfiguration(request, repository, configurations, words[0]),
      readStatements(request, repository, issue, redact),
    ]);
    return async () => {
      const id = postingId(invocation.id, 'status');
      if (await deps.published(id)) {
        await deps.resume(id);
        return 'done';
      }
      const [configuration, statements] = await reading;
      if (configuration.status === 'rejected') throw configuration.reason;
      if (statements.status === 'rejected') throw statements.reason;
      return answer(deps, invocation, id, configuration.value, statements.value);
    };
  },
};

async function answer(
  deps: CommandDeps,
  invocation: Invocation,
  id: string,
  read: ReadConfiguration,
  statements: Statement[],
): Promise<Outcome> {
  const { version } = deps;
  const reply = async (update: Update, outcome: Outcome): Promise<Outcome> => {
    await deps.publish(invocation, { id, kind: update.kind, body: renderUpdate(update) });
    return outcome;
  };
  if (!deps.mayShowAll(invocation))
    return reply(composePublicRepository({ ...invocation.repository, version }), 'refused');
  if (read.kind === 'unusable')
    return reply(composeConfigurationErrors({ errors: read.errors, version }), 'done');
  if (read.kind === 'no-environment') return reply(composeNoEnvironment({ ...read, version }), 'confused');

  const incident = await deps.recall(invocation, read.configuration);
  const snapshot = await deps.collect(invocation, {
    configuration: read.configuration,
    firstEvidence: incident.nextEvidence,
    statements,
    previous: incident.previous,
    incident: incident.facts,
  });
  const { diagnosis, markdown } = assess(read.configuration, snapshot, read.errors, version);
  await deps.publish(
    invocation,
    { id, kind: 'status', body: markdown },
    { incidentId: incident.id, snapshot, diagnosis },
  );
  return 'done';
}
