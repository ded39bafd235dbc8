import { isBotLogin } from '../core/accounts.ts';
import type { Invocation, IssueChange } from '../core/invocation.ts';
import { roleSuffices } from '../core/roles.ts';
import { countedRole } from './counted-role.ts';
import type { CommandDeps } from './deps.ts';
import { issueNow } from './issue-now.ts';
import { look, readBeforehand } from './look.ts';
import { postingId } from './posting-id.ts';
import { resolving } from './resolving.ts';

/**
 * The issue of an incident was closed, by a person, a bot or the merge of a pull request: the same gate as of
 * `/sitrep resolve` is asked. Where it says no, whoever closed it is told so, and not overruled. What Sitrep closed itself
 * is resolved by then, and nothing more is said; nor where it was opened again before this was heard.
 *
 * @throws where GitHub or the store fails, so that the job is tried again; what is out is not posted twice.
 */
export async function closedByHand(deps: CommandDeps, invocation: IssueChange): Promise<void> {
  const id = postingId(invocation.id, 'closed');
  if (await deps.published(id)) return;
  const read = await readBeforehand(deps, invocation, undefined);
  const { state } = read.recollection;
  if (state.declared === null || state.stoodDown !== null || state.resolution !== null) return;
  if ((await issueNow(deps.request, invocation))?.issue.closed !== true) return;
  const { actor } = invocation;
  const closed = {
    key: `${id}:closed`,
    at: deps.now().toISOString(),
    by: actor,
    url: null,
    body: { kind: 'issue-closed' } as const,
  };
  if (
    !(await mayHaveItRead(deps, invocation)) ||
    read.configuration.kind !== 'usable' ||
    (await deps.disclosure(invocation, read.github)) === null
  ) {
    // Nothing may or can be read, so nothing can be said; the record knows that it was closed.
    const title = await deps.redact(invocation.issue.title);
    return deps.record(invocation, { title, postings: [], events: [closed], checkpoints: [] });
  }
  const asked = {
    id,
    version: deps.version,
    by: actor,
    byHand: true,
    role: 'none',
    isLead: false,
    override: null,
  } as const;
  const purpose = {
    id,
    before: [closed],
    make: (looked: Parameters<typeof resolving>[0]) => resolving(looked, asked),
  };
  await look(deps, invocation, purpose, read);
}

/** Whoever opened an issue may close it without a role, and causes no readings so. A bot closes what it was let close. */
async function mayHaveItRead(deps: CommandDeps, invocation: Invocation): Promise<boolean> {
  if (isBotLogin(invocation.actor)) return true;
  return roleSuffices((await countedRole(deps, invocation)).role, 'triage');
}
