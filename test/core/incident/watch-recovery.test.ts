import { describe, expect, test } from 'vitest';
import type { Result } from '../../../src/core/criteria/types.ts';
import type { EventBody } from '../../../src/core/incident/events.ts';
import { recoveryDue, recoveryEvents } from '../../../src/core/incident/watch-recovery.ts';
import { happened, recordOf } from './record.fixture.ts';

/** When people are asked to confirm that an incident is over. */

const refused = (recheckAt: string | null = null): EventBody => ({
  kind: 'resolve-refused',
  failing: [],
  unknown: ['Stable'],
  byHand: false,
  recheckAt,
});
const monitoring: EventBody = { kind: 'stage', stage: 'monitoring' };
const complete: EventBody = { kind: 'window-complete' };
const resolved: EventBody = {
  kind: 'resolved',
  override: null,
  overridden: [],
  byHand: false,
  held: [],
  passed: [],
};

function stateAfter(...bodies: EventBody[]) {
  return recordOf(...bodies.map((body, place) => happened(`18:0${String(place)}`, 'dana', body))).state;
}

describe('a look', () => {
  test.each<[what: string, before: EventBody[], results: Result[], adds: string[]]>([
    ['nobody waits for it', [], ['met', 'met'], []],
    ['after a refusal, all are met', [refused()], ['met', 'met'], ['window-complete']],
    ['while people only watch, all are met', [monitoring], ['met'], ['window-complete']],
    ['after a refusal, one is unknown', [refused()], ['met', 'unknown'], []],
    ['after a refusal, one fails', [refused()], ['met', 'failed'], []],
    ['without any criterion', [refused()], [], []],
    ['it was asked for already', [refused(), complete], ['met', 'met'], []],
    ['one fails after it was asked for', [refused(), complete], ['met', 'failed'], ['window-broken']],
    ['one is unknown after it was asked for', [refused(), complete], ['met', 'unknown'], []],
    [
      'all are met after one had failed',
      [refused(), complete, { kind: 'window-broken', failing: [] }],
      ['met'],
      ['window-complete'],
    ],
    ['people asked again and were refused', [refused(), complete, refused()], ['met'], ['window-complete']],
    ['it is resolved', [refused(), resolved], ['met'], []],
    ['the issue was closed by hand', [refused(), { kind: 'issue-closed' }], ['met'], []],
  ])('%s: %j, %j → %j', (_what, before, results, adds) => {
    const readings = results.map((result, place) => ({ result, title: `Criterion ${String(place)}` }));
    expect(recoveryEvents(stateAfter(...before), readings).map(({ kind }) => kind)).toEqual(adds);
  });
});

const at = (time: string) => `2025-09-15T${time}Z`;

describe('a sample is worth a look', () => {
  test.each<[what: string, before: EventBody[], results: Result[], at: string, due: boolean]>([
    ['nobody waits for it', [], ['met'], at('18:30:10'), false],
    ['all are met', [monitoring], ['met', 'met'], at('18:30:10'), true],
    ['between two looks', [monitoring], ['met', 'met'], at('18:31:10'), false],
    ['one fails', [monitoring], ['met', 'failed'], at('18:30:10'), false],
    ['one is unknown and no time was promised', [monitoring], ['met', 'unknown'], at('18:30:10'), false],
    ['at the promised time', [refused(at('18:41:00'))], ['met', 'unknown'], at('18:41:20'), true],
    ['before it', [refused(at('18:41:00'))], ['met', 'unknown'], at('18:40:20'), false],
    ['a minute after it', [refused(at('18:41:00'))], ['met', 'unknown'], at('18:42:20'), false],
    ['five minutes after it', [refused(at('18:41:00'))], ['met', 'unknown'], at('18:46:20'), true],
    ['at it, but one fails', [refused(at('18:41:00'))], ['met', 'failed'], at('18:41:20'), false],
  ])('%s', (_what, before, results, when, due) => {
    expect(recoveryDue(stateAfter(...before), results, when)).toBe(due);
  });
});
