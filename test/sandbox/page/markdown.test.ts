import { describe, expect, it } from 'vitest';
import { markdownRenderer } from '../../../sandbox/page/markdown.ts';

const render = (text: string): string => markdownRenderer()(text).markup;

describe('a comment is shown as GitHub shows it', () => {
  it.each([
    ['a newline is a break', 'one\ntwo', '<p>one<br>\ntwo</p>'],
    ['a table', '| a |\n|---|\n| b |', '<td>b</td>'],
    ['a task list', '- [x] done', '<input type="checkbox" checked disabled aria-label="done">'],
    ['struck text', '~~old~~', '<del>old</del>'],
    ['a fold', '<details><summary>more</summary>\n\n**text**\n\n</details>', '<strong>text</strong>'],
    ['a bare address', 'https://example.com/a', '<a href="https://example.com/a">'],
    ['code keeps markup as text', '`<b>`', '<code>&#x3C;b></code>'],
  ])('%s', (_, text, markup) => {
    expect(render(text)).toContain(markup);
  });
});

describe('nothing of a comment runs, hides or reaches out of its card', () => {
  it.each([
    ['a script', '<script>alert(1)</script>', /script|alert/],
    ['an event handler', '<img src="x" onerror="alert(1)">', /onerror|alert/],
    ['a script address', '[go](javascript:alert%281%29)', /javascript:/],
    ['a script address in HTML', '<a href="&#106;avascript:alert(1)">go</a>', /javascript:/],
    ['a frame', '<iframe src="https://example.com"></iframe>', /iframe/],
    ['a style', '<p style="position:fixed">x</p><style>p{}</style>', /style|fixed/],
    [
      'an image from elsewhere',
      '![alt](https://evil.example/p.png) <img srcset="https://evil.example/q.png">',
      /evil|<img/,
    ],
    [
      'sources of an image',
      '<picture><source srcset="https://evil.example/q.png"></picture>',
      /evil|<source/,
    ],
    ['a form', '<form action="https://example.com"><button>go</button></form>', /<form|<button/],
    ['a drawing with a script', '<svg><script>alert(1)</script></svg>', /svg|alert/],
    ['a hidden comment', 'shown <!-- sitrep:key=42 -->', /sitrep:key|<!--/],
    ['an id of the page', '<p id="advance">x</p>', /id="advance"/],
    ['an unclosed tag', '</div></article><main>x', /<\/article>|<main/],
  ])('%s', (_, text, forbidden) => {
    expect(render(text)).not.toMatch(forbidden);
  });
});
