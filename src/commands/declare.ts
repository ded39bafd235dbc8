import { composeDeclaredBefore, composeNotDeclared } from '../core/compose/declaration-notices.ts';
import { severity as severityNames, type Severity } from '../core/incident/terms.ts';
import { after, type IncidentState } from '../core/incident/state.ts';
import { labelsOfChange } from '../core/incident/state-labels.ts';
import type { Invocation } from '../core/invocation.ts';
import type { Update } from '../core/update.ts';
import { react } from '../publish/reactions.ts';
import type { Command } from './command.ts';
import { knownOf } from './configuration.ts';
import { declareAgain, declareIncident } from './declare-incident.ts';
import type { CommandDeps, Outcome } from './deps.ts';
import { readBeforehand, type Beforehand } from './look.ts';
import { postingId } from './posting-id.ts';

/** `/sitrep declare [P0]`: makes the issue an incident from now on. */
export const declare: Command = {
  name: 'declare',
  usage: '/sitrep declare [P0/P1/P2/P3]',
  role: 'write',
  summary:
    'Makes this issue an incident, as a label of incidents does; the severity is that of its labels where none is named.',
  examples: ['/sitrep declare', '/sitrep declare P0'],
  accepts: (words) => words.length <= 1 && words.every((word) => severityIn(word) !== null),
  prepare: (deps, invocation, words) => {
    const id = postingId(invocation.id, 'declare');
    const begun = Promise.allSettled([deps.published(id), readBeforehand(deps, invocation, undefined)]);
    return async () => {
      const [published, read] = await begun;
      if (published.status === 'rejected') throw published.reason;
      if (published.value) return;
      if (read.status === 'rejected') throw read.reason;
      await carryOut(deps, invocation, { id, severity: severityIn(words[0] ?? ''), read: read.value });
    };
  },
};

function severityIn(word: string): Severity | null {
  return severityNames.safeParse(word.toUpperCase()).data ?? null;
}

async function carryOut(
  deps: CommandDeps,
  invocation: Invocation,
  { id, severity, read }: { id: string; severity: Severity | null; read: Beforehand },
): Promise<void> {
  const { version } = deps;
  const { state } = read.recollection;
  const at = invocation.receivedAt ?? deps.now().toISOString();
  const declared = { via: 'command', at, severity } as const;
  if (state.resolution !== null)
    return await reply(deps, invocation, composeNotDeclared({ because: 'resolved', version }), 'refused');
  if (invocation.issue.closed)
    return await reply(deps, invocation, composeNotDeclared({ because: 'closed', version }), 'refused');
  if (state.declared === null) return await declareIncident(deps, invocation, id, read, declared);
  if (state.stoodDown !== null)
    return await declareAgain(deps, invocation, { state, read: read.configuration }, declared);
  if (severity !== null && severity !== state.severity)
    return await changeSeverity(deps, invocation, { severity, state, read, at });
  const { by, at: declaredAt } = state.declared;
  const now = deps.now().toISOString();
  await reply(deps, invocation, composeDeclaredBefore({ by, declaredAt, now, version }), 'done');
}

/** What was declared with another severity. */
async function changeSeverity(
  deps: CommandDeps,
  invocation: Invocation,
  { severity, state, read, at }: { severity: Severity; state: IncidentState; read: Beforehand; at: string },
): Promise<void> {
  const { id, actor, comment, issue, repository } = invocation;
  const body = { kind: 'severity', severity } as const;
  const event = { key: `${id}:0`, at, by: actor, url: comment?.url ?? null, body };
  const next = after(state, { ...event, recordedAt: at });
  await deps.record(invocation, {
    title: await deps.redact(issue.title),
    postings: [],
    events: [event],
    labels: labelsOfChange(knownOf(read.configuration), {
      before: state,
      after: next,
      carried: issue.labels,
    }),
  });
  if (comment !== null) await react(deps.request, repository, comment.id, 'rocket');
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
