import { afterEach, describe, expect, test } from 'vitest';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** How an incident begins, end to end: the real app over HTTP between the stand-ins. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

async function open(options?: PlayOptions): Promise<Play> {
  play = await openPlay(options);
  return play;
}

describe('declare', () => {
  test('x', async () => {
    const at = await open();
    const { number } = await at.github.openIssue('alice', { title: 'Chat is down', labels: ['P0'] });
    await Promise.race([at.rest(), new Promise((r) => setTimeout(r, 8000))]);
    console.log(
      at.github
        .thread(number)
        .map(({ body }) => body)
        .join('\n=====\n'),
      at.github.issue(number).labels,
      at.logged.filter((l) => JSON.parse(l).level >= 40),
      at.github.refusals,
      at.github.requests.map(({ route }) => route),
    );
    expect(1).toBe(1);
  });
});
