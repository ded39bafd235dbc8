import { clock } from '../figures.ts';
import type { IncidentState } from '../incident/state.ts';
import { code, mention, plain, say, type Text } from '../text.ts';
import type { ResolutionUpdate } from '../update.ts';
import type { Facts } from './facts.ts';
import type { Judged } from './judged.ts';
import { below, metLine, notConfigured } from './resolution.ts';

/** All criteria hold: the lead is asked to confirm that the incident is over. */
export function composeRecovered(facts: Facts, { lead }: IncidentState, judged: Judged): ResolutionUpdate {
  const { readings } = judged;
  const since = allSince(judged);
  const whom =
    lead === null
      ? say`**nobody** leads; a person with the role **write** confirms`
      : say`${mention(lead)}, confirm`;
  const headline = say`🟢 ${holdSince(readings.length, since === null ? null : clock(since, facts.seen))}`;
  const lines = [
    say`${whom} with ${code('/sitrep resolve')}. Until then the incident stays open.`,
    ...notConfigured(judged),
    metLine(readings),
  ];
  return { kind: 'resolution', headline, lines, ...below(facts, judged, [headline, lines]) };
}

function holdSince(criteria: number, since: string | null): Text {
  const one = criteria === 1;
  const which = one ? say`The one criterion` : say`All ${criteria} criteria`;
  if (since === null) return one ? say`${which} holds now` : say`${which} hold now`;
  return one ? say`${which} has held since ${plain(since)}` : say`${which} have held since ${plain(since)}`;
}

/** Since when all of them have held, as far as samples tell, UTC; null where one has no samples. */
function allSince({ readings }: Judged): string | null {
  const since = readings.map(({ holding }) => holding.since);
  if (since.length === 0 || since.includes(null)) return null;
  return (
    since
      .flatMap((at) => at ?? [])
      .toSorted((a, b) => Date.parse(a) - Date.parse(b))
      .at(-1) ?? null
  );
}
