import { expect, test } from 'vitest';
import { keptText, longestText } from '../../../src/core/incident/kept-text.ts';

test.each([
  ['as it is', ['it', 'works'], 'it works', false],
  ['to the last sign', ['x'.repeat(longestText)], 'x'.repeat(longestText), false],
  ['cut', ['x'.repeat(longestText + 1)], 'x'.repeat(longestText), true],
  ['cut between two signs', ['🚒'.repeat(longestText + 1)], '🚒'.repeat(longestText), true],
])('a text is kept %s', (_how, words, text, cut) => {
  expect(keptText(words)).toEqual({ text, cut });
});
