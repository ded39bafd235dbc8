import { clock } from '../figures.ts';
import { code, join, plain, say, type Text } from '../text.ts';
import type { NoticeUpdate, RefusalUpdate } from '../update.ts';
import { replyFooter } from './reply-footer.ts';

/** What commands about checkpoints answer: one line with the next times. */

/** The plan that somebody chose; without times there is none. All times UTC, ISO 8601. */
export function composeCheckpointPlan(input: {
  times: readonly string[];
  now: string;
  version: string;
}): NoticeUpdate {
  const { times, now, version } = input;
  const headline =
    times.length === 0
      ? say`No checkpoints from now on; the living comment goes on, and a material change is told`
      : say`Next comment ${join(times.map((at) => plain(clock(at, now))))} UTC, and so on; a material change is told at once`;
  return notice(headline, version);
}

/** Until when people asked for quiet, and when the next comment comes; null where none is promised. UTC, ISO 8601. */
export function composeSnoozed(input: {
  until: string;
  next: string | null;
  now: string;
  version: string;
}): NoticeUpdate {
  const { until, next, now, version } = input;
  const then = next === null ? say`no comment is promised` : say`next comment ${plain(clock(next, now))} UTC`;
  return notice(
    say`Nothing comes by itself before ${plain(clock(until, now))} UTC; ${then}. The living comment goes on`,
    version,
  );
}

/** The incident is over: nothing comes by itself that could be planned. */
export function composeOver({ version }: { version: string }): RefusalUpdate {
  return refusal(
    say`👎 Nothing comes by itself here: the incident is over`,
    [say`${code('/sitrep reopen')} opens a resolved one again.`],
    version,
  );
}

/** The operator's policy allows no comments that nobody asked for. */
export function composeNoUnasked({ version }: { version: string }): RefusalUpdate {
  return refusal(
    say`👎 No checkpoints: the policy allows no comments here that nobody asked for`,
    [
      say`The operator of Sitrep can allow them: ${code('comments_per_hour')} in ${code('sitrep.policy.yml')}.`,
    ],
    version,
  );
}

function notice(headline: Text, version: string): NoticeUpdate {
  return { kind: 'notice', headline, lines: [], footer: replyFooter(version) };
}

function refusal(headline: Text, lines: readonly Text[], version: string): RefusalUpdate {
  return { kind: 'refusal', headline, lines, footer: replyFooter(version) };
}
