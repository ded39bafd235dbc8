import { z } from 'zod';
import type { EventBody } from './incident/events.ts';
import { severity, stage } from './incident/terms.ts';

/** What people are told outside GitHub: the brief and links, nothing that was read. */

export const notificationSchema = z.object({
  kind: z.enum(['declared', 'escalated', 'resolved', 'relapse']),
  at: z.iso.datetime().describe('When it happened, UTC'),
  repository: z.string().describe('owner/name'),
  issue: z.int().positive(),
  issueUrl: z.url(),
  contact: z.string().describe('Id of the contact who is told'),
  severity: severity.nullable(),
  stage: stage.nullable(),
  headline: z.string().nullable().describe('One line without evidence; null where links alone may be sent'),
});

export type Notification = z.infer<typeof notificationSchema>;

/** What a notification is of. */
export interface NotifiedIncident {
  repository: string;
  /** Everybody can read its issues, but not what an operator keeps from its updates: links alone are sent. */
  public: boolean;
  issue: number;
  issueUrl: string;
  /** Redacted. */
  title: string;
  severity: Notification['severity'];
  stage: Notification['stage'];
}

/** The notifications that an event is worth, one for each contact who is told; none where it is worth none. */
export function notificationsOf(
  { body, at }: { body: EventBody; at: string },
  incident: NotifiedIncident,
  contacts: readonly string[],
): Notification[] {
  const found = kindOf(body);
  if (found === null) return [];
  const { repository, issue, issueUrl } = incident;
  const told = found.to === null ? contacts : contacts.filter((contact) => contact === found.to);
  const shown = incident.public
    ? { severity: null, stage: null, headline: null }
    : { severity: incident.severity, stage: incident.stage, headline: headline(found.words, incident) };
  return told.map((contact) => ({
    kind: found.kind,
    at,
    repository,
    issue,
    issueUrl,
    contact,
    ...shown,
  }));
}

/** What kind of news an event is, and for whom; null for all who can be told. */
function kindOf(body: EventBody): { kind: Notification['kind']; to: string | null; words: string } | null {
  if (body.kind === 'declared') return { kind: 'declared', to: null, words: 'declared' };
  // One that was told of the same outage minutes before is not told again.
  if (body.kind === 'escalated' && body.paged && body.contact !== null)
    return { kind: 'escalated', to: body.contact, words: 'escalated' };
  if (body.kind === 'resolved') return { kind: 'resolved', to: null, words: 'resolved' };
  if (body.kind === 'reopened' && body.because === 'relapse')
    return { kind: 'relapse', to: null, words: 'failing again' };
  return null;
}

const longestHeadline = 200;

function headline(words: string, { severity: grave, title }: NotifiedIncident): string {
  const text = `${grave ?? 'Incident'} ${words}: ${title.replaceAll(/\s+/gu, ' ').trim()}`;
  return text.length <= longestHeadline ? text : `${text.slice(0, longestHeadline - 1)}…`;
}
