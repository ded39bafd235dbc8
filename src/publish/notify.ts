import { Webhook } from 'standardwebhooks';
import type { Channel } from '../config/notify.ts';
import type { Notification } from '../core/notification.ts';

/** What goes out to people beside GitHub, by one request each. */

export interface Outgoing {
  /** The same at each try: the receiver knows by it what came twice. */
  id: string;
  notification: Notification;
  /** Link to the update; null where it is not posted. */
  updateUrl: string | null;
}

/** How a try ended. One that is final will not be better the next time. */
export type SendEnd = { sent: true } | { sent: false; final: boolean; reason: string };

const defaultTimeoutMs = 10_000;

/** Sends one notification. Follows no redirect, and reads nothing of the answer but its status. */
export async function sendNotification(
  channel: Channel,
  outgoing: Outgoing,
  { now, timeoutMs = defaultTimeoutMs }: { now: Date; timeoutMs?: number },
): Promise<SendEnd> {
  const { body, headers } = channel.kind === 'slack' ? slack(outgoing) : signed(channel, outgoing, now);
  try {
    const answer = await fetch(channel.url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'sitrep', ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body?.cancel();
    return endOf(answer.status);
  } catch (error) {
    // The address is a secret: what fetch says of it stays out of the log.
    const reason =
      error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no connection';
    return { sent: false, final: false, reason };
  }
}

function endOf(status: number): SendEnd {
  if (status >= 200 && status < 300) return { sent: true };
  const reason =
    status >= 300 && status < 400 ? `${String(status)}, a redirect, which is not followed` : String(status);
  const final = status < 500 && status !== 408 && status !== 429;
  return { sent: false, final, reason: `the receiver answered ${reason}` };
}

/** Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
function signed(
  { secret }: Channel,
  { id, notification, updateUrl }: Outgoing,
  now: Date,
): { body: string; headers: Record<string, string> } {
  const { kind, at, issueUrl, ...brief } = notification;
  const body = JSON.stringify({
    type: `incident.${kind}`,
    timestamp: at,
    data: { ...brief, issue_url: issueUrl, update_url: updateUrl },
  });
  return {
    body,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret ?? '').sign(id, now, body),
    },
  };
}

/** Slack's incoming webhooks: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
function slack({ notification, updateUrl }: Outgoing): { body: string; headers: Record<string, string> } {
  const { kind, repository, issue, issueUrl, headline, severity, stage } = notification;
  const brief = headline ?? `Incident ${kind === 'relapse' ? 'failing again' : kind}`;
  const state = [severity, stage].filter((one) => one !== null).join(' ');
  const links = [
    `<${escaped(issueUrl)}|${escaped(`${repository}#${String(issue)}`)}>`,
    ...(updateUrl === null ? [] : [`<${escaped(updateUrl)}|update>`]),
  ];
  const text = [escaped(brief), ...(state === '' ? [] : [state]), ...links].join(' · ');
  return { body: JSON.stringify({ text, unfurl_links: false }), headers: {} };
}

/** So Slack takes no text of others for a mention or a link. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
