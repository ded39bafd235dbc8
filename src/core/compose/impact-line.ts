import { clock } from '../figures.ts';
import { stateOf } from '../incident/state.ts';
import { code, link, prose, say, type Text } from '../text.ts';
import { type Facts, isInTrouble } from './facts.ts';

/**
 * Who is affected while something is wrong, as a person stated it, or else the configuration: Sitrep does not measure it.
 * In an incident it is said where nobody did.
 */
export function impactLine(facts: Facts): Text | null {
  if (!isInTrouble(facts)) return null;
  const said = stateOf(facts.snapshot.record ?? []).impact;
  if (said !== null) {
    const who = `${said.by} at ${clock(said.at, facts.seen)}`;
    return say`“${prose(said.text)}” (stated, ${said.url === null ? code(who) : link(who, said.url)})`;
  }
  const { impact } = facts.configuration;
  if (impact !== undefined) return say`“${prose(impact.statement)}” (stated, sitrep.yml)`;
  return facts.snapshot.incident ? say`nobody has said; ${code('/sitrep impact TEXT')} does` : null;
}
