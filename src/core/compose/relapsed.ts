import { age, clock } from '../figures.ts';
import type { IncidentState } from '../incident/state.ts';
import type { Broken } from '../incident/watch-relapse.ts';
import { cite, code, mention, plain, prose, say } from '../text.ts';
import type { ResolutionUpdate } from '../update.ts';
import { type Facts, fewIds } from './facts.ts';
import { judgedOf } from './judged.ts';
import { below } from './resolution.ts';

/** What is broken again, named above the fold. */
const shown = 5;

/** The failure came back: the incident goes on. */
export function composeRelapsed(
  facts: Facts,
  { resolution, severity, lead }: IncidentState,
  broken: readonly Broken[],
  next: string | null,
): ResolutionUpdate {
  const { seen } = facts;
  const since = resolution === null ? say`` : say` after ${plain(age(resolution.at, seen))}`;
  const headline = say`🔴 Relapse${since}: reopened (${plain(clock(seen, seen))} UTC)`;
  const more = broken.length - shown;
  const lines = [
    ...broken
      .slice(0, shown)
      .map(
        ({ title, why, evidence }) =>
          say`❌ **${prose(title)}:** ${facts.redacted === undefined ? prose(why) : say`failing again`} ${cite(evidence, fewIds)}`,
      ),
    ...(more > 0 ? [say`… and ${more} more, below`] : []),
    ...(resolution === null
      ? []
      : [
          say`It held when the incident was resolved, ${plain(clock(resolution.at, seen))} (recorded, ${mention(resolution.by)}). Two samples on end and this look show the failure.`,
        ]),
    say`Stage is **investigating**${severity === null ? say`` : say`, severity stays **${plain(severity)}**`} · Lead: ${lead === null ? say`**nobody** (${code('/sitrep lead')} takes it)` : mention(lead)}`,
    ...(next === null ? [] : [say`**Next:** comment ${plain(clock(next, seen))}`]),
  ];
  return { kind: 'resolution', headline, lines, ...below(facts, judgedOf(facts), [headline, lines]) };
}
