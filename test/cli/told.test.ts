import { describe, expect, test } from 'vitest';
import { InputError, NothingReadError } from '../../src/cli/io.ts';
import { told } from '../../src/cli/main.ts';
import { StoreError } from '../../src/store/errors.ts';
import { openLine, stackTrace } from './run.ts';

describe('faults are told in words', () => {
  test.each<[fault: Error, code: number, says: string]>([
    [new InputError('a.yml: there is no such file'), 1, 'a.yml: there is no such file\n'],
    [new NothingReadError('GitHub answered 503'), 3, 'GitHub answered 503\n'],
    [new StoreError('The disk is full.', 'Free some space.'), 1, 'The disk is full. Free some space.\n'],
  ])('%s', (fault, code, says) => {
    const line = openLine({ LOG_LEVEL: 'debug' });
    expect(told(fault, line)).toBe(code);
    expect(line.written).toEqual({ out: '', err: says });
  });
});

describe('a fault that nobody expects', () => {
  const fault = new Error('cannot read\n  properties', { cause: new TypeError('of undefined') });

  test('is one line that says what to do, and 70', () => {
    const line = openLine({ LOG_LEVEL: 'info' });
    expect(told(fault, line)).toBe(70);
    expect(line.written.err).toBe(
      'unexpected error: cannot read properties; run it again with LOG_LEVEL=debug, and report what that shows\n',
    );
  });

  test('shows where, and its causes, when details are asked for', () => {
    const line = openLine({ LOG_LEVEL: 'debug' });
    expect(told(fault, line)).toBe(70);
    expect(line.written.err).toMatch(stackTrace);
    expect(line.written.err).toContain('caused by TypeError: of undefined');
  });

  test.each<[thrown: unknown, says: string]>([
    ['a text', 'unexpected error: a text;'],
    [undefined, 'unexpected error: undefined;'],
    [new Error(''), 'unexpected error: without a message;'],
  ])('may be anything: %s', (thrown, says) => {
    const line = openLine({ LOG_LEVEL: 'no level' });
    expect(told(thrown, line)).toBe(70);
    expect(line.written.err).toContain(says);
  });
});
