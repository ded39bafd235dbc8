import { journeyReadings, type StateReading } from '../states.ts';
import { causesOf } from './readings.ts';
import { judgeAndMiss } from './evaluate.ts';
import { factsOf, type Facts } from './facts.ts';
import { evaluateHeld } from './held.ts';
import type { CriteriaInput, CriterionResult } from './types.ts';
import { durationOf } from '../figures.ts';

/** What samples tell of the criteria: the light set holds some figures whole, and of the others nothing. */

/** Names whose figures the light set holds whole: a full look could tell no more of them. */
const wholeNames: ReadonlySet<string> = new Set([
  'probes',
  'sockets',
  'requests',
  'errors',
  'elapsed',
  'stage',
  'severity',
  'incident',
]);

/** Components whose state follows from our own requests, all of which a sample makes. */
const wholeTypes: ReadonlySet<string> = new Set(['http', 'websocket']);

/** What a sample tells of all criteria. */
export interface SampledCriteria {
  /** Certain: a full look would come to the same. */
  told: CriterionResult[];
  /** Those that only a full look can tell of now. */
  open: Omit<CriterionResult, 'result'>[];
}

/**
 * Reads the criteria from a light snapshot with its series. The diagnosis is that of the last update: samples look for no
 * cause. What the light set does not hold is unknown, so what comes out decided is certain.
 */
export function tellFromSample(input: CriteriaInput): SampledCriteria {
  const facts = withoutOtherStates(factsOf(input));
  const { configuration } = input;
  const all = [
    ...configuration.success_criteria.map((criterion) => ({ ...criterion, kind: 'success' as const })),
    ...configuration.escalation.map((rule) => ({ ...rule, for: undefined, kind: 'escalation' as const })),
  ].map(({ kind, id, when, for: duration }) => ({ kind, id, ...tell(facts, when, duration) }));
  return {
    told: all.flatMap(({ kind, id, result, told }) => (told ? [{ kind, id, result }] : [])),
    open: all.flatMap(({ kind, id, told }) => (told ? [] : [{ kind, id }])),
  };
}

function tell(
  facts: Facts,
  when: string,
  duration: string | undefined,
): { result: CriterionResult['result']; told: boolean } {
  const { result, missed } = judgeAndMiss(facts, when);
  const isTold = result !== 'unknown' || missed.every((name) => isWhole(facts, name));
  if (duration === undefined) return { result, told: isTold };
  const held = evaluateHeld(facts, when, durationOf(duration) ?? Number.NaN);
  return { result: held.result, told: isTold || held.result !== 'unknown' };
}

/** Causes are as told as they were: a sample that has no diagnosis at hand knows none. */
function isWhole(facts: Facts, name: string): boolean {
  return wholeNames.has(name) || (name === 'causes' && causesOf(facts) !== null);
}

/** The states of what a sample does not read whole are not known from it, whatever the part that it reads looks like. */
function withoutOtherStates(facts: Facts): Facts {
  const { components } = facts.configuration;
  const states = Object.fromEntries(
    Object.entries(facts.states).map(([id, reading]): [string, StateReading] => {
      const type = Object.hasOwn(components, id) ? components[id]?.type : undefined;
      const isRead = type !== undefined && wholeTypes.has(type);
      return [
        id,
        isRead ? reading : { state: 'unknown', evidence: [], why: 'samples do not read all of it' },
      ];
    }),
  );
  return { ...facts, states, journeys: journeyReadings(facts.configuration, states) };
}
