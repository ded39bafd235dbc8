import type { Configuration } from '../config/repository.schema.ts';
import { composeConfigurationErrors } from '../core/compose/configuration-errors.ts';
import {
  composeNoEnvironment,
  composeNotAnIncident,
  composePublicRepository,
} from '../core/compose/refusal.ts';
import type { Telling } from '../core/compose/story-facts.ts';
import type { IncidentEvent } from '../core/incident/events.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { Invocation } from '../core/invocation.ts';
import { redactedStory } from '../core/redacted/story.ts';
import type { Update } from '../core/update.ts';
import { readConfiguration } from './configuration.ts';
import type { CommandDeps, Outcome } from './deps.ts';

/** All that is told of an incident afterwards; nothing of it is read anew. */
export interface Story {
  /** Title of the issue, redacted. */
  title: string;
  configuration: Configuration;
  record: readonly IncidentEvent[];
  state: IncidentState;
  /** The update that tells most of the cause; null where nothing was ever read. */
  telling: Telling | null;
  /** Whether the record, the configuration and what was read are redacted. */
  redacted: boolean;
}

/** Why there is no story to tell, and how the call ends by it. */
export interface NoStory {
  refusal: Update;
  outcome: Outcome;
}

/**
 * Reads the story of an issue's incident.
 *
 * @throws where GitHub or the store does not answer.
 */
export async function readStory(
  deps: CommandDeps,
  invocation: Invocation,
  usage: string,
): Promise<Story | NoStory> {
  const { version } = deps;
  const { repository, issue } = invocation;
  const disclosure = await deps.disclosure(invocation);
  if (disclosure === null)
    return { refusal: composePublicRepository({ ...repository, version }), outcome: 'refused' };
  const recalled = deps.recall(invocation);
  const [recollection, read, title, telling] = await Promise.all([
    recalled,
    // The environment in which the incident is: the one that was asked for last.
    recalled.then(({ incident }) =>
      readConfiguration(
        deps.request,
        repository,
        deps.configurations(invocation),
        incident?.environment ?? undefined,
      ),
    ),
    deps.redact(issue.title),
    deps.telling(invocation),
  ]);
  if (recollection.state.declared === null)
    return { refusal: composeNotAnIncident({ usage, version }), outcome: 'refused' };
  if (read.kind === 'unusable')
    return { refusal: composeConfigurationErrors({ errors: read.errors, version }), outcome: 'done' };
  if (read.kind === 'no-environment')
    return { refusal: composeNoEnvironment({ ...read, version }), outcome: 'confused' };
  const { record, state } = recollection;
  const { configuration } = read;
  const story = { title, configuration, record, state, telling, redacted: false };
  return disclosure === 'full' ? story : redactedStory(story);
}
