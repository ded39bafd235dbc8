import { factsOf, type Facts, type Redacted, type StatusInput } from '../compose/facts.ts';
import { judgedOf } from '../compose/judged.ts';
import { firstSeen } from '../compose/onset.ts';
import { nextPlanned } from '../compose/planned.ts';
import type { CriterionReading } from '../criteria/types.ts';
import type { Delta } from '../delta.ts';
import { clock } from '../figures.ts';
import { stateOf as incidentState } from '../incident/state.ts';
import { earlierFix, type EarlierFix } from '../regression/fix.ts';
import type { Gap, Observation, Snapshot, Source } from '../snapshot.ts';
import { gapPhrase, type StateReading } from '../states/reading.ts';
import { redactedConfiguration } from './configuration.ts';
import { redactedDiagnosis } from './diagnosis.ts';
import { redactedFix } from './fix.ts';
import { redactedRecord } from './record.ts';

/**
 * What an update is composed of, as far as everybody may see it: by naming what is taken over, so that what nobody thought
 * of stays out. The composers get no observation, source, setting, command or log line, and so can write none; states, when
 * they began, what changed of them and how long criteria have held are read here, from all that was seen, and handed on.
 */
export function redactedInput(input: StatusInput): StatusInput {
  const facts = factsOf(input);
  const configuration = redactedConfiguration(facts.configuration);
  const redacted = readingsOf(facts);
  const { states } = redacted;
  return {
    configuration,
    snapshot: redactedSnapshot(facts.snapshot),
    diagnosis: redactedDiagnosis(facts.diagnosis, { configuration, states }),
    criteria: {
      success: facts.criteria.success.map(criterionOf),
      escalation: facts.criteria.escalation.map((reading) => ({ ...criterionOf(reading), why: '' })),
      ...(facts.criteria.labels === undefined ? {} : { labels: facts.criteria.labels }),
    },
    nextCheckpoint: facts.nextCheckpoint,
    ...(facts.plan === undefined ? {} : { plan: facts.plan }),
    checkpoint: facts.checkpoint,
    configurationErrors: (facts.configurationErrors ?? []).map(({ line, column }) => ({
      line,
      column,
      message: 'an error',
      remedy: 'sitrep check says what is wrong',
    })),
    version: facts.version,
    redacted,
  };
}

/** What is known by readings that the update may not hold. */
function readingsOf(facts: Facts): Redacted {
  const ids = Object.keys(facts.states);
  return {
    states: Object.fromEntries(
      Object.entries(facts.states).map(([id, one]) => [id, stateOf(facts, id, one)]),
    ),
    delta: facts.delta && redactedDelta(facts.delta),
    sights: ids.flatMap((component) =>
      firstSeen(facts, [component]).map((sight) => ({ ...sight, component })),
    ),
    holding: Object.fromEntries(judgedOf(facts).readings.map(({ id, holding }) => [id, holding])),
    planned: nextPlanned(facts, []).map(({ title }) => title),
    read: facts.snapshot.observations.map(({ id, component, window, at }) => ({ id, component, window, at })),
    fix: fixOf(facts),
  };
}

function fixOf({ index, snapshot }: Facts): EarlierFix | null {
  const { regression } = incidentState(snapshot.record ?? []);
  return regression === null ? null : redactedFix(earlierFix(index, regression.of));
}

/** A state without the figures that show it: since when it is so, or why it is not known. */
function stateOf(facts: Facts, id: string, { state, evidence }: StateReading): StateReading {
  return { state, evidence, why: whyOf(facts, id, state) };
}

function whyOf(facts: Facts, id: string, state: StateReading['state']): string {
  if (state === 'unknown') {
    const gap = facts.snapshot.gaps.find(({ component }) => component === id);
    return gap === undefined ? 'not read' : `not read: ${gapPhrase(gap)}`;
  }
  if (state === 'healthy') return '';
  const [first] = firstSeen(facts, [id]);
  if (first === undefined) return '';
  const at = clock(first.at, facts.seen);
  return first.began ? `since ${at}` : `since ${at} or before`;
}

/** Of the changes since the update before: states, the cause, and that another revision serves. */
export function redactedDelta(delta: Delta): Delta {
  const { since, url, states, serving, root, material } = delta;
  return {
    since,
    url,
    states: states.map(({ component, from, to, evidence }) => ({ component, from, to, evidence })),
    serving: serving.map(({ before, now }) => ({ before: valueless(before), now: valueless(now) })),
    figures: [],
    root,
    material,
  };
}

/** As of what nobody asked for. */
const noSource: Source = { api: '', method: 'none', query: '' };

function valueless({ id, component, signal, at }: Observation): Observation {
  return { id, component, signal, value: '', unit: null, window: null, at, source: noSource };
}

const results = { met: 'met', failed: 'failing', unknown: 'unknown' } as const;

function criterionOf({
  id,
  title,
  result,
  evidence,
  since,
  for: length,
}: CriterionReading): CriterionReading {
  return { id, title, when: '', for: length, result, evidence, since, why: results[result] };
}

/** Times, gaps by component and reason, and the incident with its record. */
function redactedSnapshot(snapshot: Snapshot): Snapshot {
  const { version, takenAt, environment, window, budgetMs, gaps, incident, record } = snapshot;
  return {
    version,
    takenAt,
    ...(environment === undefined ? {} : { environment }),
    window,
    budgetMs,
    observations: [],
    gaps: gaps.map(redactedGap),
    statements: [],
    changes: [],
    history: [],
    previous: null,
    ...(incident === undefined ? {} : { incident }),
    ...(record === undefined ? {} : { record: redactedRecord(record) }),
  };
}

function redactedGap({ id, component, reason, at }: Gap): Gap {
  return { id, component, signal: '*', reason, detail: '', remedy: '', at, source: noSource };
}
