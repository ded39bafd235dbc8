import { clock } from '../figures.ts';
import { code, issue, link, plain, prose, say } from '../text.ts';
import type { NoticeUpdate } from '../update.ts';
import type { ActionItem } from './action-items.ts';
import { causeLine } from './cause-lines.ts';
import { spoken, type Facts } from './facts.ts';
import { replyFooter } from './reply-footer.ts';

/** What the issue says that is opened for something that is left to do. */
export function composeFollowup(input: {
  item: ActionItem;
  incident: { issue: number; title: string };
  /** Of the update that tells most of the cause; null where nothing was ever read. */
  facts: Facts | null;
  /** The pull request with the postmortem; null for none. */
  pull: { number: number; url: string } | null;
  now: string;
  version: string;
}): NoticeUpdate {
  const { item, incident, facts, pull, now, version } = input;
  const { title, owner, dueAt, horizon, run } = item;
  const cause = facts === null ? null : causeLine(facts);
  return {
    kind: 'notice',
    headline: say`Follow-up of ${issue(incident.issue)}`,
    lines: [
      say`**To do:** ${prose(title)}`,
      say`**Owner:** ${owner === null ? say`nobody` : say`${code(owner)}`}${dueAt === null ? say`` : say`, due ${plain(clock(dueAt, now))} UTC`}${horizon === null ? say`` : say`, ${prose(spoken(horizon))}`}`,
      ...(run === null ? [] : [say`**Command:** ${{ as: 'command', text: run }}`]),
      say`**Incident:** ${issue(incident.issue)}, ${prose(incident.title)}`,
      ...(cause === null ? [] : [say`**${cause.label}:** ${cause.what}`]),
      ...(pull === null
        ? []
        : [say`**Postmortem:** ${link(`pull request ${String(pull.number)}`, pull.url)}`]),
      say`The evidence stands on the issue of the incident: ${code('/sitrep evidence E1')} shows one reading there.`,
    ],
    footer: replyFooter(version, facts?.redacted !== undefined),
  };
}

/** The list of the issues that were opened for what is left to do. */
export function composeFollowups(input: {
  issue: number;
  items: readonly (ActionItem & { followup: number })[];
  /** How many of them are new. */
  opened: number;
  /** How many are left for another call. */
  left: number;
  version: string;
}): NoticeUpdate {
  const { items, opened, left } = input;
  return {
    kind: 'notice',
    headline: say`Follow-ups of ${issue(input.issue)}: ${items.length}, ${opened} of them new`,
    lines: [
      ...items.map(({ title, followup }) => say`- ${issue(followup)} ${prose(title)}`),
      ...(items.length === 0
        ? [
            say`Nothing is left to do on record: no open action, and no prevention in ${code('.github/sitrep.yml')}.`,
          ]
        : []),
      ...(left === 0 ? [] : [say`${left} more are left: write the command again.`]),
    ],
    footer: replyFooter(input.version),
  };
}
