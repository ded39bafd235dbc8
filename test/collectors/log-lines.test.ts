import { describe, expect, it } from 'vitest';
import { connectSeconds } from '../../src/collectors/connect-time.ts';
import { countStarts } from '../../src/collectors/container-starts.ts';
import { errorLines } from '../../src/core/log-text/exception-lines.ts';
import { maskedLine } from '../../src/core/log-text/masked-line.ts';

describe('the line of a message that counts', () => {
  it.each([
    ['a plain line', 'Application startup failed. Exiting.', 'Application startup failed. Exiting.', []],
    [
      'Python: the exception after the frames',
      'Traceback (most recent call last):\n  File "/app/main.py", line 7, in <module>\n    import taxes\nModuleNotFoundError: No module named \'taxes\'',
      "ModuleNotFoundError: No module named 'taxes'",
      [],
    ],
    [
      'Python: the last of a chain, the innermost as its cause',
      [
        'Traceback (most recent call last):',
        '  File "/app/db.py", line 40, in connect',
        'asyncio.exceptions.TimeoutError',
        '',
        'The above exception was the direct cause of the following exception:',
        '',
        'Traceback (most recent call last):',
        '  File "/app/smd.py", line 12, in start',
        'RuntimeError: Database connection validation timeout exceeded (15s)',
      ].join('\n'),
      'RuntimeError: Database connection validation timeout exceeded (15s)',
      ['asyncio.exceptions.TimeoutError'],
    ],
    [
      'Python: with a line of the logger before it',
      'ERROR in app\nTraceback (most recent call last):\n  File "a.py", line 1, in f\nValueError: no',
      'ValueError: no',
      [],
    ],
    [
      'JavaScript: the error before the frames',
      "Error: Cannot find module '/app/index.js'\n    at Module._resolve (node:internal:1:2)\n    at node:internal:3:4",
      "Error: Cannot find module '/app/index.js'",
      [],
    ],
    [
      'Node at its end: the error below its place in the source',
      "/app/routes.js:18\n  use(require('./rates').default);\n                        ^\n\nTypeError: no default\n    at Object.<anonymous> (/app/routes.js:18:41)\n\nNode.js v22.14.0",
      'TypeError: no default',
      [],
    ],
    [
      'Node at its end: the error above the files that required a missing module',
      "node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\nError: Cannot find module './rates'\nRequire stack:\n- /app/server.js\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15) {\n  code: 'MODULE_NOT_FOUND'\n}",
      "Error: Cannot find module './rates'",
      [],
    ],
    [
      'Node at its end: the error with its code',
      'file:///app/server.js:3\n  listen(port);\n  ^\n\nRangeError [ERR_SOCKET_BAD_PORT]: options.port should be >= 0\n    at validatePort (node:internal/validators:402:11)',
      'RangeError [ERR_SOCKET_BAD_PORT]: options.port should be >= 0',
      [],
    ],
    [
      'JavaScript: a line of its own before frames, where nothing looks like an error',
      'request failed\nid=4\n    at handle (/app/http.js:9:3)',
      'request failed',
      [],
    ],
    [
      'Node: with its cause',
      'TypeError: fetch failed\n    at node:internal/deps/undici/undici:13510:13\n    at async pay (/app/pay.js:20:9) {\n  [cause]: ConnectTimeoutError: Connect Timeout Error\n      at onConnectTimeout (node:internal/deps/undici/undici:2331:28)\n}',
      'TypeError: fetch failed',
      ['ConnectTimeoutError: Connect Timeout Error'],
    ],
    [
      'Java: with its cause',
      'java.lang.IllegalStateException: no pool\n\tat a.B.c(B.java:1)\nCaused by: java.net.SocketTimeoutException: connect timed out\n\tat d.E.f(E.java:2)',
      'java.lang.IllegalStateException: no pool',
      ['java.net.SocketTimeoutException: connect timed out'],
    ],
    [
      'Go: the panic',
      'panic: runtime error: invalid memory address\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:3',
      'panic: runtime error: invalid memory address',
      [],
    ],
  ])('%s', (_, message, line, causes) => {
    expect(errorLines(message)).toMatchObject({ line, causes });
  });

  it.each([
    ['a frame of Python', '  File "/app/main.py", line 7, in <module>'],
    ['a frame of JavaScript', '    at Module._resolve (node:internal:1:2)'],
    ['the head of a traceback', 'Traceback (most recent call last):'],
    ['nothing', ' \n '],
  ])('is none where trace is logged line by line: %s', (_, message) => {
    expect(errorLines(message)).toBeNull();
  });
});

describe('two occurrences of one error', () => {
  it.each([
    ['numbers', 'timeout exceeded (15s)', 'timeout exceeded (20s)'],
    ['fractions', 'took 22.4 s', 'took 31.05 s'],
    ['times', '2025-09-15T17:09:11.204Z failed', '2025-09-15 18:01:00,118 failed'],
    ['addresses', 'dial tcp 10.68.0.3:3307: i/o timeout', 'dial tcp 10.68.0.9:3307: i/o timeout'],
    [
      'ids',
      'request 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0 lost',
      'request 11111111-2222-3333-4444-555555555555 lost',
    ],
    ['hashes', 'commit 9ab44d07e11f', 'commit 5d0c3b7e1a2c'],
    ['people', 'no user ann@acme.example', 'no user bob.b@acme.example'],
    ['colours and spaces', '\u001B[31mfailed\u001B[0m   twice', 'failed twice'],
  ])('are alike but for %s', (_, one, other) => {
    expect(maskedLine(one)).toBe(maskedLine(other));
  });

  it.each([
    ['another module', "No module named 'taxes'", "No module named 'orders'"],
    ['another exception', 'ValueError: no', 'TypeError: no'],
    ['a word of letters that could be hex', 'cannot read deadbeef', 'cannot read cafebabe'],
  ])('are not: %s', (_, one, other) => {
    expect(maskedLine(one)).not.toBe(maskedLine(other));
  });
});

describe('a time to connect', () => {
  it.each([
    ['connected to database in 22.4 s', 22.4],
    ['Database connection established after 31.0s', 31],
    ['connection established after 30.4 s', 30.4],
    ['DB connection ready in 850 ms', 0.85],
    ['Connected to PostgreSQL in 3 seconds', 3],
    ['Connection pool: connection acquired after 1.5 sec', 1.5],
  ])('%s', (line, seconds) => {
    expect(connectSeconds(line)).toBe(seconds);
  });

  it.each([
    'Database connection validation timeout exceeded (15s)',
    'connection to the database timed out after 20.0 s',
    'database connection failed after 12 s',
    'could not be connected in 5 s',
    'connection established, retry in 5 s',
    'connected to redis in 0.2 s',
    'WebSocket client connected in 0.1 s',
    'connected to database',
    'request done in 22.4 s',
  ])('is not in: %s', (line) => {
    expect(connectSeconds(line)).toBeNull();
  });
});

const entries = (...lines: [second: number, message: string][]) =>
  lines.map(([second, message]) => ({
    id: `${second} ${message}`,
    at: new Date(Date.UTC(2025, 0, 1) + second * 1_000).toISOString(),
    severity: 'INFO',
    service: 'web',
    revision: 'web-1',
    system: true,
    message,
  }));

describe('starts of containers', () => {
  const good = 'Default STARTUP TCP probe succeeded after 1 attempt for container "web-1" on port 8080.';
  const bad =
    'Default STARTUP TCP probe failed 1 time consecutively for container "web-1" on port 8080. The instance was not started.';
  const exit = 'Container called exit(3).';
  const begun = 'Starting new instance. Reason: AUTOSCALING - …';

  it.each([
    ['a good one', entries([0, begun], [5, good]), { starts: 1, ready: 1 }],
    ['one that exits before its port opens', entries([0, begun], [5, exit]), { starts: 1, ready: 0 }],
    ['one that exits just after its port opened', entries([5, good], [6, exit]), { starts: 1, ready: 0 }],
    ['one that exits at work, an hour later', entries([5, good], [3_600, exit]), { starts: 1, ready: 1 }],
    ['one whose probe fails', entries([0, bad]), { starts: 1, ready: 0 }],
    ['one whose exit and probe are both told', entries([0, exit], [2, bad]), { starts: 1, ready: 0 }],
    ['one that has only begun', entries([0, begun]), { starts: 1, ready: 0 }],
    [
      'restarts of one instance',
      entries([0, begun], [5, exit], [25, exit], [60, good]),
      { starts: 3, ready: 1 },
    ],
    ['an orderly end', entries([0, 'Container called exit(0).']), null],
    ['no line of a start', entries([0, 'Memory limit of 512 MiB exceeded with 520 MiB used.']), null],
  ])('%s', (_, lines, expected) => {
    expect(countStarts(lines)).toEqual(expected);
  });
});
