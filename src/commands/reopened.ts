import type { EventBody } from '../core/incident/events.ts';
import { composeGoesOn } from '../core/compose/declaration-notices.ts';
import { after } from '../core/incident/state.ts';
import { labelsOfChange } from '../core/incident/state-labels.ts';
import type { IssueChange } from '../core/invocation.ts';
import { knownOf, readConfiguration } from './configuration.ts';
import type { CommandDeps } from './deps.ts';
import { issueNow } from './issue-now.ts';
import { labelsChanged } from './labels-changed.ts';
import { nextUpdates } from './next-updates.ts';
import { postingId } from './posting-id.ts';

/**
 * A person opened the issue of an incident again: the incident goes on, a resolved one too, and the next updates are
 * planned anew. An issue that was never declared and carries a label of incidents is one from now on.
 */
export async function reopenedByHand(deps: CommandDeps, change: IssueChange): Promise<void> {
  const { state } = await deps.recall(change);
  if (state.declared === null || state.stoodDown !== null) return await labelsChanged(deps, change);
  // Sitrep opens issues itself, after it has recorded why.
  if (!state.issueClosed && state.resolution === null) return;
  // One that was closed again before this was heard stays as it is.
  if ((await issueNow(deps.request, change))?.issue.closed !== false) return;
  const { declared } = state;
  const at = change.changedAt;
  const bodies: EventBody[] = [
    { kind: 'issue-reopened' },
    ...(state.resolution === null
      ? []
      : [{ kind: 'reopened', because: 'issue', what: 'the issue was opened again' } as const]),
  ];
  const events = bodies.map((body, index) => ({
    key: `${change.id}:${String(index)}`,
    at,
    by: change.actor,
    url: null,
    body,
  }));
  const next = events.map((event) => ({ ...event, recordedAt: at })).reduce(after, state);
  const read = await readConfiguration(
    deps.request,
    change.repository,
    deps.configurations(change),
    undefined,
  );
  const configuration = knownOf(read);
  const { plan, nextAt } = nextUpdates(deps, change, configuration, next);
  const update = composeGoesOn({
    by: change.actor,
    because: 'reopened',
    declaredAt: declared.at,
    nextAt,
    now: deps.now().toISOString(),
    version: deps.version,
  });
  const id = postingId(change.id, 'reopened');
  await deps.record(change, {
    title: await deps.redact(change.issue.title),
    postings: [{ id, kind: update.kind, update, outcome: 'done' }],
    events,
    checkpoints: plan,
    labels: labelsOfChange(configuration, { before: state, after: next, carried: change.issue.labels }),
  });
}

/** The issue was unlocked: what GitHub did not take meanwhile had ended the updates, which come again from now on. */
export async function watchAnew(deps: CommandDeps, change: IssueChange): Promise<void> {
  const { state } = await deps.recall(change);
  if (!state.watched || change.issue.closed) return;
  const read = await readConfiguration(
    deps.request,
    change.repository,
    deps.configurations(change),
    undefined,
  );
  const { plan } = nextUpdates(deps, change, knownOf(read), state);
  await deps.record(change, {
    title: await deps.redact(change.issue.title),
    postings: [],
    events: [],
    checkpoints: plan,
  });
}
