import { describe, expect, it } from 'vitest';
import { logEntry } from '../../src/collectors/log-entry.schema.ts';

const time = { timestamp: '2025-03-10T11:30:00Z' };
const messageOf = (entry: object) => logEntry.parse({ ...time, ...entry }).message;
const stack = 'Error: no database\n    at load (/app/db.js:1:2)';

describe('the message of a log entry', () => {
  it.each([
    ['a text', { textPayload: 'no database' }, 'no database'],
    ['nothing at all', {}, ''],
    ['an empty structure', { jsonPayload: {} }, '{}'],
    ['a message', { jsonPayload: { message: 'no database', user: 'ann' } }, 'no database'],
    [
      'a message and its traceback',
      { jsonPayload: { message: 'failed', stack_trace: stack } },
      `failed\n${stack}`,
    ],
    ['a traceback that begins with the message', { jsonPayload: { message: 'no database', stack } }, stack],
    [
      'an error as an object, as pino writes it',
      { jsonPayload: { msg: 'no database', err: { message: 'no database', stack } } },
      stack,
    ],
    [
      'an error of which only the message is there',
      { jsonPayload: { error: { message: 'no database' } } },
      'no database',
    ],
    [
      'Python’s exc_info',
      { jsonPayload: { message: 'failed', exc_info: 'Traceback (most recent call last):\nValueError: no' } },
      'failed\nTraceback (most recent call last):\nValueError: no',
    ],
    [
      'a reported error',
      {
        jsonPayload: {
          '@type': 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent',
          message: stack,
        },
      },
      stack,
    ],
    [
      'an audit log',
      { protoPayload: { status: { code: 7, message: 'permission denied' }, methodName: 'x' } },
      'permission denied',
    ],
    ['a request without a message', { jsonPayload: { a: 1 }, httpRequest: { status: 503 } }, 'HTTP 503'],
    [
      'a structure without any known field',
      { jsonPayload: { code: 5, user: 'ann' } },
      '{"code":5,"user":"ann"}',
    ],
    [
      'fields of other types',
      { jsonPayload: { message: 7, msg: null, error: ['x'], exception: {} } },
      '{"message":7,"msg":null,"error":["x"],"exception":{}}',
    ],
  ])('is found in %s', (_, entry, message) => {
    expect(messageOf(entry)).toBe(message);
  });

  it.each([
    ['a text of 256 KB', { textPayload: 'x'.repeat(256 * 1_024) }],
    ['a structure of 256 KB', { jsonPayload: { data: 'x'.repeat(256 * 1_024) } }],
    ['a traceback of 256 KB', { jsonPayload: { message: 'failed', stack: 'at x\n'.repeat(50_000) } }],
  ])('is cut: %s', (_, entry) => {
    expect(messageOf(entry)).toHaveLength(20_000);
  });
});
