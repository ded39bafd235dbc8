import { describe, expect, test } from 'vitest';
import { commandLines } from '../../src/core/command-lines.ts';

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
    ['after a quote and an empty line', '> look at this\n\n/status', ['status']],
    ['after a fence', '```\nx\n```\n/status', ['status']],
    ['after a fence in a list item', '1. Ran\n   ```\n   x\n   ```\n\n/status', ['status']],
    ['after a fold and an empty line', '<details>\n\nx\n\n</details>\n\n/status', ['status']],
    ['after code and a link in the same paragraph', 'See [it](https://a.b/c) and `x`:\n/status', ['status']],
    ['after a tag, a comment and prices', 'x <b>y</b> <!-- z --> $5 and $6 or $a$\n/status', ['status']],
    ['after what nothing closes', 'a < b, <c, [d, $5\n/status', ['status']],
    ['before code and a link', '/status\nSee [it](https://a.b/c) and `x`', ['status']],
    ['after a backtick that nothing closes', 'the ` key\n/status', ['status']],
    ['below a list', '- one\n- two\n/status', ['status']],
    ['above a line, which makes a heading of it', '/status\n---', ['status']],
    ['in a list item it is no line of its own', '- /status', []],
    ['in the middle of a line', 'please /status', []],
    ['with a sign behind it, which makes another word of it', '/status: lead\n/sitrep. lead', []],
    ['with letters of another alphabet', '/\u017Ftatus lead\n/\u017Fitrep lead', []],
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
    ['quote that the line below goes on with, as clients of mail break them', '> quoted text of\n/status'],
    ['quote in a list item', '- > quoted\n/status'],
    ['fence that begins behind a list marker', '- ```\n  /status\n  ```'],
    ['fence whose list item ends before it', '- a\n  ```\nb\n```\n/status'],
    ['code that goes on over lines', 'The `a\n/status\nb` is'],
    ['HTML block', '<details>\n/status\n</details>'],
    ['attribute of a tag', 'x <a title="\n/status\n">'],
    ['title of a link', '[a](b "\n/status\n")'],
    ['address of a link', '[a](\n/status\n)'],
    ['definition of a link', '[a]:\n/status'],
    ['footnote', '[^1]: a\n/status'],
    ['paragraph of a footnote', '[^1]: a\n\n    b\n/status'],
    ['row of a table', '| a |\n|---|\n/status'],
    ['head of a table', '/status | a\n---|---'],
    ['fence', '```\n/status\n```'],
    ['fence with tildes', '~~~sh\n/status\n~~~'],
    ['fence that is never closed', '```\n/status'],
    ['fence whose end is indented too far', '```\n\n    ```\n/status'],
    ['fence after an indented block that looks like one', '    ~~~\n\n~~~\n/status'],
    ['HTML comment after backticks', '```<!--`\n/status\n-->'],
    ['fence in a quote', '> ```\n> /status\n> ```'],
    ['indented block', 'Text\n\n    /status'],
    ['indented by a tab', 'Text\n\n\t/status'],
    ['HTML comment', '<!--\n/status\n-->'],
    ['HTML comment that is never closed', 'Text\n\n<!--\n/status'],
    ['HTML comment inside a block', '<div>\n<!--\n/status\n-->\n</div>'],
    ['HTML comment that starts in a line', 'Text <!--\n/status\n-->'],
    ['HTML comment inside pre', '<pre>\n/status\n</pre>'],
    ['fence far in a list item', '10. Try\n    ```\n    /status\n    ```'],
    ['four spaces, also below text', 'Text\n    /status'],
    ['instruction that looks like a tag that ends', 'x <? a>\n/status\n?>'],
    ['HTML comment that looks like a tag that ends', 'x <!-- a>\n/status\n-->'],
    ['declaration', 'x <!X\n/status\n>'],
    ['code after a tag that holds a backtick', 'x <a title="`">`\n/status\n`'],
    ['HTML comment in what looks like the title of a link', 'x ](a "<!-- ")\n/status\n-->'],
    ['code that begins where a list item ends', '- <!--\na `\n-->\n/status\n`'],
    ['mathematics', '$$\n/status\n$$'],
    ['mathematics in a line', 'Let $a\n/status\n$ be'],
    ['line separators that are no line ends', '> quoted\u2028/status'],
  ])('%s', (_what, body) => {
    expect(found(body)).toEqual([]);
  });

  test('a command after each of them counts', () => {
    expect(found('> /status\n\n```\n/status\n```\n<!-- /status -->\n\n/sitrep help')).toEqual(['help']);
  });
});
