import { describe, expect, it } from 'vitest';
import {
  comparable,
  information,
  needs,
  signatureId,
  specificFrom,
} from '../../../src/core/regression/comparable.ts';

describe('two occurrences of one error have one id', () => {
  it.each([
    ['numbers', 'Validation of the pool exceeded (8s)', 'Validation of the pool exceeded (15.5s)'],
    ['addresses', 'dial tcp 10.68.0.3:3307: proxy said no', 'dial tcp 10.71.4.9:3307: proxy said no'],
    [
      'a time, a level, a logger and a request before it',
      'CartError: cart is locked by another worker',
      '12:44:03.118 [ERROR] (payments.gateway) [req-8f21] CartError: cart is locked by another worker',
    ],
    [
      'a revision in it',
      "Revision 'catalog-00087-kuq' is not ready",
      "Revision 'catalog-00112-wab' is not ready",
    ],
    ['a cut end', 'CartError: cart is locked', 'CartError: cart is locked…'],
    ['a secret of which the ends are shown', 'Invalid key: sk_live_****Zx9', 'Invalid key: sk_live_****Qa1'],
    ['that it caused another', 'CartError: cart is locked', 'caused by CartError: cart is locked'],
  ])('%s', (_, one, other) => {
    expect(signatureId(one)).not.toBe('');
    expect(signatureId(other)).toBe(signatureId(one));
  });
});

describe('two errors have two ids', () => {
  it.each([
    ['Container called exit(137).', 'Container called exit(1).'],
    ['backend answered SQLSTATE 57P03', 'backend answered SQLSTATE 28P01'],
    ['ledger answered HTTP 409', 'ledger answered HTTP 422'],
    ['column orders.gift_note does not exist', 'column invoices.vat_id does not exist'],
    ["No module named 'app.monitoring'", "No module named 'app.billing'"],
  ])('%s and %s', (one, other) => expect(signatureId(one)).not.toBe(signatureId(other)));
});

describe('any failure of a connection or a request is told so, and nothing is known by it', () => {
  it.each([
    '503 Service Unavailable',
    'HTTP/1.1 502 Bad Gateway',
    '500 Internal Server Error',
    '429 Too Many Requests',
    'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
    'no healthy upstream',
    'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    'rpc error: code = Unavailable desc = connection error',
    'AxiosError: Request failed with status code 500',
    'TypeError: fetch failed',
    'Error: socket hang up',
    'Error: read ECONNRESET',
    'connect ECONNREFUSED 10.3.0.7:6379',
    'dial tcp 10.0.0.1:5432: i/o timeout',
    'context deadline exceeded',
    'java.net.ConnectException: Connection refused',
    'java.net.SocketTimeoutException: Read timed out',
    'asyncio.exceptions.TimeoutError',
    "requests.exceptions.ConnectionError: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
    'unexpected EOF',
    'write: broken pipe',
    'An unexpected error occurred',
    'Application startup failed. Exiting.',
    'Health check failed',
  ])('%s', (line) => expect(information(comparable(line))).toBeLessThan(specificFrom));
});

describe('an error of its own is specific', () => {
  it.each([
    'RuntimeError: Database connection validation timeout exceeded (8s)',
    'FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute',
    "ModuleNotFoundError: No module named 'netra_backend.app.services.monitoring'",
    'FATAL: password authentication failed for user "orders_rw"',
    "pymysql.err.OperationalError: (1040, 'Too many connections')",
    'HikariPool-1 - Connection is not available, request timed out after 30000ms',
  ])('%s', (line) => expect(information(comparable(line))).toBeGreaterThanOrEqual(specificFrom));
});

describe('what else has to be the same', () => {
  it.each([
    ['cause', 'The request was aborted because there was no available instance.'],
    ['service', 'Memory limit of 512 MiB exceeded with 530 MiB used.'],
    ['service', 'STARTUP TCP probe failed 10 times consecutively for container "a-1" on port 8080.'],
    ['frame', "TypeError: Cannot read properties of undefined (reading 'id')"],
    ['frame', 'http: panic serving 169.254.1.1:41930: runtime error: nil pointer dereference'],
    ['nothing', 'CartError: cart is locked'],
  ])('%s: %s', (what, line) => expect(needs(line)).toBe(what));
});
