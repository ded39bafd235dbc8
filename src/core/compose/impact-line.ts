import { clock } from '../figures.ts';
import { stateOf } from '../incident/state.ts';
import { code, link, prose, say, type Text } from '../text.ts';
import { type Facts, isInTrouble } from './facts.ts';

/** Who is affected while something is wrong, as a person stated it, or else the configuration: Sitrep does not measure it. */
export function impactLine(facts: Facts): Text | null {
  if (!isInTrouble(facts)) return null;
  const said = stateOf(facts.snapshot.record ?? []).impact;
  if (said !== null) {
    const who = `${said.by} at ${clock(said.at, facts.seen)}`;
    return say`“${prose(said.text)}” (stated, ${said.url === null ? code(who) : link(who, said.url)})`;
  }
  const { impact } = facts.configuration;
  return impact === undefined ? null : say`“${prose(impact.statement)}” (stated, sitrep.yml)`;
}
