import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { interruption, openEndings } from '../../src/cli/signals.ts';

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

function openUnfinished() {
  const source = new EventEmitter();
  const log: string[] = [];
  const endings = openEndings(source, (signal) => void log.push(signal));
  const heard = () => source.eventNames().length;
  return { endings, log, heard, send: (signal: NodeJS.Signals) => source.emit(signal, signal) };
}

describe('endings', () => {
  test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGTSTP'])(
    '%s: first all is put right, then it has its effect',
    (signal) => {
      const { endings, log, heard, send } = openUnfinished();
      endings.before(() => void log.push('one'));
      endings.before(() => void log.push('other'));
      send(signal);
      // With nobody left who hears it, the signal ends the process.
      expect({ log, heard: heard() }).toEqual({ log: ['one', 'other', signal], heard: 0 });
    },
  );

  test('signals are heard only while there is something to put right', () => {
    const { endings, log, heard } = openUnfinished();
    expect(heard()).toBe(0);
    const letGo = endings.before(() => void log.push('one'));
    expect(heard()).toBe(3);
    letGo();
    letGo();
    expect({ log, heard: heard() }).toEqual({ log: [], heard: 0 });
  });

  test('a fault puts it right once', () => {
    const { endings, log, heard } = openUnfinished();
    endings.before(() => void log.push('one'));
    endings.restore();
    endings.restore();
    expect({ log, heard: heard() }).toEqual({ log: ['one'], heard: 0 });
  });
});
