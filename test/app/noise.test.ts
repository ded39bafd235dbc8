import { afterEach, describe, expect, test } from 'vitest';
import { openPlay, type Play } from './play.ts';

/** What comes unasked, and what becomes of updates that a later one has made out of date. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

const issue = 1278;
const minute = 60_000;

async function advance({ clock, rest }: Play, minutes: number): Promise<void> {
  clock.advance(minutes * minute);
  await rest();
}

/** The reasons for which the full updates that were asked for are folded away. */
async function foldedStatuses({ app, github }: Play): Promise<(string | null)[]> {
  const kinds = await app.kinds('netra-systems/netra-apex', issue);
  return github
    .thread(issue)
    .filter(({ id }) => kinds.get(id) === 'status')
    .map(({ minimized }) => minimized);
}

const ofSitrep = ({ github }: Play) => github.thread(issue).filter(({ bot, pinned }) => bot && !pinned);

describe('an update that a later one has made out of date', () => {
  test('is folded away, the later one and the living comment are not', async () => {
    play = await openPlay();
    await play.say('carol', '/status');
    await advance(play, 5);
    await play.say('carol', '/status');
    expect(await foldedStatuses(play)).toEqual(['outdated', null]);
    expect(play.github.thread(issue).find(({ pinned }) => pinned)?.minimized).toBeNull();
    expect([...play.github.refusals]).toEqual([]);
  });

  test('stays open where GitHub does not fold it, which holds up nothing', async () => {
    play = await openPlay();
    await play.say('carol', '/status');
    play.github.inject({ kind: 'unavailable', method: 'POST', pathIncludes: '/graphql', times: 5 });
    await advance(play, 5);
    const { reactions } = await play.say('carol', '/status');
    expect(reactions).toContain('rocket');
    expect(await foldedStatuses(play)).toEqual([null, null]);
  });
});

describe('a material change', () => {
  test('is told once, by a comment that nobody asked for', async () => {
    play = await openPlay();
    await play.say('carol', '/status');
    await advance(play, 69);
    const kinds = await play.app.kinds('netra-systems/netra-apex', issue);
    const changes = () => ofSitrep(play ?? never()).filter(({ id }) => kinds.get(id) === 'change');
    expect(changes()).toHaveLength(1);
    expect(changes()[0]?.body).toContain('**Since 18:05:**');
    const all = ofSitrep(play).length;
    await advance(play, 11);
    expect(ofSitrep(play).length).toBeLessThanOrEqual(all + 1); // the checkpoint of 19:15
  });

  test('is not told while people asked for quiet, and shows in the living comment', async () => {
    play = await openPlay();
    await play.say('alice', '/status');
    const { replies } = await play.say('alice', '/sitrep snooze 2h');
    expect(replies[0]).toContain('Nothing comes by itself before 20:05 UTC; next comment 20:05 UTC');
    const before = ofSitrep(play).length;
    await advance(play, 80);
    expect(ofSitrep(play)).toHaveLength(before);
    const living = play.github.thread(issue).find(({ pinned }) => pinned)?.body ?? '';
    expect(living).toContain('**19:25 UTC');
    expect(living).toContain('comment 20:05 (snoozed)');
    await advance(play, 40);
    const [late, ...more] = ofSitrep(play).slice(before);
    expect(more).toEqual([]);
    expect(late?.body).toContain('2 h checkpoint, snoozed until 20:05');
  });
});

function never(): never {
  throw new Error('no play is open');
}

describe('the commands about checkpoints', () => {
  test('answer with the next times', async () => {
    play = await openPlay();
    await play.say('alice', '/status');
    const chosen = await play.say('alice', '/sitrep checkpoints 1h, 3h');
    expect(chosen.reactions).toEqual(['eyes', 'rocket']);
    expect(chosen.replies[0]?.split('\n')[0]).toBe(
      '### Next comment 18:15, 20:15, 22:15 UTC, and so on; a material change is told at once',
    );
    const off = await play.say('alice', '/sitrep checkpoints OFF');
    expect(off.replies[0]).toContain('No checkpoints from now on');
    const living = play.github.thread(issue).find(({ pinned }) => pinned)?.body ?? '';
    expect(living).toContain('**Next:** board 18:15; comment on change');
  });

  test.each([
    ['/sitrep checkpoints', 'confused'],
    ['/sitrep checkpoints soon', 'confused'],
    ['/sitrep checkpoints 5s', 'confused'],
    ['/sitrep snooze', 'confused'],
    ['/sitrep snooze 3d', 'confused'],
  ])('%s is not understood', async (line, reaction) => {
    play = await openPlay();
    expect((await play.say('alice', line)).reactions).toContain(reaction);
  });

  test.each(['/sitrep checkpoints 2h', '/sitrep snooze 60m'])(
    '%s needs the role write, and an incident',
    async (line) => {
      play = await openPlay();
      expect((await play.say('carol', line)).replies[0]).toContain('needs the role **write**');
      expect((await play.say('alice', line)).reactions).toContain('-1');
    },
  );
});
