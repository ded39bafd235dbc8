import { afterEach, describe, expect, test } from 'vitest';
import { openPlay, type Play } from './play.ts';

/** GitHub does not tell who holds which role: the real app over HTTP between the stand-ins. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

const minute = 60_000;
const configuration = [
  'version: 1',
  'labels: { incident: [P0] }',
  'components: { web: { type: http, url: "https://staging.netra.ai/" } }',
].join('\n');

async function open(): Promise<Play> {
  play = await openPlay({ configuration });
  return play;
}

const rolesAsked = ({ github }: Play): number =>
  github.requests.filter(({ path }) => path.includes('/collaborators/')).length;

function down({ github }: Play, times: number): void {
  github.inject({ kind: 'unavailable', pathIncludes: '/collaborators/', times });
}

describe('while GitHub does not tell roles', { timeout: 120_000 }, () => {
  test('a command that only posts goes on by a role of the last hour', async () => {
    const opened = await open();
    await opened.say('carol', '/sitrep help');
    opened.clock.advance(59 * minute);
    const asked = rolesAsked(opened);
    down(opened, 1);
    const { reactions, replies } = await opened.say('carol', '/sitrep help');
    expect(reactions).toEqual(['eyes', 'rocket']);
    expect(replies).toHaveLength(1);
    expect(rolesAsked(opened) - asked).toBe(1);
  });

  test('an older role is not believed: the command waits until GitHub tells', async () => {
    const opened = await open();
    await opened.say('carol', '/sitrep help');
    opened.clock.advance(61 * minute);
    const asked = rolesAsked(opened);
    down(opened, 2);
    const { reactions, replies } = await opened.say('carol', '/sitrep help');
    expect(reactions).toEqual(['eyes', 'rocket']);
    expect(replies.map((body) => body.split('\n')[0])).toEqual([
      '### ⏳ `/sitrep help` waits',
      '### Commands',
    ]);
    expect(rolesAsked(opened) - asked).toBe(3);
  });

  test('a command that changes the incident waits and says so once; a stranger’s waits in silence', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    down(opened, 3);
    const { reactions, replies } = await opened.say('carol', '/sitrep ack');
    expect(reactions).toEqual(['eyes', 'rocket']);
    expect(replies.map((body) => body.split('\n')[0])).toEqual(['### ⏳ `/sitrep ack` waits']);
    down(opened, 2);
    const stranger = await opened.say('mallory', '/sitrep ack');
    expect(stranger.reactions).toEqual(['eyes', '-1']);
    expect(stranger.replies).toHaveLength(1);
    expect(stranger.replies[0]).toContain('needs the role **triage**');
  });

  test('a role that was seen and is not enough stays so', async () => {
    const opened = await open();
    await opened.say('mallory', '/status');
    down(opened, 1);
    const google = opened.google.requests.length;
    const { reactions } = await opened.say('mallory', '/status');
    expect(reactions).toEqual(['-1']);
    expect(opened.google.requests).toHaveLength(google);
  });
});
