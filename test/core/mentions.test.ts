import { expect, test } from 'vitest';
import { mentionsIn } from '../../src/core/contradictions/mentions.ts';

const texts = [
  'DATABASE_TIMEOUT=75 now',
  'the database timeouts are 75',
  'timeout of the Database',
  '`auth` and `API` work',
  'say `not closed auth',
  'xdatabase timeout, databases timeoutx',
];
const mentions = mentionsIn(
  texts.map((text, n) => ({ by: 'bob', at: '2025-09-15T17:40:00Z', url: `https://example.com/${n}`, text })),
);

test.each([
  ['DATABASE_TIMEOUT', [0, 1, 2]],
  ['database_timeoutx', []],
  ['TIMEOUT_DATABASE', [0, 2, 5]],
  ['RETRIES', []],
])('the words of %s', (name, expected) => {
  const found = mentions.ofWords(name.split('_')).map(({ text }) => texts.indexOf(text));
  expect(found).toEqual(expected);
});

test.each([
  ['auth', [3]],
  ['api', [3]],
  ['not closed auth', []],
])('%s between backticks', (id, expected) => {
  expect(mentions.ofQuoted(id).map(({ text }) => texts.indexOf(text))).toEqual(expected);
});
