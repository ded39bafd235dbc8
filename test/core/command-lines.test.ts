import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLines, mayHoldCommand } from '../../src/core/command-lines.ts';

/** The commands found, as `name word word`. */
function found(body: string): string[] {
  return commandLines(body).map((line) => [line.name, ...line.words].join(' '));
}

describe('a command is a line of its own', () => {
  test.each<[what: string, body: string, expected: string[]]>([
    ['alone', '/status', ['status']],
    ['with an environment', '/status production', ['status production']],
    ['after text', 'Looking now.\n/status\nMore in a minute.', ['status']],
    ['with Windows line ends', 'Hi\r\n/status\r\n', ['status']],
    ['in capitals, as phones write it', '/Status', ['status']],
    ['with surplus spaces', '   /sitrep    lead   @dana  ', ['lead @dana']],
    ['with a joined dash', '/sitrep resolve —override flapped once', ['resolve --override flapped once']],
    ['a dash inside a reason stays', '/sitrep note 10–20 errors', ['note 10–20 errors']],
    ['several', '/status\n/sitrep help', ['status', 'help']],
    ['bare', '/sitrep', ['']],
    ['after a quote, without an empty line', '> look at this\n/status', ['status']],
    ['in a list item it is no line of its own', '- /status', []],
    ['in the middle of a line', 'please /status', []],
    ['a longer word of another bot', '/statuspage', []],
    ['a path', '/status/page', []],
    ['another bot', '/hold\n/retest', []],
  ])('%s', (_what, body, expected) => {
    expect(found(body)).toEqual(expected);
  });
});

describe('no command where the text is shown, quoted or hidden', () => {
  test.each<[what: string, body: string]>([
    ['quote', '> /status'],
    ['quote in a quote', '> > /status'],
    ['fence', '```\n/status\n```'],
    ['fence with tildes', '~~~sh\n/status\n~~~'],
    ['fence that is never closed', '```\n/status'],
    ['fence in a quote', '> ```\n> /status\n> ```'],
    ['indented block', 'Text\n\n    /status'],
    ['indented by a tab', 'Text\n\n\t/status'],
    ['HTML comment', '<!--\n/status\n-->'],
    ['HTML comment that is never closed', 'Text\n\n<!--\n/status'],
    ['HTML comment inside a block', '<div>\n<!--\n/status\n-->\n</div>'],
    ['HTML comment that starts in a line', 'Text <!--\n/status\n-->'],
    ['code span over lines', '`\n/status\n`'],
  ])('%s', (_what, body) => {
    expect(found(body)).toEqual([]);
  });

  test('a command after each of them counts', () => {
    expect(found('> /status\n\n```\n/status\n```\n<!-- /status -->\n\n/sitrep help')).toEqual(['help']);
  });
});

test('whatever is written, a command found stands in the text on a line of its own', () => {
  const piece = fc.constantFrom(
    '/status',
    '/sitrep',
    '\n',
    '> ',
    '```',
    '    ',
    '<!--',
    '-->',
    'word',
    '`',
    '\r\n',
    '—',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
      const body = pieces.join('');
      const lines = body.split('\n').map((line) => line.trim());
      const commands = commandLines(body);
      for (const command of commands) expect(lines).toContain(command.written);
      expect(commands.length > 0 && !mayHoldCommand(body)).toBe(false);
    }),
    { numRuns: 500 },
  );
});
