import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { interruption } from '../../src/cli/signals.ts';

/** A process whose signals and clock are in the test's hands. */
function openProcess() {
  const source = new EventEmitter();
  const ended: string[] = [];
  let at = 0;
  const asked = interruption(source, { now: () => at, endNow: (signal) => void ended.push(signal) });
  return {
    asked,
    ended,
    source,
    send: (signal: NodeJS.Signals, ms: number) => {
      at = ms;
      source.emit(signal, signal);
    },
  };
}

describe('interruption', () => {
  test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM'])(
    '%s asks to end, and ends nothing at once',
    async (signal) => {
      const { asked, ended, send } = openProcess();
      send(signal, 0);
      await asked;
      expect(ended).toEqual([]);
    },
  );

  test.each<[first: NodeJS.Signals, second: NodeJS.Signals, afterMs: number, ended: string[]]>([
    ['SIGINT', 'SIGINT', 5, []],
    ['SIGINT', 'SIGINT', 999, []],
    ['SIGINT', 'SIGINT', 1_000, ['SIGINT']],
    ['SIGINT', 'SIGTERM', 1_500, ['SIGTERM']],
    ['SIGTERM', 'SIGINT', 60_000, ['SIGINT']],
  ])('%s, and %s after %i ms', (first, second, afterMs, expected) => {
    const { ended, send } = openProcess();
    send(first, 10_000);
    send(second, 10_000 + afterMs);
    expect(ended).toEqual(expected);
  });

  test('lets go of the signals before it ends the process by one', () => {
    const { source, send } = openProcess();
    send('SIGINT', 0);
    send('SIGINT', 2_000);
    expect(source.listenerCount('SIGINT') + source.listenerCount('SIGTERM')).toBe(0);
  });
});
