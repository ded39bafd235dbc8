import { judgedOf } from '../core/compose/judged.ts';
import { composeRecovered } from '../core/compose/recovery.ts';
import type { EventBody, NewEvent } from '../core/incident/events.ts';
import { gateCriteria } from '../core/incident/resolution-criteria.ts';
import { after } from '../core/incident/state.ts';
import { recoveryEvents } from '../core/incident/watch-recovery.ts';
import { factsOfLook } from './looked-facts.ts';
import type { Looked, Said } from './look.ts';
import { postingId } from './posting-id.ts';

/**
 * What any look adds where the criteria hold that people wait for: the request to confirm it, once. Pure.
 *
 * @param id Of the look.
 * @param made What the look comes to otherwise: where that resolves the incident, nobody is asked any more.
 */
export function recoveryOf(
  looked: Looked,
  { id, version }: { id: string; version: string },
  made: readonly EventBody[],
): { said: Said[]; events: NewEvent[] } {
  const { takenAt: at } = looked.snapshot;
  const told = (body: EventBody, index: number): NewEvent => ({
    key: `${id}:recovery:${String(index)}`,
    at,
    by: 'sitrep',
    url: null,
    body,
  });
  const state = made
    .map((body, index) => ({ ...told(body, index), recordedAt: at }))
    .reduce(after, looked.state);
  const facts = factsOfLook(looked, version);
  const { readings } = gateCriteria(facts.criteria.success, facts.states, facts.journeys);
  const events = recoveryEvents(state, readings);
  if (!events.some(({ kind }) => kind === 'window-complete')) return { said: [], events: events.map(told) };
  const update = composeRecovered(facts, looked.state, judgedOf(facts));
  return {
    said: [{ id: postingId(id, 'window-complete'), update, asked: false }],
    events: events.map(told),
  };
}
