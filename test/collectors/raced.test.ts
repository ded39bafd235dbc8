import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { raced, ReadFailure } from '../../src/collectors/read-failure.ts';

/** Waiting for what may come too late. */

const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
afterEach(() => {
  process.off('unhandledRejection', note);
  unhandled.length = 0;
});

const over = new ReadFailure('budget', 'the time is over');

test.each([
  ['before it is waited for', true],
  ['while it is waited for', false],
])('what fails after the time ended %s is a failure of nothing', async (_when, isOver) => {
  process.on('unhandledRejection', note);
  const time = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  if (isOver) time.abort(over);
  const waited = raced(promise, time.signal);
  time.abort(over);
  await expect(waited).rejects.toBe(over);
  reject(new Error('too late'));
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
  expect(unhandled).toEqual([]);
});
