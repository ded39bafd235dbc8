import { describe, expect, test } from 'vitest';
import { commands } from '../../src/commands/list.ts';
import { commandLines } from '../../src/core/command-lines.ts';
import { fencesOf, inlineCodes } from './fences.ts';

/** What the pages say that one may write on an issue: read as a comment of that text is. */

/** Words of the pages that stand for what a person writes there. */
const placeholders: readonly (readonly [RegExp, string])[] = [
  [/\bE…/u, 'E12'],
  [/@who\b/iu, '@bob'],
  [/\bCONTACT\b/u, 'infra'],
  [/\b(?:TEXT|REASON)\b/u, 'as it was told'],
];

/** Why a comment of that text is no call that is carried out; null where it is one. */
function refusalOf(text: string): string | null {
  const here = placeholders.reduce((sofar, [word, put]) => sofar.replace(word, put), text);
  const [line, ...others] = commandLines(here);
  if (line === undefined || others.length > 0) return 'is not one command line';
  const command = commands.find(({ name }) => name === line.name);
  if (command === undefined) return 'is no command';
  // A bare name speaks of the command.
  const isMention = line.words.length === 0;
  return isMention || command.accepts(line.words) ? null : `is not ${command.usage}`;
}

const usages = new Set(commands.map(({ usage }) => usage));
const isTyped = (code: string): boolean => /^\/(?:sitrep|status)\b/u.test(code) && !usages.has(code);
const typed = [
  ...inlineCodes().map(({ code }) => code),
  ...fencesOf('text').flatMap(({ text }) => text.split('\n')),
].filter(isTyped);

test.each([...new Set(typed)])('%s', (text) => {
  expect(refusalOf(text)).toBeNull();
});

describe('a wrong one is found', () => {
  test.each<[text: string, why: string]>([
    ['/sitrep statu', 'is no command'],
    ['/sitrep stage finished', 'is not /sitrep stage investigating/identified/mitigating/monitoring'],
    ['status', 'is not one command line'],
  ])('%s', (text, why) => {
    expect(refusalOf(text)).toBe(why);
  });
});
