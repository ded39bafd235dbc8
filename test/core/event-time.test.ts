import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timedText } from '../../src/core/event-time.ts';

const now = '2025-09-15T18:05:12.000Z';
const read = (text: string, word: 'at' | 'by' = 'at', seen = now) => {
  const { words, time } = timedText(text.split(' '), word, seen);
  return [words.join(' '), time === null ? null : 'at' in time ? time.at : 'error'];
};

describe('when it happened', () => {
  test.each<[text: string, left: string, at: string | null]>([
    ['rolled back at 17:05', 'rolled back', '2025-09-15T17:05:00.000Z'],
    ['rolled back at 17:05 UTC', 'rolled back', '2025-09-15T17:05:00.000Z'],
    ['rolled back AT 17:05z.', 'rolled back', '2025-09-15T17:05:00.000Z'],
    ['rolled back at today 7:05', 'rolled back', '2025-09-15T07:05:00.000Z'],
    ['rolled back at 2025-09-14 17:05', 'rolled back', '2025-09-14T17:05:00.000Z'],
    ['rolled back at 2025-09-14T17:05:30Z', 'rolled back', '2025-09-14T17:05:30.000Z'],
    ['rolled back at yesterday 17:05', 'rolled back', '2025-09-14T17:05:00.000Z'],
    ['rolled back at 15 min ago', 'rolled back', '2025-09-15T17:50:12.000Z'],
    ['rolled back at 2h ago', 'rolled back', '2025-09-15T16:05:12.000Z'],
    ['rolled back at now', 'rolled back', now],
    ['at 17:05 we rolled back', 'we rolled back', '2025-09-15T17:05:00.000Z'],
    ['at yesterday 17:05 UTC it began', 'it began', '2025-09-14T17:05:00.000Z'],
    ['looked at the logs at 17:05', 'looked at the logs', '2025-09-15T17:05:00.000Z'],
  ])('%j', (text, left, at) => {
    expect(read(text)).toEqual([left, at]);
  });

  test.each([
    'looked at the logs',
    'errors at 5 %',
    'instances at 10/10',
    'latency at 17.05 s',
    'failing at 10.0.0.3:5432',
    'rolled back',
    'at last it answers',
    'stuck at',
  ])('%j names no time', (text) => {
    expect(read(text)).toEqual([text, null]);
  });

  test.each([
    ['in the future', 'x at 18:06'],
    ['in the future', 'x at 2025-09-16 09:00'],
    ['in the future', 'x at tomorrow 09:00'],
    ['no time', 'x at 25:10'],
    ['no time', 'x at 2025-02-30 10:00'],
    ['half a day', 'x at 5 pm'],
    ['half a day', 'x at 5:05pm'],
    ['another zone', 'x at 17:05 CET'],
    ['another zone', 'x at 17:05 +02:00'],
    ['a date of two meanings', 'x at 03/04 17:05'],
    ['a date alone', 'x at 2025-09-14'],
    ['a word', 'x at noon'],
    ['a word', 'x at yesterday'],
    ['a vague distance', 'x at an hour ago'],
  ])('%s is not taken: %j', (_why, text) => {
    expect(read(text)).toEqual(['x', 'error']);
  });

  test('what to write is said', () => {
    const { time } = timedText(['x', 'at', '23:50'], 'at', now);
    expect(time).toEqual({
      error:
        '`23:50` UTC has not come yet, it is 18:05 UTC; write `at 17:05`, `at yesterday 17:05`, `at 2025-09-15 17:05` or `at 15 min ago`; times are UTC',
    });
  });
});

describe('when it is due', () => {
  test.each<[text: string, left: string, at: string | null]>([
    ['scale up by 18:30', 'scale up', '2025-09-15T18:30:00.000Z'],
    ['scale up by tomorrow 09:00', 'scale up', '2025-09-16T09:00:00.000Z'],
    ['scale up by 2025-09-17 09:00 UTC', 'scale up', '2025-09-17T09:00:00.000Z'],
    ['raise the limit by 10', 'raise the limit by 10', null],
    ['have it reviewed by alice', 'have it reviewed by alice', null],
    ['scale up by 18:05', 'scale up', 'error'],
    ['scale up by friday', 'scale up', 'error'],
  ])('%j', (text, left, at) => {
    expect(read(text, 'by')).toEqual([left, at]);
  });
});

const instants = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2035-12-31T23:59:59Z'),
  noInvalidDate: true,
});
const word = fc.stringMatching(/^[a-z]{1,12}$/u).filter((one) => !['at', 'by'].includes(one));
const text = fc.array(word, { minLength: 1, maxLength: 8 });

describe('whatever is written', () => {
  test('a past minute that is written out is read back, and the text stays as it is', () => {
    fc.assert(
      fc.property(text, instants, fc.integer({ min: 0, max: 10_000_000 }), (words, at, agoS) => {
        const seen = new Date(at.getTime() + agoS * 1_000).toISOString();
        const minute = `${at.toISOString().slice(0, 16)}:00.000Z`;
        const written = [...words, 'at', minute.slice(0, 10), minute.slice(11, 16)];
        expect(timedText(written, 'at', seen)).toEqual({ words, time: { at: minute } });
      }),
    );
  });

  test('no time lies ahead of a note, none behind what is due, and no word is lost but the time', () => {
    const parts = fc.oneof(
      word,
      fc.constantFrom(
        'at',
        'by',
        'now',
        'ago',
        '17:05',
        '99:99',
        'yesterday',
        'UTC',
        '5',
        'pm',
        '2025-09-15',
      ),
      fc.string({ minLength: 1, maxLength: 8 }).filter((one) => !/\s/u.test(one)),
    );
    fc.assert(
      fc.property(
        fc.array(parts, { maxLength: 12 }),
        fc.constantFrom('at', 'by'),
        instants,
        (words, kind, moment) => {
          const seen = moment.toISOString();
          const { words: left, time } = timedText(words, kind, seen);
          const isStart = left.every((one, index) => one === words[index]);
          const isEnd = left.every((one, index) => one === words[words.length - left.length + index]);
          const told = time !== null && 'at' in time ? time.at : null;
          const isOnItsSide = told === null || (kind === 'at' ? told <= seen : told > seen);
          const isWhole = time !== null || left.length === words.length;
          expect([isStart || isEnd, isOnItsSide, isWhole]).toEqual([true, true, true]);
        },
      ),
    );
  });
});
