import { expect, test } from 'vitest';
import { filesThatBuild, patternsBuiltIn } from './built-patterns.ts';
import { linearity } from './linear.ts';
import { patternsInSource } from './patterns.ts';
import { report, seededRandom, timeLimit, trials } from './trials.ts';

/**
 * Patterns that meet texts of anybody first: those that look for secrets, that neutralise, that read commands, deliveries
 * and log lines. What is behind them meets texts that were cut by these.
 */
const first =
  /^(?:core\/secrets\/|core\/secret-names|core\/command-lines|core\/log-text\/|intake\/|templates\/(?:neutralise|mermaid-label)|collectors\/(?:log-templates|error-signatures|environment-value|redact))/;

const written = patternsInSource().filter(({ file }) => first.test(file));
const built = await patternsBuiltIn(filesThatBuild(first));
const found = [...written, ...built];

test('the patterns are found in the source', () => {
  expect(written.length).toBeGreaterThan(140);
  expect(new Set(written.map(({ file }) => file)).size).toBeGreaterThan(12);
  expect(new Set(built.map(({ file }) => file))).toEqual(new Set(filesThatBuild(first)));
  expect(built.length).toBeGreaterThan(3);
});

test(
  'each takes time in proportion to the text, by recheck',
  { timeout: timeLimit(60 * 60_000) },
  async () => {
    const tried = seededRandom()
      .shuffled(found)
      .slice(0, trials({ bounded: 12, full: found.length }));
    for (const { file, pattern } of tried) {
      const { linear, told } = await linearity(pattern);
      expect(linear, `${file} ${String(pattern)}: ${told}`).toBe(true);
    }
    report('patterns', { linear: tried.length, found: found.length });
  },
);

test.each([/(a+)+$/, /^(?:.*,){3}x/, /\s+$/])('one that is not linear is told: %s', async (pattern) => {
  expect(await linearity(pattern)).toMatchObject({ linear: false });
});
