import { composeConfigurationErrors } from '../core/compose/configuration-errors.ts';
import { composeDeclare } from '../core/compose/declare.ts';
import { composeGoesOn } from '../core/compose/declaration-notices.ts';
import { composeNoEnvironment } from '../core/compose/refusal.ts';
import { after, type IncidentState } from '../core/incident/state.ts';
import { labelsOfChange } from '../core/incident/state-labels.ts';
import type { Invocation } from '../core/invocation.ts';
import type { Update } from '../core/update.ts';
import { hasNoFile, knownOf, type ReadConfiguration } from './configuration.ts';
import { declaration, type Declared } from './declaration.ts';
import type { CommandDeps } from './deps.ts';
import { look, type Beforehand } from './look.ts';
import { nextUpdates } from './next-updates.ts';
import { postingId } from './posting-id.ts';
import { statusInput } from './looked-facts.ts';

/** The id of the update that declares by label: one for each issue, whatever webhook comes first and however often. */
export function labelDeclarationId({ repository, issue }: Invocation): string {
  return postingId(`declaration ${String(repository.id)}#${String(issue.number)}`, 'declare');
}

/**
 * Declares the incident of an issue: looks at the infrastructure and posts the update that tells of it. What cannot be
 * read of the configuration keeps no incident from being declared; the update then says what is wrong with the file.
 *
 * @param id Of the posting.
 */
export async function declareIncident(
  deps: CommandDeps,
  invocation: Invocation,
  id: string,
  read: Beforehand,
  declared: Declared,
): Promise<void> {
  const { configuration, recollection } = read;
  const before = declaration(invocation, knownOf(configuration), recollection.state, declared);
  if (
    configuration.kind !== 'usable' &&
    !hasNoFile(configuration) &&
    (await deps.disclosure(invocation, read.github)) !== null
  ) {
    const { state, ...rest } = recorded(deps, invocation, knownOf(configuration), recollection.state, before);
    const update = whyUnread(configuration, deps.version);
    const { plan } = nextUpdates(deps, invocation, knownOf(configuration), state);
    return await deps.record(invocation, {
      ...rest,
      title: await deps.redact(invocation.issue.title),
      postings: [{ id, kind: update.kind, update, outcome: 'done' }],
      checkpoints: plan,
    });
  }
  await look(
    deps,
    invocation,
    {
      id,
      before,
      make: (looked) => ({
        said: [{ id, update: composeDeclare(statusInput(looked, deps.version), looked.earlier) }],
        events: [{ kind: 'updated', update: 'declare', posting: id }],
      }),
    },
    read,
  );
}

/** Goes on with an incident that was stood down: its record stays, and one line says so. */
export async function declareAgain(
  deps: CommandDeps,
  invocation: Invocation,
  { state: before, read }: { state: IncidentState; read: ReadConfiguration },
  declared: Declared,
): Promise<void> {
  const configuration = knownOf(read);
  const { state, ...rest } = recorded(
    deps,
    invocation,
    configuration,
    before,
    declaration(invocation, configuration, before, declared),
  );
  const { plan, nextAt } = nextUpdates(deps, invocation, configuration, state);
  const now = deps.now().toISOString();
  const update = composeGoesOn({
    by: invocation.actor,
    because: 'declared',
    declaredAt: state.declared?.at ?? declared.at,
    nextAt,
    now,
    version: deps.version,
  });
  await deps.record(invocation, {
    ...rest,
    title: await deps.redact(invocation.issue.title),
    postings: [
      {
        id: postingId(invocation.id, 'reply'),
        kind: update.kind,
        update,
        outcome: 'done',
      },
    ],
    checkpoints: plan,
  });
}

/** The events, how the incident stands after them, and the labels that follow. */
function recorded(
  deps: CommandDeps,
  { issue }: Invocation,
  configuration: ReturnType<typeof knownOf>,
  before: IncidentState,
  events: ReturnType<typeof declaration>,
) {
  const recordedAt = deps.now().toISOString();
  const state = events.map((event) => ({ ...event, recordedAt })).reduce(after, before);
  return {
    events,
    state,
    labels: labelsOfChange(configuration, { before, after: state, carried: issue.labels }),
  };
}

function whyUnread(read: Exclude<ReadConfiguration, { kind: 'usable' }>, version: string): Update {
  return read.kind === 'no-environment'
    ? composeNoEnvironment({ ...read, version })
    : composeConfigurationErrors({ errors: read.errors, version, declared: true });
}
