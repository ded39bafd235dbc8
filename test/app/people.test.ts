import { afterEach, describe, expect, test } from 'vitest';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** What people record on an issue, and where it shows, end to end. */

const issue = 1278;

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

/** An incident that was declared, by its label. */
async function open(options: PlayOptions = {}): Promise<Play> {
  play = await openPlay(options);
  await play.say('alice', '/status');
  return play;
}

describe('what people say', { timeout: 200_000 }, () => {
  test('shows in the next update, as stated, without secrets', async () => {
    const { say } = await open();
    await say('carol', '/sitrep lead');
    await say('carol', '/sitrep impact logins of 300 people, password=hunter2hunter2');
    await say(
      'carol',
      '/sitrep why refute config-drift backend it was planned\n/sitrep why add the pool was halved',
    );
    const [whys = ''] = (await say('carol', '/sitrep whys')).replies;
    expect(whys).toContain('Lead: @carol');
    expect(whys).toMatch(
      /\[carol at 18:05\]\([^)]+\) refuted config drift \(`backend`\): “it was planned”;/u,
    );
    expect(whys).toMatch(/\[carol at 18:05\]\([^)]+\) added: “the pool was halved”; shown as stated/u);
    // Asked again it is said once: whys come from the record, not from the update before.
    const [brief = ''] = (await say('carol', '/sitrep brief')).replies;
    expect(brief).toMatch(/\*\*Affected:\*\* “logins of 300 people, .*” \(stated, \[carol at 18:05\]\(/u);
    expect(brief).not.toContain('hunter2');
    const [again = ''] = (await say('carol', '/sitrep whys')).replies;
    expect(again.match(/the pool was halved/gu)).toHaveLength(1);
  });

  test('sets assignees and labels, and what was linked is unlinked', async () => {
    const { say, github } = await open();
    await say('carol', '/sitrep lead @bob');
    expect(github.issue(issue).assignees).toEqual(['bob']);
    const refused = await say('carol', '/sitrep lead @dave');
    expect(refused.reactions).toContain('-1');
    expect(refused.replies.join()).toContain('`dave` cannot lead: no role in this repository');
    await say('bob', '/sitrep severity P1\n/sitrep stage monitoring\n/sitrep regression 1263');
    expect(github.issue(issue).labels).toEqual(expect.arrayContaining(['P1', 'regression']));
    expect((await say('bob', '/sitrep not-regression')).replies.join()).toContain(
      'No regression of #1263: label undone',
    );
    expect(github.issue(issue).labels).not.toContain('regression');
    const gate = await say('bob', '/sitrep stage resolved');
    expect([gate.reactions.at(-1), gate.replies.join()]).toEqual([
      'confused',
      expect.stringContaining('`/sitrep resolve` does it'),
    ]);
  });
});

describe('what makes no sense', { timeout: 200_000 }, () => {
  test('is told with what to write instead', async () => {
    const { say } = await open();
    await say('carol', '/sitrep action add raise the connector');
    const said = await say(
      'carol',
      [
        '/sitrep note rolled back at 23:50',
        '/sitrep action done 99',
        '/sitrep why refute config-drfit',
        '/sitrep evidence E999999',
        '/sitrep diff bakend',
      ].join('\n'),
    );
    expect(said.reactions.at(-1)).toBe('confused');
    expect(said.replies).toEqual([
      expect.stringContaining('`23:50` UTC has not come yet, it is 18:05 UTC; write `at 17:05`'),
      expect.stringMatching(/There is no action 99\nOpen: .*\d raise the connector\./u),
      expect.stringContaining('did you mean config-drift?'),
      expect.stringMatching(
        /There is no evidence `E999999` on this issue\nThe numbers so far are E1–E\d+\./u,
      ),
      expect.stringContaining('Did you mean `/sitrep diff backend`?'),
    ]);
    const other = await say(
      'bob',
      '/sitrep acton done 1\n/sitrep P1\n/status stagin\n/sitrep regression #99999\n/sitrep regression #1278',
    );
    expect(other.replies).toEqual([
      expect.stringContaining('Did you mean `/sitrep action done 1`?'),
      expect.stringContaining('Did you mean `/sitrep severity P1`?'),
      expect.stringContaining('There is no environment `stagin`'),
      expect.stringContaining('this repository has no such issue'),
      expect.stringContaining('that is this issue'),
    ]);
  });

  test('without a command is answered with help, first what the person may run', async () => {
    const { say } = await open();
    const [help = ''] = (await say('carol', '/sitrep')).replies;
    expect(help).toContain('### Commands for you, with the role triage');
    const [own = '', others = ''] = help.split('<summary>Commands that need another role');
    expect([own.includes('/sitrep note'), own.includes('/sitrep severity')]).toEqual([true, false]);
    expect(others).toContain('/sitrep severity');
    const [one = ''] = (await say('carol', '/sitrep help note')).replies;
    expect(one).toMatch(/^### `\/sitrep note TEXT \[at TIME\]`\nPuts a note.*\n\*\*Role needed:\*\* triage/u);
  });
});

test(
  'all evidence of the last update is posted, each comment short enough',
  { timeout: 200_000 },
  async () => {
    const { say, app } = await open();
    const { replies } = await say('carol', '/sitrep evidence all');
    expect(replies.length).toBeGreaterThan(0);
    expect(replies.every((reply) => reply.length < 65_536)).toBe(true);
    const recorded = await app.lastUpdate('netra-systems/netra-apex', issue);
    const { observations = [], gaps = [] } = recorded?.snapshot ?? {};
    const shown = replies.join('\n');
    expect(
      [...observations, ...gaps].filter(({ id }) => !new RegExp(`\\b${id}\\b`, 'u').test(shown)),
    ).toEqual([]);
  },
);
