import { actionItems, type ActionItem } from '../core/compose/action-items.ts';
import { composeFollowup, composeFollowups } from '../core/compose/followup.ts';
import { storyFacts } from '../core/compose/story-facts.ts';
import type { Invocation } from '../core/invocation.ts';
import { openedIssues, openIssue } from '../publish/new-issue.ts';
import type { CommandDeps } from './deps.ts';
import { postingId } from './posting-id.ts';
import type { Story } from './story.ts';

/** Issues opened by one call: GitHub limits how fast anybody may write, and comments wait behind them. */
const mostAtOnce = 20;

type Opened = ActionItem & { followup: number };

/** Whether an issue was opened for it. */
function isOpen(item: ActionItem): item is Opened {
  return item.followup !== null;
}

/**
 * Opens an issue for each open action and each prevention measure that has none yet, and answers with the list. Each is
 * recorded as soon as it is there, and is looked for by its hidden id before it is opened, so that a call which is tried
 * again opens none twice.
 */
export async function postFollowups(
  deps: CommandDeps,
  invocation: Invocation,
  id: string,
  story: Story,
): Promise<void> {
  const items = actionItems(story.record, story.configuration);
  const missing = items.filter((item) => !isOpen(item));
  const opened = await openAll(deps, invocation, story, missing.slice(0, mostAtOnce));
  const all = [...items.filter(isOpen), ...opened];
  const before = openedBefore(story, invocation);
  const update = composeFollowups({
    issue: invocation.issue.number,
    items: all,
    opened: all.filter(({ key }) => !before.has(key)).length,
    left: missing.length - opened.length,
    version: deps.version,
  });
  await deps.publish(invocation, { id, kind: 'followups', update, outcome: 'done' });
}

/** Keys of what has its issue by another call; an attempt of this one that broke off has opened new ones. */
function openedBefore({ record }: Story, { comment }: Invocation): Set<string> {
  return new Set(
    record.flatMap(({ body, url }) =>
      body.kind === 'followup' && url !== (comment?.url ?? null) ? [body.of] : [],
    ),
  );
}

async function openAll(
  deps: CommandDeps,
  invocation: Invocation,
  story: Story,
  items: readonly ActionItem[],
): Promise<Opened[]> {
  if (items.length === 0) return [];
  const { repository, issue } = invocation;
  const known = await openedIssues(deps.request, repository, story.state.declared?.at ?? issue.openedAt);
  const opened: Opened[] = [];
  for (const item of items) {
    const hidden = postingId(`${String(repository.id)}#${String(issue.number)}`, `followup ${item.key}`);
    const followup = known.get(hidden) ?? (await openOne(deps, invocation, story, item, hidden));
    await deps.record(invocation, {
      title: story.title,
      postings: [],
      events: [
        {
          key: `followup ${item.key}`,
          at: deps.now().toISOString(),
          by: invocation.actor,
          url: invocation.comment?.url ?? null,
          body: { kind: 'followup', number: followup, title: item.title, of: item.key },
        },
      ],
    });
    opened.push({ ...item, followup });
  }
  return opened;
}

async function openOne(
  { request, render, now, version, redact }: CommandDeps,
  invocation: Invocation,
  { title, configuration, record, telling }: Story,
  item: ActionItem,
  id: string,
): Promise<number> {
  const { repository, issue } = invocation;
  const update = composeFollowup({
    item,
    incident: { issue: issue.number, title },
    facts: telling === null ? null : storyFacts(configuration, record, telling),
    pull: record.map(({ body }) => (body.kind === 'postmortem' ? body.pull : null)).findLast(Boolean) ?? null,
    now: now().toISOString(),
    version,
  });
  return await openIssue(request, repository, {
    id,
    title: `Follow-up of #${String(issue.number)}: ${await redact(item.title)}`,
    body: await render(invocation, update),
    assignees: item.owner === null ? [] : [item.owner],
  });
}
