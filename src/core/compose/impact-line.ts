import { prose, say, type Text } from '../text.ts';
import { type Facts, isInTrouble } from './facts.ts';

/** Who is affected while something is wrong, as the configuration states it: Sitrep does not measure it. */
export function impactLine(facts: Facts): Text | null {
  const { impact } = facts.configuration;
  return impact === undefined || !isInTrouble(facts)
    ? null
    : say`“${prose(impact.statement)}” (stated, sitrep.yml)`;
}
