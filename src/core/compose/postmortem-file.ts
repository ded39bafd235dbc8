import { issue, link, plain, prose, say, type Text } from '../text.ts';
import type { NoticeUpdate } from '../update.ts';
import { replyFooter } from './reply-footer.ts';

/** Longest part of a file's name that comes from the title. */
const longestSlug = 50;

/** `docs/postmortems/2025-09-15-1278-login-and-chat-down.md`: where the postmortem of an incident stands. */
export function postmortemPath(of: {
  folder: string;
  declaredAt: string;
  issue: number;
  title: string;
}): string {
  const folder = of.folder.split('/').filter((part) => part !== '' && part !== '.');
  const slug = of.title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+/g, '')
    .slice(0, longestSlug)
    .replaceAll(/-+$/g, '');
  const name = [of.declaredAt.slice(0, 10), String(of.issue), ...(slug === '' ? [] : [slug])].join('-');
  return [...folder, `${name}.md`].join('/');
}

/** The branch on which the postmortem of an issue is proposed. */
export function postmortemBranch(number: number): string {
  return `sitrep/postmortem-${String(number)}`;
}

/** What the pull request says of itself. */
export function composePostmortemPull(input: { issue: number; by: string; version: string }): NoticeUpdate {
  return {
    kind: 'notice',
    headline: say`Postmortem of ${issue(input.issue)}`,
    lines: [
      say`Written from the record of the incident, asked for by ${prose(input.by)}. Edit it here; ${prose('`/sitrep postmortem`')} on the issue writes the file anew.`,
    ],
    footer: replyFooter(input.version),
  };
}

/** The comment that leads to the pull request. */
export function composePostmortemProposed(input: {
  issue: number;
  pull: { number: number; url: string };
  path: string;
  draft: boolean;
  /** What the incident was, in short. */
  summary: readonly Text[];
  version: string;
  /** Whether the document is redacted. */
  redacted?: boolean;
}): NoticeUpdate {
  const { pull, path } = input;
  const draft = input.draft ? say`Draft of the postmortem` : say`Postmortem`;
  return {
    kind: 'notice',
    headline: say`📄 ${draft} of ${issue(input.issue)}: ${link(`pull request ${String(pull.number)}`, pull.url)}`,
    lines: [say`File: ${plain(path)}`, ...input.summary],
    footer: replyFooter(input.version, input.redacted),
  };
}
