import { clock } from '../figures.ts';
import { code, join, plain, say, type Text } from '../text.ts';
import type { NoticeUpdate, RefusalUpdate } from '../update.ts';
import { replyFooter } from './reply-footer.ts';

/** One line about how an incident begins, ends, or goes on. */

/** Its last label was taken away. */
export function composeStoodDown(input: {
  by: string;
  /** Labels that open an incident. */
  labels: readonly string[];
  version: string;
}): NoticeUpdate {
  const ways = join(input.labels.map(code));
  return notice(
    say`Stood down by ${code(input.by)}, who removed the last incident label`,
    [
      say`No more updates come by themselves, and the labels that Sitrep had set go. The record stays: ${ways} or ${code('/sitrep declare')} goes on with it.`,
    ],
    input.version,
  );
}

/** It goes on: it was stood down, or its issue was closed. */
export function composeGoesOn(input: {
  by: string;
  because: 'declared' | 'reopened';
  declaredAt: string;
  /** When the next comment comes, UTC; null for none. */
  nextAt: string | null;
  now: string;
  version: string;
}): NoticeUpdate {
  const { by, because, declaredAt, nextAt, now, version } = input;
  const what = because === 'declared' ? say`Declared again` : say`Opened again`;
  const next = nextAt === null ? say`` : say` **Next:** comment ${plain(clock(nextAt, now))}`;
  return notice(
    say`${what} by ${code(by)}: the incident of ${plain(clock(declaredAt, now))} UTC goes on`,
    [say`${code('/status')} shows how it stands.${next}`],
    version,
  );
}

/** `/sitrep declare` where that was done before. */
export function composeDeclaredBefore(input: {
  by: string;
  declaredAt: string;
  now: string;
  version: string;
}): NoticeUpdate {
  const { by, declaredAt, now, version } = input;
  return notice(
    say`Declared already, by ${code(by)} at ${plain(clock(declaredAt, now))} UTC`,
    [say`${code('/status')} shows how it stands.`],
    version,
  );
}

/** `/sitrep declare` on an issue that is closed, or whose incident is resolved. */
export function composeNotDeclared(input: {
  because: 'closed' | 'resolved';
  version: string;
}): RefusalUpdate {
  const { because, version } = input;
  const line: Text =
    because === 'closed'
      ? say`Reopen the issue first.`
      : say`${code('/sitrep reopen')} opens it again; another failure has an issue of its own.`;
  const headline = because === 'closed' ? say`👎 This issue is closed` : say`👎 This incident is resolved`;
  return { kind: 'refusal', headline, lines: [line], footer: replyFooter(version) };
}

function notice(headline: Text, lines: readonly Text[], version: string): NoticeUpdate {
  return { kind: 'notice', headline, lines, footer: replyFooter(version) };
}
