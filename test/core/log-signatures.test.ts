import { describe, expect, it } from 'vitest';
import { databaseWords, failureKind, innermostException } from '../../src/core/diagnose/log-signatures.ts';

describe('the kind of failure in a log line', () => {
  it.each([
    ['dial tcp 10.68.0.3:3307: i/o timeout', 'timeout'],
    ['RuntimeError: Database connection validation timeout exceeded (15s)', 'timeout'],
    ['asyncpg.exceptions.ConnectionDoesNotExistError: connection timed out after 20.0 s', 'timeout'],
    ['Error: connect ETIMEDOUT 10.0.0.5:5432', 'timeout'],
    ['context deadline exceeded', 'timeout'],
    ['Error: connect ECONNREFUSED 10.0.0.5:5432', 'refused'],
    ['Socket connection failed', 'refused'],
    ['FATAL:  remaining connection slots are reserved for non-replication superuser connections', 'refused'],
    ['org.postgresql.util.PSQLException: FATAL: sorry, too many clients already', 'refused'],
    ['ERROR 1040 (HY000): Too many connections', 'refused'],
    ['psycopg2.OperationalError: FATAL:  the database system is shutting down', 'refused'],
    ['django.db.utils.OperationalError: terminating connection due to administrator command', 'refused'],
    ['Error: getaddrinfo EAI_AGAIN db.internal', 'unresolved'],
    ['lookup db.internal: no such host', 'unresolved'],
    ["ModuleNotFoundError: No module named 'taxes'", 'program'],
    ["KeyError: 'DATABASE_TIMEOUT'", 'program'],
    ['ValueError: timeout must be positive', 'program'],
    ['panic recovered: runtime error: invalid memory address or nil pointer dereference', 'program'],
    ['http: panic serving 169.254.1.1:40112: runtime error: index out of range [3] with length 3', 'program'],
    ['panic: runtime error: integer divide by zero', 'program'],
    ["render failed: Cannot read properties of undefined (reading 'total')", 'program'],
    ['pq: column "cost_centre" does not exist', 'program'],
    ['psycopg2.errors.UndefinedTable: relation "coupons" does not exist', 'program'],
    ["(1054, \"Unknown column 'o.partner' in 'field list'\")", 'program'],
    ["Table 'shop.coupons' doesn't exist", 'program'],
    ['http: panic serving 10.8.0.1:50122: dial tcp 10.0.0.5:5432: connect: connection refused', 'refused'],
    ['panic in worker, restarting: dial tcp 10.0.0.5:5432: connect: connection refused', 'refused'],
    ['database "orders" does not exist', 'other'],
    ['container runtime error code 3', 'other'],
    ['TypeError: fetch failed', 'other'],
    ['TypeError: fetch failed\ncaused by ConnectTimeoutError: Connect Timeout Error', 'timeout'],
    ['TypeError: fetch failed\ncaused by Error: getaddrinfo ENOTFOUND api.pay.example', 'unresolved'],
    ['TypeError: fetch is not a function', 'program'],
    ['java.lang.NullPointerException: Cannot invoke "Price.net()" because "price" is null', 'program'],
    ['java.lang.ArrayIndexOutOfBoundsException: Index 3 out of bounds for length 3', 'program'],
    ['ZeroDivisionError: division by zero', 'program'],
    ['java.lang.IllegalStateException: no pool', 'exception'],
    ['MigrationException: table exists', 'exception'],
    ['Application startup failed. Exiting.', 'other'],
    ['DATABASE_TIMEOUT is not set', 'other'],
    ['The request failed because the HTTP response was malformed', 'other'],
    ['', 'other'],
  ])('%s: %s', (text, kind) => {
    expect(failureKind(text)).toBe(kind);
  });
});

describe('words of a database', () => {
  it.each([
    ['connection to server at "10.71.0.5", port 5432 failed: Connection refused', true],
    ['dial tcp 10.68.0.3:3307: i/o timeout', true],
    ['HikariPool-1 - Connection is not available, request timed out after 30000ms.', true],
    ['Knex: Timeout acquiring a connection. The pool is probably full.', true],
    ['SequelizeConnectionAcquireTimeoutError: Operation timeout', true],
    ['listening on port 8080', false],
    ['no free slot in the worker pool', false],
    ['connect ETIMEDOUT 10.0.0.5:6379', false],
  ])('%s: %s', (text, isDatabase) => {
    expect(databaseWords.test(text)).toBe(isDatabase);
  });
});

describe('the innermost exception', () => {
  it('is the last cause below a collected line', () => {
    const text = [
      'DeterministicStartupError: startup failed',
      'caused by RuntimeError: phase 3',
      'caused by TimeoutError: timed out',
    ].join('\n');
    expect(innermostException(text)).toEqual({ name: 'TimeoutError', message: 'timed out' });
    expect(failureKind(text)).toBe('timeout');
  });

  it('is the first of a chain of Python tracebacks', () => {
    const text = [
      'Traceback (most recent call last):',
      '  File "db.py", line 3, in connect',
      "ModuleNotFoundError: No module named 'asyncpg'",
      '',
      'The above exception was the direct cause of the following exception:',
      '',
      'Traceback (most recent call last):',
      'RuntimeError: startup timed out',
    ].join('\n');
    expect(innermostException(text)).toEqual({
      name: 'ModuleNotFoundError',
      message: "No module named 'asyncpg'",
    });
  });

  it('is the last `Caused by` of a Java trace', () => {
    const text = [
      'org.example.StartupException: cannot start',
      '\tat org.example.Main.main(Main.java:3)',
      'Caused by: java.net.ConnectException: Connection refused',
    ].join('\n');
    expect(innermostException(text)?.name).toBe('java.net.ConnectException');
    expect(failureKind(text)).toBe('refused');
  });

  it('is none where the text names none', () => {
    expect(innermostException('Application startup failed')).toBeNull();
  });
});
