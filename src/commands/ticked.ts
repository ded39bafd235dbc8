import { addedAction, addedKey, pageChanges, tickEvents } from '../core/board/page-changes.ts';
import type { NewEvent } from '../core/incident/events.ts';
import type { WrittenInvocation } from '../core/invocation.ts';
import { roleSuffices } from '../core/roles.ts';
import { readOwnComment } from '../publish/edit-comment.ts';
import { countedRole } from './counted-role.ts';
import type { CommandDeps } from './deps.ts';

/**
 * A person edited a comment of ours. Of the living comment the boxes that they ticked or cleared, and the points that
 * they added to the checklist, go to the record under their name; all else of an edit is kept where it stands when the
 * comment is written again. The invocation holds the boxes as they were after the edit; it may have been edited since,
 * so new points, of which the whole text counts, are read from the page.
 *
 * @throws where GitHub or the store fails, so that the job is tried again.
 */
export async function ticked(deps: CommandDeps, invocation: WrittenInvocation): Promise<void> {
  const { actor, comment, issue, repository } = invocation;
  const living = await deps.livingComment(invocation);
  if (living === null || living.commentId !== comment.id || living.body === null) return;
  const held = await countedRole(deps, invocation);
  if (!roleSuffices(held.role, 'write')) {
    deps.log.info(
      { actor, ...held, issue: issue.number },
      'an edit of the living comment counts from the role write on',
    );
    const detail = { edit: 'of the living comment', why: 'role', needed: 'write', held: held.role };
    await deps.audit(invocation, { what: 'refused', detail });
    return;
  }
  const { state } = await deps.recall(invocation);
  const at = invocation.receivedAt ?? deps.now().toISOString();
  const said = { at, by: actor, url: comment.url };
  const ticks = tickEvents(pageChanges(living.body, comment.body), state).map((body, index): NewEvent => ({
    key: `${invocation.id}:${String(index)}`,
    ...said,
    body,
  }));
  const page = await readOwnComment(deps.request, { repository, ...living });
  const added: NewEvent[] = [];
  for (const title of page === null ? [] : pageChanges(living.body, page).added) {
    const shown = await deps.redact(title);
    added.push({ key: addedKey(shown), ...said, body: addedAction(shown) });
  }
  const events = [...ticks, ...added];
  if (events.length === 0) return;
  await deps.record(invocation, { title: await deps.redact(issue.title), postings: [], events });
}
