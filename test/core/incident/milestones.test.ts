import { expect, test } from 'vitest';
import { milestones } from '../../../src/core/incident/milestones.ts';
import { happened, recordOf } from './record.fixture.ts';

/** Times to detect, acknowledge, mitigate and resolve, from events of the record. */

const minute = 60_000;
const resolved = { at: '2025-09-15T19:15:00Z', by: 'kim' };

test('each step has its time, who recorded it, and how long it took', () => {
  const { record, state } = recordOf(
    happened('17:07', 'sitrep', { kind: 'began', evidence: ['E3'] }),
    happened('17:21', 'dana', { kind: 'acknowledged' }),
    happened('17:30', 'erin', { kind: 'acknowledged' }),
    happened('18:15', 'dana', { kind: 'stage', stage: 'monitoring' }),
  );
  expect(milestones(record, state, resolved)).toEqual([
    { step: 'began', at: '2025-09-15T17:07:00Z', by: null, evidence: ['E3'], afterMs: null },
    { step: 'declared', at: '2025-09-15T17:15:00Z', by: 'alice', evidence: [], afterMs: 8 * minute },
    { step: 'acknowledged', at: '2025-09-15T17:21:00Z', by: 'dana', evidence: [], afterMs: 6 * minute },
    { step: 'mitigated', at: '2025-09-15T18:15:00Z', by: 'dana', evidence: [], afterMs: 60 * minute },
    { step: 'resolved', at: '2025-09-15T19:15:00Z', by: 'kim', evidence: [], afterMs: 120 * minute },
  ]);
});

test('what the record does not tell is unknown, not guessed', () => {
  const { record, state } = recordOf();
  expect(
    milestones(record, state, resolved).map(({ step, at, afterMs }) => [step, at !== null, afterMs]),
  ).toEqual([
    ['began', false, null],
    ['declared', true, null],
    ['acknowledged', false, null],
    ['mitigated', false, null],
    ['resolved', true, 120 * minute],
  ]);
});
