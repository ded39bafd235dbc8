import type { Asked, Town } from './town.ts';

/** What became of commands that were asked under faults: `lost` and `doubled` must be empty. */
export interface Effects {
  acknowledged: number;
  /** Acknowledged, without a comment of its own. */
  lost: string[];
  /** Issues with more comments than commands, or with two comments of one posting. */
  doubled: string[];
}

const marker = /<!-- (sitrep:[\da-f-]{36}) -->/gu;

/**
 * Counts the comments against the commands, issue by issue. What was not acknowledged is not promised: GitHub shows
 * it as failed, and it may be taken up later, once.
 */
export function effectsOf(town: Pick<Town, 'answers'>, asked: readonly Asked[]): Effects {
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const [issue, commands] of Map.groupBy(asked, (one) => one.issue)) {
    const comments = town.answers(issue);
    const postings = comments.flatMap((body) => [...body.matchAll(marker)].map(([, id]) => id));
    const promised = commands.filter(({ acknowledged }) => acknowledged).length;
    const told = `#${String(issue)}: ${String(comments.length)} comments, ${String(promised)} of ${String(commands.length)} commands acknowledged`;
    if (comments.length < promised) lost.push(told);
    if (comments.length > commands.length || new Set(postings).size < comments.length) doubled.push(told);
  }
  return { acknowledged: asked.filter(({ acknowledged }) => acknowledged).length, lost, doubled };
}
