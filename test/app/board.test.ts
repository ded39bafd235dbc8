import { afterEach, describe, expect, test } from 'vitest';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** The living comment: the real app between the stand-ins, whose clock is moved on. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

async function open(options?: PlayOptions): Promise<Play> {
  play = await openPlay(options);
  return play;
}

const issue = 1278;
const minute = 60_000;

const living = ({ github }: Play) => github.thread(issue).filter(({ pinned }) => pinned);
const bodyOf = (opened: Play) => living(opened)[0]?.body ?? 'there is none';
const lineOf = (opened: Play, start: string) =>
  bodyOf(opened)
    .split('\n')
    .find((line) => line.startsWith(start)) ?? 'no such line';

async function advance(opened: Play, minutes: number): Promise<void> {
  opened.clock.advance(minutes * minute);
  await opened.rest();
}

describe('the living comment', () => {
  test('is posted once with the declaration, pinned, and edited from then on', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    const [first, ...more] = living(opened);
    expect(more).toEqual([]);
    await expect(first?.body.replace(/<!-- sitrep:.*/u, '')).toMatchFileSnapshot('__snapshots__/living.md');
    await advance(opened, 10);
    await opened.say('alice', '/status');
    const [second, ...others] = living(opened);
    expect(others).toEqual([]);
    expect(second?.id).toBe(first?.id);
    expect(lineOf(opened, '**18:15 UTC')).toContain('metrics to');
    expect([...opened.github.refusals, ...opened.google.refusals]).toEqual([]);
  });
});
