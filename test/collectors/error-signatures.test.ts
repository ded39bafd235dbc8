import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorSignatures } from '../../src/collectors/error-signatures.ts';
import { errorLines } from '../../src/core/log-text/exception-lines.ts';
import { templatesOf } from '../../src/collectors/log-templates.ts';
import { maskedLine } from '../../src/core/log-text/masked-line.ts';

/** The signatures of messages: how many messages each holds, and their ids. */
function signaturesOf(messages: readonly string[]) {
  const occurrences = messages.flatMap((message) => {
    const lines = errorLines(message);
    return lines === null ? [] : [{ entry: message, ...lines }];
  });
  return errorSignatures(occurrences);
}

const countsOf = (messages: readonly string[]) =>
  signaturesOf(messages).map(({ occurrences }) => occurrences.length);

const names = 'ann bob carol dave erin frank grace heidi ivan'.split(' ');
const few = names.slice(0, 8);

const python = (file: string, line: number, exception: string, library = 'asyncpg/connect.py') =>
  `Traceback (most recent call last):\n  File "${file}", line ${String(line)}, in load\n  File "/usr/local/lib/python3.12/site-packages/${library}", line 7, in connect\n${exception}`;

describe('one signature', () => {
  it.each([
    ['what the masks know', ['took 22.4 s for 10.0.0.7', 'took 31 s for 10.0.0.9']],
    ['names, of which there are many', names.map((name) => `no such user ${name}`)],
    ['quoted names, of which there are many', names.map((name) => `user "${name}" has no key`)],
    [
      'two places that vary at once',
      names.map((name, n) => `user=${name} may not read /home/${name}/${String(n)}.txt`),
    ],
    ['settings in JSON', names.map((name) => JSON.stringify({ level: 'error', user: name }))],
    [
      'line numbers of a traceback',
      [python('/app/db.py', 40, 'TimeoutError: no'), python('/app/db.py', 41, 'TimeoutError: no')],
    ],
    [
      'the frames of libraries',
      [
        python('/app/db.py', 40, 'TimeoutError: no'),
        python('/app/db.py', 40, 'TimeoutError: no', 'asyncpg/pool.py'),
      ],
    ],
    [
      'colours, and characters that turn the direction of writing',
      ['\u001B[1;31mfailed\u001B[0m \u202Etwice', 'failed twice'],
    ],
    ['line ends of Windows', ['failed\r\n', 'failed\n']],
    ['halves of surrogates', ['failed \uD800', 'failed \uDBFF']],
  ])('whatever %s', (_, messages) => {
    expect(countsOf(messages)).toEqual([messages.length]);
  });
});

describe('two signatures', () => {
  it.each([
    [
      'two modules',
      ["ModuleNotFoundError: No module named 'taxes'", "ModuleNotFoundError: No module named 'orders'"],
    ],
    ['two exceptions', ['ValueError: no', 'TypeError: no']],
    [
      'two files of the application',
      [python('/app/db.py', 40, 'TimeoutError: no'), python('/app/cache.py', 40, 'TimeoutError: no')],
    ],
    [
      'a traceback and the same line without one',
      [python('/app/db.py', 40, 'TimeoutError: no'), 'TimeoutError: no'],
    ],
  ])('for %s', (_, messages) => {
    expect(countsOf(messages)).toEqual([1, 1]);
  });
});

const said = (words: readonly string[]) => countsOf(words.map((name) => `cannot reach ${name} now`)).length;

it('keeps as many words apart as may be meant, and no more', () => {
  expect([said(few), said(names)]).toEqual([few.length, 1]);
});

it('has the same id in another collection, whatever else was logged', () => {
  const [alone] = signaturesOf(['payment 17 failed']);
  const among = signaturesOf([...names.map((name) => `no such user ${name}`), 'payment 99 failed']);
  expect(among.map(({ id }) => id)).toContain(alone?.id);
});

const told = (of: readonly string[]) =>
  signaturesOf(of).map(({ id, occurrences }) => ({
    id,
    messages: occurrences.map(({ entry }) => entry).toSorted(),
  }));

const word = fc.constantFrom(
  ...names,
  'failed',
  'user',
  '"a b"',
  'id=7',
  "'x'",
  '/a/b',
  '12',
  '<n>',
  '"',
  "'",
  '\u202E',
);
const message = fc.oneof(
  { weight: 5, arbitrary: fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' ')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
);

describe('any messages', () => {
  it('give the same signatures in any order, and each message is in one', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 80 }), fc.infiniteStream(fc.nat()), (messages, chance) => {
        const shuffled = messages
          .map((text) => ({ text, rank: chance.next().value ?? 0 }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ text }) => text);
        expect(told(shuffled)).toEqual(told(messages));
        const counted = messages.filter((text) => errorLines(text) !== null).length;
        expect(countsOf(messages).reduce((sum, count) => sum + count, 0)).toBe(counted);
      }),
    );
  });

  it('give templates that are their own templates', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 80 }), (messages) => {
        const lines = new Map(messages.map((text) => [maskedLine(text), 1]));
        const templates = [...new Set(templatesOf(lines).values())];
        const again = templatesOf(new Map(templates.map((text) => [text, 1])));
        expect([...again].filter(([text, template]) => text !== template)).toEqual([]);
      }),
    );
  });
});

describe('the innermost place of the application', () => {
  it.each([
    ['Python', python('/app/db.py', 40, 'TimeoutError: no'), 'load (/app/db.py)'],
    [
      'Python, of the exception that came out',
      `${python('/app/db.py', 40, 'OSError: no')}\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n  File "/app/main.py", line 3, in start\nRuntimeError: no database`,
      'start (/app/main.py)',
    ],
    [
      'JavaScript',
      'Error: no\n    at Socket.connect (node:net:1:2)\n    at query (/app/node_modules/pg/lib/client.js:5:6)\n    at async load (/app/src/db.js:7:8)\n    at main (/app/src/main.js:1:1)',
      'load (/app/src/db.js)',
    ],
    ['JavaScript, without a name', 'Error: no\n    at /app/src/db.js:7:8', '? (/app/src/db.js)'],
    [
      'Java',
      'java.net.SocketTimeoutException: connect timed out\n\tat java.base/java.net.Socket.connect(Socket.java:1)\n\tat org.postgresql.Driver.connect(Driver.java:2)\n\tat com.acme.shop.Orders$2.lambda$load$0(Orders.java:77)',
      'lambda$load (com.acme.shop.Orders)',
    ],
    [
      'Java, not of its cause',
      'a.B: no\n\tat com.acme.Outer.run(Outer.java:1)\nCaused by: c.D: no\n\tat com.acme.Inner.run(Inner.java:2)',
      'run (com.acme.Outer)',
    ],
    [
      'Go',
      'panic: no\n\ngoroutine 1 [running]:\nruntime.gopanic(0x1)\n\t/usr/local/go/src/runtime/panic.go:884 +0x1f\nmain.(*Shop).load(0xc000)\n\t/app/shop.go:31 +0x2a\nmain.main()\n\t/app/main.go:9 +0x1d',
      'main.(*Shop).load (/app/shop.go)',
    ],
    ['none, where all frames are a library’s', 'Error: no\n    at x (node:net:1:2)', null],
    ['none, without a traceback', 'Error: no\nmore of it', null],
  ])('%s', (_, text, frame) => {
    expect(errorLines(text)?.frame).toBe(frame);
  });
});
