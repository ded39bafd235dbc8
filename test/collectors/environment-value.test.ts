import { describe, expect, it } from 'vitest';
import { shownEnvironmentValues } from '../../src/collectors/environment-value.ts';
import { createRedactor } from '../../src/collectors/redact.ts';

const redact = createRedactor();

describe('the value of an environment variable', () => {
  it.each([
    ['DATABASE_TIMEOUT', '15.0', '15.0'],
    ['POSTGRES_HOST', '/cloudsql/p:us-central1:db', '/cloudsql/p:us-central1:db'],
    ['EMPTY_TOKEN', '', ''],
    ['DB_PASSWORD', 'hunter2', 'redacted'],
    ['JWT_SECRET', '12345', 'redacted'],
    ['STRIPE_KEY', 'abc', 'redacted'],
    ['SENTRY_DSN', 'https://abc@o1.ingest.example/2', 'redacted'],
    ['TOKEN_REFRESH_SECONDS', '3600', '3600'],
    ['TOKEN_REFRESH_SECONDS', 'hunter2', 'redacted'],
    ['DATABASE_URL', 'postgres://web:hunter2@10.9.0.3/main', 'postgres://redacted@10.9.0.3/main'],
    ['GREETING', `hello ${'x'.repeat(300)}`, `hello ${'x'.repeat(194)}…`],
  ])('%s=%s is shown as %s', async (name, value, shown) => {
    // Beside others, of which one holds a secret: what is clean stays whole.
    const variables = [
      { name: 'MODE', value: 'live' },
      { name, value },
      { name: 'CACHE_URL', value: 'redis://:pw@c' },
    ];
    expect(await shownEnvironmentValues(variables, redact)).toEqual(['live', shown, 'redis://redacted@c']);
    expect(await shownEnvironmentValues([{ name, value }], redact)).toEqual([shown]);
  });

  it('is looked at however many and long they are', async () => {
    const variables = Array.from({ length: 60 }, (_, n) => ({
      name: `V${n}`,
      value: `${'y'.repeat(900)} token=t${n}`,
    }));
    variables.push({ name: 'HUGE', value: `${'z '.repeat(30_000)} password=hunter2` });
    const shown = await shownEnvironmentValues(variables, redact);
    expect(shown.length).toBe(61);
    expect(shown.join('')).not.toMatch(/token=t|hunter2/);
  });

  it('does not lend its name to the value of the next one', async () => {
    const variables = [
      { name: 'A', value: 'token=' },
      { name: 'B', value: 'plain' },
    ];
    expect(await shownEnvironmentValues(variables, redact)).toEqual(['token=', 'plain']);
  });
});
