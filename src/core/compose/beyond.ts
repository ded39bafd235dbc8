import { age, atLeast, clock, figure } from '../figures.ts';
import { before, evidenceIds, latest, numberOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { throughputOf } from '../states/connector.ts';
import { cite, code, join, plain, type Plain, prose, say, type Text } from '../text.ts';
import { componentsIn, type Facts, fewIds, isInTrouble, readingOf } from './facts.ts';
import { firstFailure } from './onset.ts';

/** From this factor on, a change of the traffic is told. */
const told = 1.2;
const minute = 60_000;

/** The line of a cause that is unknown: how far the evidence reaches, and what would decide. */
export function unknownCause(facts: Facts): { label: Text; what: Text } | null {
  if (!isInTrouble(facts)) return null;
  const { missing } = facts.diagnosis;
  const end = lastComponent(facts);
  const decide = missing[0] === undefined ? null : say`would decide: ${prose(missing[0].wouldDecide)}`;
  if (end === undefined)
    return { label: say`Cause, unknown`, what: decide ?? say`the evidence does not decide` };
  const { state, why: words, evidence } = readingOf(facts, end);
  const why = words === '' ? state : words;
  if (abnormalEnd(facts) === null) {
    const found = say`found so far: ${code(end)} ${prose(why)} ${cite(evidence, fewIds)}`;
    return { label: say`Cause, unknown`, what: together([found, decide]) };
  }
  const full = fullConnector(facts, end);
  const seen = full ?? say`${prose(why)} ${cite(evidence, fewIds)}`;
  const open = full === null ? say`why is not known` : say`why it filled is not known`;
  return { label: say`Cause, unknown beyond ${code(end)}`, what: together([seen, open, decide]) };
}

/** The component beyond which the cause is unknown, where it is itself abnormal; null where there is none. */
export function abnormalEnd(facts: Facts): string | null {
  const { cause, verdict } = facts.diagnosis.root;
  const end = lastComponent(facts);
  if (end === undefined || (cause !== 'unknown' && verdict !== 'unknown')) return null;
  const { state } = readingOf(facts, end);
  return state === 'failing' || state === 'degraded' ? end : null;
}

/** The deepest component that the evidence reaches. */
function lastComponent({ diagnosis }: Facts): string | undefined {
  return diagnosis.chain.findLast((step) => step.cause !== null)?.cause?.component;
}

function together(parts: readonly (Text | null)[]): Text {
  return say`${join(
    parts.filter((part) => part !== null),
    say`; `,
  )}`;
}

/** What is read of a connector at its maximum of instances; null for anything else. */
function fullConnector(facts: Facts, id: string): Text | null {
  const { index } = facts;
  const [instances, max] = [latest(index, id, signal.instances), latest(index, id, signal.instancesMax)];
  const [used, limit] = [numberOf(instances), numberOf(max)];
  if (!instances || !max || used === null || limit === null || used < limit) return null;
  const cpu = latest(index, id, signal.cpu);
  const load = say`full, ${plain(`${instances.value}/${max.value}`)}${since(facts, id, [instances, max])}`;
  const parts = [
    load,
    cpu === undefined ? null : say`CPU ${plain(figure(cpu.value, cpu.unit))} ${cite([cpu.id])}`,
    throughput(facts, id) ?? traffic(facts, id),
  ].filter((part) => part !== null);
  return say`${join(parts)}`;
}

/** ` since 17:07, 2 min before the failures (E156, E252)`, as far as it was read. */
function since(facts: Facts, id: string, load: readonly Observation[]): Text {
  const found = latest(facts.index, id, signal.instancesSince);
  const reachesBack =
    found?.window && Date.parse(found.value) - Date.parse(found.window.from) > minute ? found : null;
  if (reachesBack === null) return say` ${cite(load.map((one) => one.id))}`;
  const others = componentsIn(facts, 'failing').filter((other) => other !== id);
  const failure = firstFailure(facts, others);
  const at = plain(clock(reachesBack.value, facts.seen));
  const isFirst = failure?.began === true && Date.parse(failure.at) - Date.parse(reachesBack.value) >= minute;
  if (!isFirst) return say` since ${at} ${cite([reachesBack.id])}`;
  const ahead = plain(age(reachesBack.value, failure.at));
  return say` since ${at}, ${ahead} before the failures ${cite([reachesBack.id, ...failure.evidence])}`;
}

/** Its busiest minute against what its instances are documented to carry. */
function throughput(facts: Facts, id: string): Text | null {
  const found = throughputOf(id, facts.index);
  if (found === null) return null;
  return say`${plain(found.why)} in its busiest minute ${cite(evidenceIds(found.observations))}`;
}

/** The bytes it received, where they differ from those of the hour before. */
function traffic(facts: Facts, id: string): Text | null {
  const now = latest(facts.index, id, signal.receivedBytes);
  const was = before(facts.index, id, signal.receivedBytes)[0];
  const [is, earlier] = [numberOf(now), numberOf(was)];
  if (!now || !was || is === null || earlier === null) return null;
  if (Math.max(is, earlier) < told * Math.min(is, earlier)) return null;
  return say`received ${written(now)}, was ${written(was)} the hour before ${cite([was.id, now.id])}`;
}

function written({ value, unit, partial }: Observation): Plain {
  return plain(atLeast(figure(value, unit), partial));
}
