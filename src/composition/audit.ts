import type { AuditedAct } from '../commands/deps.ts';
import { postingId } from '../commands/posting-id.ts';
import type { Invocation } from '../core/invocation.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { NewAuditEntry } from '../store/audit.ts';

/** GUID of the delivery that a call came by; null where none did, as with a checkpoint. */
export function deliveryOf({ id, receivedAt }: Pick<Invocation, 'id' | 'receivedAt'>): string | null {
  return receivedAt === null ? null : id.replace(/#\d+$/u, '');
}

/** What the audit says of something that a call did: once, however often the call is tried again. */
export function auditOfCall(invocation: Invocation, { what, detail }: AuditedAct, at: Date): NewAuditEntry {
  const { installationId, repository, issue, actor, comment } = invocation;
  const told = comment === null ? detail : { ...detail, comment: comment.id, url: comment.url };
  return {
    key: postingId(`${invocation.id} ${what} ${JSON.stringify(detail)}`, 'audit'),
    at,
    who: actor,
    what,
    installationId,
    repositoryId: repository.id,
    repository: `${repository.owner}/${repository.name}`,
    issue: issue.number,
    delivery: deliveryOf(invocation),
    detail: told,
  };
}

/** That the configuration asked for what the operator did not grant: once a day and thing. */
export function auditOfUngranted(invocation: Invocation, { gaps }: Snapshot, at: Date): NewAuditEntry[] {
  const day = at.toISOString().slice(0, 10);
  const refused = gaps.filter(({ reason }) => reason === 'not-granted');
  return [...Map.groupBy(refused, ({ detail }) => detail)].map(([why, same]) => {
    const components = [...new Set(same.map(({ component }) => component))];
    const of = `${String(invocation.installationId)} ${String(invocation.repository.id)}`;
    return {
      ...auditOfCall(
        { ...invocation, actor: 'sitrep' },
        { what: 'not granted', detail: { why, components } },
        at,
      ),
      key: postingId(`not granted ${of} ${why} ${day}`, 'audit'),
    };
  });
}
