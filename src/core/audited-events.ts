import type { EventBody } from './incident/events.ts';

/** What was seen and what was told: the record has it, and a comment shows it. Nobody did anything by it. */
const notActs: ReadonlySet<EventBody['kind']> = new Set<EventBody['kind']>([
  'began',
  'cause',
  'component-state',
  'change',
  'rule-unknown',
  'rollback-offered',
  'similar',
  'window-complete',
  'window-broken',
  'updated',
  'folded',
]);

/** What the audit says of an event of an incident: its kind, or what was made on GitHub by it; null where it is no act. */
export function auditedEvent(body: EventBody): { what: string; detail: object } | null {
  if (notActs.has(body.kind)) return null;
  const { kind, ...detail } = body;
  if (kind === 'followup') return { what: 'issue opened', detail };
  if (body.kind === 'postmortem' && body.pull !== null) return { what: 'pull request opened', detail };
  return { what: kind, detail };
}
