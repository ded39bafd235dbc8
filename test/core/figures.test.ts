import { describe, expect, test } from 'vitest';
import {
  age,
  atLeast,
  clock,
  clockWithSeconds,
  counted,
  dateTime,
  durationOf,
  figure,
  later,
  number,
  share,
  span,
  timeWindow,
} from '../../src/core/figures.ts';

const seen = '2025-09-15T18:05:12Z';

describe('times are UTC, and name their day where it is another one', () => {
  test.each([
    ['the same day', '2025-09-15T17:09:59Z', '17:09'],
    ['the day before', '2025-09-14T23:59:00Z', '14 Sep 23:59'],
    ['another year', '2024-12-31T00:00:00Z', '31 Dec 2024 00:00'],
  ])('%s', (_day, at, written) => {
    expect(clock(at, seen)).toBe(written);
  });

  test('seconds, full dates and windows', () => {
    expect(clockWithSeconds('2025-09-15T18:05:09.123Z', seen)).toBe('18:05:09');
    expect(dateTime(seen)).toBe('2025-09-15 18:05:12 UTC');
    expect(timeWindow({ from: '2025-09-15T17:05:00Z', to: '2025-09-15T18:05:00Z' }, seen)).toBe(
      '17:05–18:05',
    );
    expect(timeWindow({ from: '2025-09-14T23:30:00Z', to: '2025-09-15T00:30:00Z' }, seen)).toBe(
      '14 Sep 23:30–00:30',
    );
    expect(later(seen, 7_200_000)).toBe('2025-09-15T20:05:12.000Z');
  });
});

describe('ages', () => {
  test.each([
    ['2025-09-15T18:05:12Z', '0 s'],
    ['2025-09-15T18:04:27Z', '45 s'],
    ['2025-09-15T18:04:12Z', '1 min'],
    ['2025-09-15T17:05:13Z', '59 min'],
    ['2025-09-15T17:05:12Z', '1 h'],
    ['2025-09-15T15:45:12Z', '2 h 20 min'],
    ['2025-09-14T20:00:12Z', '22 h'],
    ['2025-09-13T18:05:12Z', '2 d'],
    ['2025-09-09T10:12:00Z', '6 d'],
    ['2025-09-15T19:00:00Z', '0 s'],
  ])('since %s: %s', (from, written) => {
    expect(age(from, seen)).toBe(written);
  });

  test.each([
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['10s', 10_000],
    ['1d', 86_400_000],
    ['soon', null],
    ['-1h', null],
  ])('the duration %s', (text, milliseconds) => {
    expect(durationOf(text)).toBe(milliseconds);
  });

  test('a length of time reads as an age does', () => {
    expect(span(1_800_000)).toBe('30 min');
  });
});

describe('figures', () => {
  test.each([
    ['14', null, '14'],
    ['14', 'requests', '14'],
    ['2300', 'entries', '2,300'],
    ['1234567', null, '1,234,567'],
    ['7200', 'ms', '7.2 s'],
    ['640', 'ms', '640 ms'],
    ['7.2', 's', '7.2 s'],
    ['31.4159', 's', '31.4 s'],
    ['0.0512', '%', '0.051 %'],
    ['92', '%', '92 %'],
    ['1400000', 'bytes', '1.4 MB'],
    ['0', 'bytes', '0 B'],
    ['-3', null, '-3'],
    ['READY', null, 'READY'],
    ['all-traffic', null, 'all-traffic'],
    ['1e400', 's', '1e400 s'],
    ['', null, ''],
  ])('%s %s reads %s', (value, unit, written) => {
    expect(figure(value, unit)).toBe(written);
  });

  test.each([
    [0, '0 %'],
    [0.002, '0.2 %'],
    [1 / 3, '33 %'],
    [0.998, 'over 99 %'],
    [1, '100 %'],
  ])('the share %d reads %s', (part, written) => {
    expect(share(part)).toBe(written);
  });

  test('never a number where there is none', () => {
    expect(number(Number.NaN)).toBe('not a number');
    expect(number(Number.POSITIVE_INFINITY)).toBe('not a number');
  });

  test('lower bounds and counts', () => {
    expect(atLeast('14', true)).toBe('at least 14');
    expect(atLeast('14', undefined)).toBe('14');
    expect(counted(1, 'change', 'changes')).toBe('1 change');
    expect(counted(0, 'change', 'changes')).toBe('0 changes');
  });
});
