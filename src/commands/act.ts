import type { Configuration } from '../config/repository.schema.ts';
import { composeConfigurationErrors } from '../core/compose/configuration-errors.ts';
import { composeNotAssigned } from '../core/compose/command-replies.ts';
import {
  composeNoEnvironment,
  composeNotAnIncident,
  composePublicRepository,
} from '../core/compose/refusal.ts';
import type { EventBody, IncidentEvent, NewEvent } from '../core/incident/events.ts';
import { after, type IncidentState } from '../core/incident/state.ts';
import { labelsOfChange } from '../core/incident/state-labels.ts';
import { redactedRecord } from '../core/redacted/record.ts';
import type { Role } from '../core/roles.ts';
import type { Invocation } from '../core/invocation.ts';
import type { RefusalUpdate, Update } from '../core/update.ts';
import { react } from '../publish/reactions.ts';
import { assign } from './assign.ts';
import type { Command } from './command.ts';
import { readConfiguration } from './configuration.ts';
import type { CommandDeps, IssueState, Outcome, Recollection } from './deps.ts';
import { postingId } from './posting-id.ts';

/** What a command decides by. */
export interface Situation {
  /** Who calls, and from where. */
  invocation: Invocation;
  configuration: Configuration;
  /** The role that the caller holds, where the command asks for it; null otherwise. */
  held: Role;
  /** The incident as it stands, which is declared. */
  state: IncidentState;
  record: readonly IncidentEvent[];
  /** The update that was posted last. */
  update: Recollection['update'];
  /** Comments an hour that may come to an issue unasked. */
  commentsPerHour: number;
  /** UTC, ISO 8601. */
  now: string;
  version: string;
  /** Whether what is told of the record has to be redacted; only asked for by a command that shows what was read. */
  redacted: boolean;
}

/** What a command comes to. */
export type Decision =
  | {
      /** What happened by it, now and by its author, or when and by whom they say. */
      events: readonly (EventBody | { at: string; body: EventBody })[];
      /** What to say about it; without words the reaction is the answer. */
      say?: Update;
      /** Distances from the declaration by which the next updates come; missing where that stays. */
      checkpoints?: readonly string[];
      /** GitHub login of who is assigned to the issue once it is recorded. */
      assign?: string;
      /** What the issue is brought to after what is said is out; missing where it stays. */
      issueState?: IssueState;
    }
  /** Nothing is done. */
  | { refusal: RefusalUpdate; outcome: 'confused' | 'refused' };

/** A command that changes the record of an incident, or tells of it, and reads no infrastructure. */
export interface Acting extends Omit<Command, 'prepare'> {
  /** Whether it shows what was read of the infrastructure: in a public repository redacted, unless the operator lets it. */
  shows?: boolean;
  /** Pure: the words after the name, without secrets, and the situation. */
  decide: (words: readonly string[], situation: Situation) => Decision;
}

/** The same, where the decision needs more than the record. */
export interface ActingUpon<Known> extends Omit<Command, 'prepare'> {
  /** Whether it shows what was read of the infrastructure: in a public repository redacted, unless the operator lets it. */
  shows?: boolean;
  /** Asks GitHub, once the role is proven. */
  enquire: (deps: CommandDeps, invocation: Invocation, words: readonly string[]) => Promise<Known>;
  /** Pure, as of `Acting`, and what was learnt. */
  decide: (words: readonly string[], situation: Situation, known: Known) => Decision;
}

/** Makes a command of it: it reads what is needed, refuses where there is no incident, and records what was decided. */
export function acting({ decide, ...command }: Acting): Command {
  return actingUpon({ ...command, enquire: () => Promise.resolve(), decide });
}

/** As `acting`, for what has to ask GitHub before it can decide. */
export function actingUpon<Known>({
  enquire,
  decide,
  shows = false,
  ...command
}: ActingUpon<Known>): Command {
  return {
    ...command,
    prepare: (deps, invocation, words) => {
      const { request } = deps;
      const recalled = deps.recall(invocation);
      const begun = Promise.allSettled([
        recalled,
        // The environment in which the incident is: the one that was asked for last.
        recalled.then(({ incident }) =>
          readConfiguration(
            request,
            invocation.repository,
            deps.configurations(invocation),
            incident?.environment ?? undefined,
          ),
        ),
        deps.redact(invocation.issue.title),
        deps.redact(words.join(' ')),
      ]);
      return async (held) => {
        const [recollection, configuration, title, text] = await begun;
        if (recollection.status === 'rejected') throw recollection.reason;
        if (configuration.status === 'rejected') throw configuration.reason;
        if (title.status === 'rejected') throw title.reason;
        if (text.status === 'rejected') throw text.reason;
        const read = configuration.value;
        const { version } = deps;
        const disclosure = shows ? await deps.disclosure(invocation) : 'full';
        if (disclosure === null)
          return reply(
            deps,
            invocation,
            composePublicRepository({ ...invocation.repository, version }),
            'refused',
          );
        if (recollection.value.state.declared === null)
          return reply(deps, invocation, composeNotAnIncident({ usage: command.usage, version }), 'refused');
        if (read.kind === 'unusable')
          return reply(
            deps,
            invocation,
            composeConfigurationErrors({ errors: read.errors, version }),
            'done',
          );
        if (read.kind === 'no-environment')
          return reply(deps, invocation, composeNoEnvironment({ ...read, version }), 'confused');
        const situation = {
          invocation,
          held,
          configuration: read.configuration,
          state: recollection.value.state,
          record:
            disclosure === 'full' ? recollection.value.record : redactedRecord(recollection.value.record),
          redacted: disclosure === 'redacted',
          update: recollection.value.update,
          commentsPerHour: deps.commentsPerHour(invocation),
          now: deps.now().toISOString(),
          version,
        };
        const clean = text.value.split(/\s+/u).filter((word) => word !== '');
        const known = await enquire(deps, invocation, clean);
        await carryOut(deps, situation, title.value, decide(clean, situation, known));
      };
    },
  };
}

async function carryOut(
  deps: CommandDeps,
  { invocation, configuration, state, now, version }: Situation,
  title: string,
  decision: Decision,
): Promise<void> {
  if ('refusal' in decision) return reply(deps, invocation, decision.refusal, decision.outcome);
  const { say, checkpoints, assign: assignee, issueState } = decision;
  const events = decision.events.map((event, index): NewEvent => {
    const told = 'body' in event ? event : { at: now, body: event };
    const key = `${invocation.id}:${String(index)}`;
    return { key, at: told.at, by: invocation.actor, url: invocation.comment?.url ?? null, body: told.body };
  });
  const next = events.map((event) => ({ ...event, recordedAt: now })).reduce(after, state);
  const posting = say && {
    id: postingId(invocation.id, 'reply'),
    kind: say.kind,
    update: say,
    outcome: 'done' as const,
    ...(issueState === undefined ? {} : { issueState }),
  };
  await deps.record(invocation, {
    title,
    postings: posting === undefined ? [] : [posting],
    events,
    labels: labelsOfChange(configuration, { before: state, after: next, carried: invocation.issue.labels }),
    ...(checkpoints === undefined ? {} : { checkpoints }),
  });
  if (assignee !== undefined && !(await assign(deps, invocation, assignee)))
    return reply(deps, invocation, composeNotAssigned(assignee, version), 'done');
  if (posting === undefined && invocation.comment !== null)
    await react(deps.request, invocation.repository, invocation.comment.id, 'rocket');
}

async function reply(
  deps: CommandDeps,
  invocation: Invocation,
  update: Update,
  outcome: Outcome,
): Promise<void> {
  const id = postingId(invocation.id, 'reply');
  await deps.publish(invocation, { id, kind: update.kind, update, outcome });
}
