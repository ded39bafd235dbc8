import { afterEach, describe, expect, test } from 'vitest';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** `/status`, end to end: the real app over HTTP between the stand-ins. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

async function open(options?: PlayOptions): Promise<Play> {
  play = await openPlay(options);
  return play;
}

/** No request was refused by GitHub's or Google's own descriptions. */
function expectNoRefusals({ github, google }: Play): void {
  expect([...github.refusals, ...google.refusals]).toEqual([]);
}

/** The hidden marker's id comes from the delivery's GUID, which is another one each time. */
function withoutId(body = ''): string {
  return body.replace(/<!-- sitrep:[0-9a-f-]{36} -->/u, '<!-- sitrep:ID -->');
}

describe('/status by somebody who may', () => {
  test('is acknowledged, answered with an update, and marked done', async () => {
    const { say, google } = await open();
    const { reactions, replies } = await say('carol', '/status');
    expect(reactions).toEqual(['eyes', 'rocket']);
    expect(replies).toHaveLength(1);
    expect(google.requests.length).toBeGreaterThan(0);
    if (play !== null) expectNoRefusals(play);
    await expect(withoutId(replies[0])).toMatchFileSnapshot('__snapshots__/status.md');
  });

  test('a second one shows what changed, and goes on with the evidence numbers', async () => {
    const { say, clock } = await open();
    const [first = ''] = (await say('carol', '/status')).replies;
    clock.advance(30 * 60_000);
    const [second = ''] = (await say('alice', '/status')).replies;
    expect(second).toContain('**Since 18:05:**');
    const highest = Math.max(...[...first.matchAll(/\bE(\d+)\b/gu)].map(([, number]) => Number(number)));
    const component = /Components: .*?<\/details>/su.exec(second)?.[0] ?? '';
    const cited = [...component.matchAll(/\bE(\d+)\b/gu)].map(([, number]) => Number(number));
    expect(cited.length).toBeGreaterThan(0);
    expect(Math.min(...cited)).toBeGreaterThan(highest);
    await expect(withoutId(second)).toMatchFileSnapshot('__snapshots__/status-second.md');
  });

  test('two commands in one comment are both carried out, a bot is not answered', async () => {
    const { say } = await open();
    const { replies } = await say('carol', '/sitrep help\n\n> /status\n\n/status');
    expect(replies).toHaveLength(2);
    expect(replies[0]).toContain('/sitrep help');
    expect(replies[1]).toContain('investigating');
  });

  test('the same command twice in one comment is carried out once', async () => {
    const { say } = await open();
    expect((await say('carol', '/status\n/STATUS\n/status')).replies).toHaveLength(1);
  });

  test('takes at most five GitHub requests to the comment, and fifteen in all, five of them writes', async () => {
    const { say, github, clock, rest } = await open();
    await say('carol', '/status'); // its labels and the living comment are there then, as in a running incident
    for (let minutes = 0; minutes < 2; minutes += 1) {
      clock.advance(60_000); // and the closed incidents are read, in the background
      await rest();
    }
    clock.advance(60_000);
    const before = github.requests.length;
    await say('carol', '/status');
    const requests = github.requests.slice(before);
    const posted = requests.findIndex(
      ({ route }) => route.startsWith('POST') && route.endsWith('/issues/{issue_number}/comments'),
    );
    expect(requests.slice(0, posted + 1).map(({ route }) => route)).toHaveLength(5);
    expect(requests.length).toBeLessThanOrEqual(15);
    expect(requests.filter(({ write }) => write).length).toBeLessThanOrEqual(5);
  });

  test('the first one of an incident takes as many to its comment, and the labels and the living comment, which is pinned', async () => {
    const { say, github } = await open();
    await say('carol', '/sitrep help'); // warms the installation token, as in a running server
    const before = github.requests.length;
    await say('carol', '/status');
    const requests = github.requests.slice(before);
    const posted = requests.findIndex(
      ({ route }) => route.startsWith('POST') && route.endsWith('/issues/{issue_number}/comments'),
    );
    expect(posted + 1).toBe(5);
    expect(requests.length).toBeLessThanOrEqual(15);
    // Three of the answer, two of its labels, and two of the living comment.
    expect(requests.filter(({ write }) => write).length).toBeLessThanOrEqual(7);
  });

  test('what was redelivered, or sent twice, is answered once', async () => {
    const { say, github, rest } = await open();
    await say('carol', '/status');
    const posted = github.thread(1278).length;
    const guid =
      github.deliveries.find(({ event, action }) => event === 'issue_comment' && action === 'created')
        ?.guid ?? '';
    expect((await github.redeliver(guid)).status).toBe(202);
    await rest();
    expect(github.thread(1278)).toHaveLength(posted);
  });
});
