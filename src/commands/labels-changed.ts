import { meaningOfLabels } from '../core/incident/labelled.ts';
import { after } from '../core/incident/state.ts';
import { labelsOfChange } from '../core/incident/state-labels.ts';
import type { IssueChange } from '../core/invocation.ts';
import { roleSuffices } from '../core/roles.ts';
import { hasNoFile, knownOf, readConfiguration, type ReadConfiguration } from './configuration.ts';
import { declareAgain, declareIncident, labelDeclarationId } from './declare-incident.ts';
import { countedRole } from './counted-role.ts';
import type { CommandDeps, Recollection } from './deps.ts';
import { issueNow } from './issue-now.ts';
import { readBeforehand } from './look.ts';
import { standDown } from './stand-down.ts';

/** An issue that is labelled so soon was opened with the label: GitHub tells of both apart. */
const withOpeningMs = 60_000;

/**
 * An issue was opened with labels, or a label was set or taken away: the incident is declared, goes on, changes its
 * severity or is stood down, by the labels that the issue carries now.
 */
export async function labelsChanged(deps: CommandDeps, told: IssueChange): Promise<void> {
  const [recollection, read] = await Promise.all([
    deps.recall(told),
    readConfiguration(deps.request, told.repository, deps.configurations(told), undefined),
  ]);
  // Who has no file does not use Sitrep, and hears nothing of it.
  if (hasNoFile(read)) {
    deps.log.info({ repository: told.repository, issue: told.issue.number }, 'there is no configuration');
    return;
  }
  // Most changes of labels mean nothing: GitHub is not asked about those.
  if (meant(told, recollection, read).act === 'nothing') return await leaveAway(deps, told, recollection);
  const change = await issueNow(deps.request, told);
  if (change === null) return;
  const meaning = meant(change, recollection, read);
  const { state } = recollection;
  switch (meaning.act) {
    case 'declare':
      return await declareByLabel(deps, change);
    case 'declare-again':
      return await declareAgain(
        deps,
        change,
        { state, read },
        { via: 'label', at: change.changedAt, severity: null },
      );
    case 'stand-down':
      // Which labels are those of incidents is not known then.
      if (read.kind === 'unusable') return;
      return await standDown(deps, change, { state, read });
    case 'severity': {
      const { severity } = meaning;
      const body = { kind: 'severity', severity } as const;
      const event = { key: `${change.id}:0`, at: change.changedAt, by: change.actor, url: null, body };
      const next = after(state, { ...event, recordedAt: change.changedAt });
      const carried = change.issue.labels;
      return await deps.record(change, {
        title: await deps.redact(change.issue.title),
        postings: [],
        events: [event],
        labels: labelsOfChange(knownOf(read), { before: state, after: next, carried }),
        leftLabel: leftBy(change),
      });
    }
    case 'nothing':
      return await leaveAway(deps, told, recollection);
  }
}

/** What a person took away is not set again. */
async function leaveAway(deps: CommandDeps, change: IssueChange, { state }: Recollection): Promise<void> {
  const leftLabel = leftBy(change);
  if (leftLabel === null || state.declared === null) return;
  const title = await deps.redact(change.issue.title);
  await deps.record(change, { title, postings: [], events: [], leftLabel });
}

function leftBy({ action, label }: IssueChange): string | null {
  return action === 'unlabeled' ? label : null;
}

function meant({ issue, label, action }: IssueChange, { state }: Recollection, read: ReadConfiguration) {
  return meaningOfLabels(
    {
      state,
      carried: issue.labels,
      closed: issue.closed,
      changed: label,
      removed: action === 'unlabeled',
    },
    knownOf(read),
  );
}

/** A template may label the issue of anybody; only people with a role cause readings of the infrastructure. */
async function declareByLabel(deps: CommandDeps, change: IssueChange): Promise<void> {
  const id = labelDeclarationId(change);
  if (await deps.published(id)) return;
  const { actor, issue, changedAt } = change;
  const [held, beforehand] = await Promise.all([
    countedRole(deps, change),
    readBeforehand(deps, change, undefined),
  ]);
  if (!roleSuffices(held.role, 'triage')) {
    deps.log.info(
      { actor, ...held, issue: issue.number },
      'a label of somebody without a role declares nothing',
    );
    const detail = { label: change.label, why: 'role', needed: 'triage', held: held.role };
    await deps.audit(change, { what: 'refused', detail });
    return;
  }
  const isFromOpening = Date.parse(changedAt) - Date.parse(issue.openedAt) <= withOpeningMs;
  await declareIncident(deps, change, id, beforehand, {
    via: 'label',
    at: isFromOpening ? issue.openedAt : changedAt,
    severity: null,
  });
}
