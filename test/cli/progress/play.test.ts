import { describe, expect, test } from 'vitest';
import { watchPlay } from '../../../src/cli/progress/play.ts';
import { openProgress } from '../../../src/cli/progress/progress.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { openLine } from '../run.ts';
import { screenOf } from '../screen.ts';

const minute = 60_000;
const start = Date.parse('2025-09-15T18:05:00Z');
const read = { collector: 'secret', components: ['key'] };

const empty: Snapshot = {
  version: 1,
  takenAt: new Date(start).toISOString(),
  environment: 'staging',
  window: { from: new Date(start - 60 * minute).toISOString(), to: new Date(start).toISOString() },
  budgetMs: 8_000,
  observations: [],
  gaps: [],
  changes: [],
  statements: [],
  history: [],
  previous: null,
};
const lacking: Snapshot = {
  ...empty,
  gaps: [
    {
      id: 'E1',
      component: 'key',
      signal: 'secret.state',
      reason: 'denied',
      detail: '',
      remedy: '',
      at: empty.takenAt,
      source: { api: 'a', method: 'b', query: 'c' },
    },
  ],
};

function open() {
  const line = openLine({}, undefined, screenOf(null));
  const play = watchPlay(openProgress(line), () => new Date(start));
  const look = (snapshot: Snapshot) => {
    const watch = play.onCollection(false);
    watch.onPlan?.([read]);
    watch.onRead?.({ ...read, outcome: snapshot.gaps[0]?.reason ?? 'ok', gaps: [] });
    watch.onEnd?.(snapshot);
  };
  const sample = (snapshot: Snapshot) => play.onCollection(true).onEnd?.(snapshot);
  const lines = () => line.written.err.trimEnd().split('\n');
  return { play, look, sample, lines };
}

describe('a wait', () => {
  test.each([1, 2, 3, 4, 5, 40, 1_440, 10_000])('of %i minutes has four lines at most', (moves) => {
    const { play, look, sample, lines } = open();
    play.onStep({ index: 1, of: 1, words: 'the clock moves on', moves });
    for (let moved = 1; moved <= moves; moved += 1) {
      play.onClock(new Date(start + moved * minute));
      sample(moved % 10 === 0 ? lacking : empty);
      if (moved % 10 === 0) look(lacking);
    }
    play.finish();
    const [step, ...below] = lines();
    const end = below.pop();
    const looks = Math.floor(moves / 10);
    expect(step).toBe('1/1 the clock moves on');
    expect(below).toHaveLength(Math.min(moves, 4));
    expect(below.at(-1)).toContain(` · ${String(moves)} sample${moves === 1 ? '' : 's'}`);
    expect(end).toContain(looks === 0 ? '0/0 reads OK' : `0/${String(looks)} reads OK`);
  });
});

test('what a person causes is told source by source, samples are counted', () => {
  const { play, look, sample, lines } = open();
  play.onStep({ index: 1, of: 2, words: 'carol writes /status', moves: 0 });
  look(lacking);
  sample(empty);
  sample(lacking);
  play.onStep({ index: 2, of: 2, words: 'bob writes /status', moves: 0 });
  play.finish();
  expect(lines()).toEqual([
    '1/2 carol writes /status',
    '  ✗ secret key · 0 ms · denied',
    '  0/1 reads OK · 0.0 s · 1 gap: denied',
    '  2 samples, 1 of them with gaps',
    '2/2 bob writes /status',
    '1 look, 2 samples, 1 of them with gaps · 0/1 reads OK · 0.0 s · 1 gap: denied',
  ]);
});

test('what others wrote does nothing to the terminal', () => {
  const { play, lines } = open();
  play.onStep({
    index: 1,
    of: 1,
    words: 'eve writes \u001b[2J\u001b]0;title\u0007hello\r\u202eabc',
    moves: 0,
  });
  play.onNote('not in the recording: \u001b[31mGET');
  expect(lines()).toEqual(['1/1 eve writes hello', '\\u{202E}abc', 'not in the recording: GET']);
});
