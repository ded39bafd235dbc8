import { afterEach, expect, test } from 'vitest';
import { openPlay, type Play } from './play.ts';

/** What the record keeps, and for how long. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

test('a secret in the title of an issue is in no comment, no record and no log', async () => {
  play = await openPlay({
    change: (scenario) => {
      for (const issue of scenario.issues) issue.title += ' password=hunter2hunter2';
    },
  });
  const { replies } = await play.say('carol', '/status');
  const recorded = await play.app.lastUpdate('netra-systems/netra-apex', 1278);
  expect(recorded?.snapshot.incident?.title).toContain('staging');
  for (const text of [replies.join(), JSON.stringify(recorded), play.logged.join('')]) {
    expect(text).not.toContain('hunter2');
  }
});

test('evidence numbers of two updates never overlap, and the second knows the first', async () => {
  play = await openPlay();
  const idsOf = async (): Promise<number[]> => {
    const recorded = await play?.app.lastUpdate('netra-systems/netra-apex', 1278);
    const { observations = [], gaps = [], changes = [] } = recorded?.snapshot ?? {};
    return [...observations, ...gaps, ...changes].map(({ id }) => Number(id.slice(1)));
  };
  await play.say('carol', '/status');
  const first = await idsOf();
  await play.say('carol', '/status');
  const second = await idsOf();
  expect(first.length).toBeGreaterThan(50);
  expect(Math.min(...second)).toBe(Math.max(...first) + 1);
  const recorded = await play.app.lastUpdate('netra-systems/netra-apex', 1278);
  expect(recorded?.snapshot.previous?.url).toContain('#issuecomment-');
});
