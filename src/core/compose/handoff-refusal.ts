import { code, mention, plain, say, type Text } from '../text.ts';
import type { NoticeUpdate, RefusalUpdate } from '../update.ts';
import { replyFooter } from './reply-footer.ts';

/** Why an incident cannot be handed over to somebody. */
export function composeCannotHandOver(input: {
  to: string;
  why: 'resolved' | 'oneself' | 'role';
  version: string;
}): RefusalUpdate {
  const { to, why, version } = input;
  const lines = {
    resolved: say`The incident is resolved. ${code('/sitrep reopen')} opens it again.`,
    oneself: say`Name somebody else; ${code('/sitrep lead')} takes the lead.`,
    role: say`Who takes over needs the role **write** in this repository: ${code(to)} could not accept.`,
  };
  return refusal(say`👎 Not handed over to ${code(to)}`, lines[why], version);
}

/** Why somebody cannot accept: there is nothing to accept, or somebody else is meant. */
export function composeCannotAccept(input: {
  handoff: { to: string; acceptedAt: string | null } | null;
  version: string;
}): RefusalUpdate {
  const { handoff, version } = input;
  if (handoff === null || handoff.acceptedAt !== null)
    return refusal(
      say`👎 No handoff is open`,
      say`${code('/sitrep handoff @WHO')} offers the incident to somebody; ${code('/sitrep lead')} takes the lead.`,
      version,
    );
  return refusal(
    say`👎 The handoff is meant for ${mention(handoff.to)}`,
    say`${code(handoff.to)} can accept it, or somebody with the role **${plain('maintain')}** for them.`,
    version,
  );
}

/** That GitHub did not assign whoever leads now. */
export function composeNotAssigned(input: { lead: string; version: string }): NoticeUpdate {
  return {
    kind: 'notice',
    headline: say`${code(input.lead)} leads, and is not assigned`,
    lines: [say`GitHub does not let this person be assigned to the issue.`],
    footer: replyFooter(input.version),
  };
}

function refusal(headline: Text, line: Text, version: string): RefusalUpdate {
  return { kind: 'refusal', headline, lines: [line], footer: replyFooter(version) };
}
