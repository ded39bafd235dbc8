import { array, assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLines } from '../../src/core/command-lines.ts';
import { issueCommentEvent, type IssueCommentEvent } from '../../src/core/issue-comment-event.ts';
import { payloadBytes, trimmed } from '../../src/intake/trim.ts';
import { commentPayload } from './payload.ts';

function storedOf(body: string, issue: object = {}): IssueCommentEvent {
  const event = issueCommentEvent.parse(commentPayload({ body, issue }));
  return trimmed(event, commandLines(body));
}

const bytesOf = (event: IssueCommentEvent) => Buffer.byteLength(JSON.stringify(event));
const labelled = (names: string[]) => ({ labels: names.map((name) => ({ name })) });

describe('what is stored of a delivery', () => {
  test('is the command lines, and all else that the handlers read', () => {
    const event = issueCommentEvent.parse(commentPayload());
    const stored = storedOf('My password is hunter2.\n\n/status\n  /sitrep help  ');
    expect(stored).toEqual({
      ...event,
      comment: { ...event.comment, body: '/status\n/sitrep help' },
    });
  });

  test('is 2 kB at most for the longest comment with commands alone and 100 labels of 50 characters', () => {
    const lines = Array.from({ length: 8_000 }, (_, n) => `/status ${String(n)}`).join('\n');
    const names = Array.from({ length: 98 }, (_, n) => `label ${String(n)} `.padEnd(50, 'x'));
    const stored = storedOf(lines.slice(0, 65_536), {
      title: '停电'.repeat(128),
      ...labelled([...names, 'P0', 'incident']),
    });
    expect(bytesOf(stored)).toBeLessThanOrEqual(payloadBytes);
    // Five are carried out; the sixth tells that there were more.
    expect(commandLines(stored.comment.body).map(({ words }) => words)).toEqual(
      ['0', '1', '2', '3', '4', '5'].map((word) => [word]),
    );
    expect(stored.issue.labels).toContainEqual({ name: 'P0' });
    expect(stored.issue.labels).toContainEqual({ name: 'incident' });
    expect(stored.issue.title).toMatch(/^停电.*…$/u);
  });

  test('is 2 kB at most for one line of 65,536 characters, which costs the others nothing', () => {
    const stored = storedOf(`/sitrep help\n/status ${'x'.repeat(65_536)}\n/status staging`);
    expect(bytesOf(stored)).toBeLessThanOrEqual(payloadBytes);
    const [first = '', second = '', third = ''] = stored.comment.body.split('\n');
    expect([first, third]).toEqual(['/sitrep help', '/status staging']);
    expect(second).toMatch(/^\/status x+…$/u);
  });

  test('keeps a command that is repeated once', () => {
    expect(storedOf('/status\n'.repeat(500)).comment.body).toBe('/status');
  });

  test('never goes over the bound, whatever is written', () => {
    const text = string({ unit: 'binary', maxLength: 900 });
    assert(
      property(array(text, { maxLength: 9 }), text, array(text, { maxLength: 20 }), (words, title, names) => {
        const body = words.map((word) => `/status ${word}`).join('\n');
        const event = storedOf(body, { title, ...labelled(names) });
        expect(bytesOf(event)).toBeLessThanOrEqual(payloadBytes);
        expect(commandLines(event.comment.body).length > 0).toBe(commandLines(body).length > 0);
      }),
    );
  });
});
