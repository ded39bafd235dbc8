import type { Transaction } from 'kysely';
import { escalationPostingId } from '../commands/escalations.ts';
import { postingId } from '../commands/posting-id.ts';
import type { Channel } from '../config/notify.ts';
import { grantsFor } from '../config/policy.ts';
import type { NewEvent } from '../core/incident/events.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { Invocation } from '../core/invocation.ts';
import { notificationsOf } from '../core/notification.ts';
import { sendNotification } from '../publish/notify.ts';
import {
  keepNotification,
  noteNotificationTry,
  pendingNotification,
  settleNotification,
  type StoredNotification,
} from '../store/notifications.ts';
import type { Database } from '../store/schema.ts';
import type { NotificationWorkerDeps } from '../worker/notifications.ts';
import type { Shared } from './command-deps.ts';

/** What is recorded, as far as people are told of it. */
export interface News {
  incidentId: string;
  /** Redacted. */
  title: string;
  events: readonly NewEvent[];
  state: IncidentState;
  /** Ids of the postings that tell of it, the first of them first. */
  postings: readonly string[];
}

/** Keeps what people are to be told of the events, with its jobs, in the transaction that records them; once each. */
export async function keepNews(
  { policy, queue, now }: Pick<Shared, 'policy' | 'queue' | 'now'>,
  trx: Transaction<Database>,
  invocation: Invocation,
  { incidentId, title, events, state, postings }: News,
): Promise<void> {
  const { repository, issue } = invocation;
  const name = `${repository.owner}/${repository.name}`;
  const { notify } = grantsFor(policy, name);
  const contacts = Object.keys(notify);
  if (contacts.length === 0) return;
  const { severity, stage } = state;
  const incident = {
    repository: name,
    public: !repository.private,
    issue: issue.number,
    issueUrl: issue.url,
    title,
    severity,
    stage,
  };
  for (const event of events) {
    const own = escalationPostingId(invocation, event.key);
    const publicationId = postings.includes(own) ? own : (postings[0] ?? null);
    for (const notification of notificationsOf(event, incident, contacts)) {
      for (const { name: channel } of notify[notification.contact] ?? []) {
        const about = `${incidentId} ${event.key} ${notification.contact} ${channel}`;
        const id = postingId(about, 'notification');
        const kept = { id, incidentId, publicationId, channel, notification, createdAt: now() };
        if (await keepNotification(trx, kept)) await queue.enqueue(trx, 'notifications', { id }, { id });
      }
    }
  }
}

/** How the worker finds, sends and settles the notifications of the store. */
export function storedNotifications(
  { store: { db }, now, log }: Pick<Shared, 'store' | 'now' | 'log'>,
  channels: ReadonlyMap<string, Channel>,
): NotificationWorkerDeps<StoredNotification> {
  return {
    now,
    log,
    load: (id) => pendingNotification(db, id),
    async send({ id, channel: name, notification, update }) {
      const channel = channels.get(name);
      if (channel === undefined)
        return { sent: false, final: true, reason: `${name} is not configured any more` };
      const outgoing = { id, notification, updateUrl: update?.url ?? null };
      return await sendNotification(channel, outgoing, { now: now() });
    },
    noteTry: (id, reason) => noteNotificationTry(db, id, reason),
    settle: (id, reason) =>
      settleNotification(db, id, { state: reason === null ? 'sent' : 'failed', at: now(), reason }),
  };
}
