import { describe, expect, it } from 'vitest';
import { failureFromAnswer, failureFromTransport } from '../../src/collectors/google-failure.ts';
import { asReadFailure, ReadFailure } from '../../src/collectors/read-failure.ts';

const google = (message: string, reason?: string, metadata: Record<string, string> = {}) =>
  JSON.stringify({
    error: {
      code: 403,
      message,
      details:
        reason === undefined
          ? []
          : [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, metadata }],
    },
  });
const older = (reason: string) =>
  JSON.stringify({ error: { code: 403, message: 'No.', errors: [{ reason }] } });

describe('an answer that is not what was asked for', () => {
  it.each([
    [
      'a missing role',
      403,
      google("Permission 'run.services.list' denied", 'IAM_PERMISSION_DENIED'),
      'denied',
    ],
    ['a missing role, older form', 403, older('forbidden'), 'denied'],
    [
      'a disabled API',
      403,
      google('run.googleapis.com API has not been used', 'SERVICE_DISABLED'),
      'api-disabled',
    ],
    ['a disabled API, older form', 403, older('accessNotConfigured'), 'api-disabled'],
    ['a rate limit', 429, google('Quota exceeded', 'RATE_LIMIT_EXCEEDED'), 'quota'],
    ['a rate limit that is told as 403', 403, older('rateLimitExceeded'), 'quota'],
    ['a rate limit of a proxy', 429, 'slow down', 'quota'],
    ['no such resource', 404, google('Resource was not found.'), 'not-found'],
    ['no such page: a proxy knows nothing of the resource', 404, '<html>404</html>', 'unavailable'],
    ['a refusal by a proxy', 403, '<html>403</html>', 'unavailable'],
    [
      'a token that is not accepted',
      401,
      google('Request had invalid authentication credentials.'),
      'no-credentials',
    ],
    ['a request that it does not take', 400, google('Invalid argument'), 'invalid-response'],
    [
      "a query that Prometheus' API does not take",
      400,
      '{"status":"error","errorType":"bad_data","error":"1:4: parse error"}',
      'invalid-response',
    ],
    ['an error of the server', 500, google('Internal error'), 'unavailable'],
    ['a bad gateway', 502, '<!DOCTYPE html>\n<title>502</title>', 'unavailable'],
    ['a redirect', 302, '', 'unavailable'],
    ['an error that is no object', 403, 'null', 'unavailable'],
  ])('%s', (_, status, body, reason) => {
    const failure = failureFromAnswer(status, body);
    expect(failure.reason).toBe(reason);
    expect(failure.detail).toContain(String(status));
  });

  it('names the API that is disabled, which may be another one than was asked', () => {
    const body = google('disabled', 'SERVICE_DISABLED', { service: 'sqladmin.googleapis.com' });
    expect(failureFromAnswer(403, body).service).toBe('sqladmin.googleapis.com');
  });

  it('keeps a bounded part of a foreign message', () => {
    expect(failureFromAnswer(403, google('x'.repeat(50_000))).detail.length).toBeLessThan(1_000);
    expect(failureFromAnswer(502, 'x'.repeat(50_000)).detail.length).toBeLessThan(1_000);
  });
});

describe('no answer', () => {
  it('is unavailable, with the cause of a failed fetch', () => {
    const cause = Object.assign(new Error('connect 10.0.0.1:443'), { code: 'ECONNREFUSED' });
    const failure = failureFromTransport(new TypeError('fetch failed', { cause }));
    expect([failure.reason, failure.detail]).toEqual([
      'unavailable',
      'no answer: ECONNREFUSED: connect 10.0.0.1:443',
    ]);
  });
});

describe('an error that wraps a failure', () => {
  it('is that failure, however deep', () => {
    const failure = new ReadFailure('quota', 'no more');
    const wrapped = new Error('client', { cause: new Error('transport', { cause: failure }) });
    expect(asReadFailure(wrapped, 'unavailable')).toBe(failure);
  });

  it('is one of its own kind where there is none inside', () => {
    const circular: Error & { cause?: unknown } = new Error('round');
    circular.cause = circular;
    expect(asReadFailure(circular, 'invalid-response')).toMatchObject({
      reason: 'invalid-response',
      detail: 'round',
    });
    expect(asReadFailure('text', 'unavailable')).toMatchObject({ reason: 'unavailable', detail: 'text' });
  });
});
