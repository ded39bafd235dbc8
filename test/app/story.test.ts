import { afterEach, describe, expect, test } from 'vitest';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** What is told of an incident: timeline, handoff, postmortem, follow-ups; the real app between the stand-ins. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

async function open(options?: PlayOptions): Promise<Play> {
  play = await openPlay(options);
  return play;
}

const minute = 60_000;

describe('the timeline', () => {
  test('tells of changes, detections, commands and updates, and reads nothing', async () => {
    const { say, clock, google, github } = await open();
    await say('carol', '/status');
    clock.advance(5 * minute);
    await say('carol', '/sitrep ack');
    const read = google.requests.length;
    const { replies, reactions } = await say('carol', '/sitrep timeline all');
    expect(google.requests.length).toBe(read);
    expect(reactions).toContain('rocket');
    const [text = ''] = replies;
    expect(text).toMatch(/\| 17:12, recorded 18:05 \| \S+ \| `backend`: revision `00750-69k` changed/u);
    expect(text).toMatch(/\| Sitrep \| \*\*The failure began\*\*, as the readings tell \| E\d+/u);
    expect(text).toContain('Cause found, **confirmed**: VPC connector saturated of `connector`');
    expect(text).toMatch(/\| 18:10 \| `carol` \| Acknowledged \| \[comment\]/u);
    expect(text).toContain('| Update posted: status |');
    expect(github.refusals).toEqual([]);
  });

  test('can be cut to a time and a kind, and says what it does not understand', async () => {
    const { say, clock } = await open();
    await say('carol', '/status');
    clock.advance(30 * minute);
    await say('carol', '/sitrep ack');
    const [recent = ''] = (await say('carol', '/sitrep timeline 10m')).replies;
    expect(recent).toContain('Acknowledged');
    expect(recent).not.toContain('revision');
    const [changes = ''] = (await say('carol', '/sitrep timeline changes')).replies;
    expect(changes).toContain('revision');
    expect(changes).not.toContain('Acknowledged |');
    expect((await say('carol', '/sitrep timeline soon')).reactions).toContain('confused');
    expect((await say('mallory', '/sitrep timeline')).reactions).toContain('-1');
  });
});
