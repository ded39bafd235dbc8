import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { temporaryDirectory } from '../store/engines.ts';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** Updates that come by themselves: the real app between the stand-ins, whose clock is moved on. */

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
const hour = 60 * minute;

/** Of comments that come unasked, too: board.test.ts, noise.test.ts, escalation.test.ts. */
const notPromised: ReadonlySet<string | undefined> = new Set(['change', 'escalation', 'notice']);

/** Moves the clock on; gives the comments that were promised, not those that tell of a change meanwhile or the living one. */
async function after(milliseconds: number, { app, clock, github, rest }: Play): Promise<string[]> {
  const before = github.thread(issue).length;
  clock.advance(milliseconds);
  await rest();
  const kinds = await app.kinds('netra-systems/netra-apex', issue);
  return github
    .thread(issue)
    .slice(before)
    .filter(({ id, pinned }) => !pinned && !notPromised.has(kinds.get(id)))
    .map(({ body }) => body);
}

/** When an update was taken, and why; whether anything changed is left out. */
function readingLine(body = ''): string {
  const [, read = ''] =
    /^\*\*(\d\d:\d\d UTC[^*]*?)(?: · no material change since [^*]*)?\*\*/mu.exec(body) ?? [];
  return `**${read}**`;
}

const nextLine = (body = ''): string => /^\*\*Next:\*\* .*$/mu.exec(body)?.[0] ?? 'promises nothing';

// The issue was opened at 17:15; the play begins at 18:05.
describe('a checkpoint', () => {
  test('comes by itself at the time that was promised, once, and promises the next', async () => {
    const opened = await open();
    const [status] = (await opened.say('carol', '/status')).replies;
    expect(nextLine(status)).toBe('**Next:** board 18:15; comment 19:15 or on change');
    expect(await after(69 * minute, opened)).toEqual([]);
    const [update, ...more] = await after(minute, opened);
    expect(more).toEqual([]);
    expect(readingLine(update)).toBe('**19:15 UTC · 2 h checkpoint**');
    expect(nextLine(update)).toBe('**Next:** board 19:25; comment 21:15 or on change');
    expect(await after(minute, opened)).toEqual([]);
    const kinds = await opened.app.kinds('netra-systems/netra-apex', issue);
    expect([...kinds.values()].toSorted()).toEqual(['change', 'checkpoint', 'living', 'notice', 'status']);
    expect([...opened.github.refusals, ...opened.google.refusals]).toEqual([]);
  });

  test('asks for nobody’s role, and sets no reaction', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    // The history of earlier incidents is read meanwhile.
    for (let times = 0; times < 3; times += 1) await after(10 * minute, opened);
    const before = opened.github.requests.length;
    expect(await after(40 * minute, opened)).toHaveLength(1);
    const routes = opened.github.requests.slice(before).map(({ route }) => route);
    expect(routes.filter((route) => route.includes('collaborators') || route.includes('reactions'))).toEqual(
      [],
    );
    // Three of them are those of the sample that is due then; one reads the living comment, one edits it, one folds the
    // update before away, and one asks what became of the earlier incident's fix.
    expect(routes.length).toBeLessThanOrEqual(13);
  });

  test('goes on, the last interval repeating, and a /status between them changes nothing', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    const lines: string[] = [];
    for (let half = 0; half < 25; half += 1) {
      lines.push(...(await after(30 * minute, opened)).map(readingLine));
      if (half === 3) await opened.say('alice', '/status');
    }
    expect(lines).toEqual([
      '**19:35 UTC · 2 h checkpoint, 20 min late**',
      '**21:35 UTC · 4 h checkpoint, 20 min late**',
      '**01:35 UTC · 8 h checkpoint, 20 min late**',
      '**05:35 UTC · 12 h checkpoint, 20 min late**',
    ]);
  }, 120_000);

  test('after a sleep of nine hours comes once, and says how late it is and what was missed', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    const updates = await after(9 * hour, opened);
    expect(updates.map(readingLine)).toEqual([
      '**03:05 UTC · 8 h checkpoint, 1 h 50 min late; 2 h and 4 h were missed**',
    ]);
    expect(nextLine(updates[0])).toBe('**Next:** board 03:15; comment 05:15 or on change');
    expect((await after(2 * hour + 10 * minute, opened)).map(readingLine)).toEqual([
      '**05:15 UTC · 12 h checkpoint**',
    ]);
  });

  test('of the environment that was asked for last', async () => {
    const opened = await open({
      configuration: [
        'version: 1',
        'labels: { incident: [P0] }',
        'environment: staging',
        'google_cloud: { project: netra-staging, region: us-central1 }',
        'components: { frontend: { type: cloud-run, service: netra-frontend-staging } }',
        'environments: { production: {}, staging: {} }',
      ].join('\n'),
    });
    await opened.say('carol', '/status production');
    const [update] = await after(70 * minute, opened);
    expect(update?.split('\n')[0]).toContain('production');
  });

  test('is spaced as the operator’s policy says, whatever the repository asks for', async () => {
    const opened = await open({
      configuration: [
        'version: 1',
        'labels: { incident: [P0] }',
        'google_cloud: { project: netra-staging, region: us-central1 }',
        'components: { frontend: { type: cloud-run, service: netra-frontend-staging } }',
        'checkpoints: [1s, 2s]',
      ].join('\n'),
    });
    const [status] = (await opened.say('carol', '/status')).replies;
    expect(nextLine(status)).toBe('**Next:** board 18:15; comment 18:15 or on change');
    const lines: string[] = [];
    for (let minutes = 0; minutes < 30; minutes += 1)
      lines.push(...(await after(minute, opened)).map(readingLine));
    expect(lines.map((line) => line.slice(2, 7))).toEqual(['18:15', '18:25', '18:35']);
  });
});

describe('a restart', () => {
  test('finds the checkpoint that came meanwhile, posts it late and once', async () => {
    const directory = await temporaryDirectory();
    const databaseUrl = directory.url;
    try {
      const first = await open({ databaseUrl });
      await first.say('carol', '/status');
      await first.close();
      const second = await open({ databaseUrl });
      expect((await after(4.5 * hour, second)).map(readingLine)).toEqual([
        '**22:35 UTC · 4 h checkpoint, 1 h 20 min late; 2 h was missed**',
      ]);
      await second.close();
      const third = await open({ databaseUrl });
      expect(await after(5 * hour, third)).toEqual([]);
      await third.close();
      play = null;
    } finally {
      await directory.drop();
    }
  });
});

describe('GitHub fails', () => {
  test.each(['commit-then-drop', 'commit-then-502', 'unavailable'] as const)(
    '%s at the comment: it is posted once',
    async (kind) => {
      const opened = await open();
      await opened.say('carol', '/status');
      opened.github.inject({ kind, method: 'POST', pathIncludes: `/issues/${issue}/comments` });
      expect(await after(70 * minute, opened)).toHaveLength(1);
    },
  );

  test('when the issue is read: it is tried again', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    opened.github.inject({ kind: 'unavailable', method: 'GET', pathIncludes: `/issues/${issue}` });
    expect(await after(70 * minute, opened)).toHaveLength(1);
  });

  test('at every try: the next one comes all the same, and says that this was missed', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    // Nine tries of the checkpoint and of the living comment, the sample and the history that are due then.
    opened.github.inject({ kind: 'unavailable', pathIncludes: '/contents/', times: 20 });
    expect(await after(70 * minute, opened)).toEqual([]);
    expect(opened.logged.join('')).toContain('a checkpoint failed');
    expect((await after(2 * hour, opened)).map(readingLine)).toEqual([
      '**21:15 UTC · 4 h checkpoint; 2 h was missed**',
    ]);
  });
});

const told = z.object({ msg: z.string(), reason: z.string() });

/** What comes at two checkpoints, and what the log says of their end. */
async function atTwoCheckpoints(opened: Play): Promise<{ comments: string[]; reasons: string[] }> {
  const comments = [...(await after(70 * minute, opened)), ...(await after(2 * hour, opened))];
  const reasons = opened.logged
    .filter((line) => line.includes('no more checkpoints there'))
    .map((line) => told.parse(JSON.parse(line)).reason);
  return { comments, reasons };
}

describe('checkpoints end, with the reason in the log', () => {
  test('where the issue is closed, and GitHub’s word of it was lost', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    opened.github.deliverTo(null);
    await opened.github.closeIssue('alice', issue);
    expect(await atTwoCheckpoints(opened)).toEqual({
      comments: [],
      reasons: [expect.stringContaining('the issue is closed')],
    });
  });

  test('at once where GitHub tells of it; reopened, the next update promises anew', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    await opened.github.closeIssue('alice', issue);
    await opened.rest();
    expect(await atTwoCheckpoints(opened)).toEqual({ comments: [], reasons: [] });
    await opened.github.reopenIssue('alice', issue);
    await opened.rest();
    const [status] = (await opened.say('carol', '/status')).replies;
    expect(nextLine(status)).toBe('**Next:** board 21:25; comment 16 Sep 01:15 or on change');
    expect((await after(4 * hour, opened)).map(readingLine)).toEqual(['**01:15 UTC · 8 h checkpoint**']);
  });

  test('where the issue is gone', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    opened.github.inject({ kind: 'not-found', method: 'GET', pathIncludes: `/issues/${issue}`, times: 30 });
    expect(await atTwoCheckpoints(opened)).toEqual({
      comments: [],
      reasons: [expect.stringContaining('GitHub answered 404')],
    });
  });

  test('where GitHub takes no comment any more', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    opened.github.inject({
      kind: 'denied',
      method: 'POST',
      pathIncludes: `/issues/${issue}/comments`,
      times: 30,
    });
    expect(await atTwoCheckpoints(opened)).toEqual({
      comments: [],
      reasons: [expect.stringContaining('GitHub answered 403')],
    });
  });

  test('where the configuration was taken away', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    opened.github.putFile('.github/sitrep.yml', null);
    expect(await atTwoCheckpoints(opened)).toEqual({
      comments: [],
      reasons: [expect.stringContaining('no configuration any more')],
    });
  });

  test('where the repository has become public, and the policy grants it nothing any more', async () => {
    const directory = await temporaryDirectory();
    const databaseUrl = directory.url;
    try {
      const first = await open({ databaseUrl });
      await first.say('carol', '/status');
      await first.close();
      const second = await open({
        databaseUrl,
        policy: 'repositories: {}\n',
        change: ({ repository }) => {
          repository.private = false;
        },
      });
      expect(await atTwoCheckpoints(second)).toEqual({
        comments: [],
        reasons: [expect.stringContaining('is public')],
      });
      await second.close();
      play = null;
    } finally {
      await directory.drop();
    }
  });
});

test('errors in the configuration are told at the checkpoint', async () => {
  const opened = await open();
  await opened.say('carol', '/status');
  opened.github.putFile('.github/sitrep.yml', 'version: 2\n');
  const [update] = await after(70 * minute, opened);
  expect(update).toContain('.github/sitrep.yml');
  expect(update).toContain('**2 h checkpoint.** Nothing was read');
  opened.github.putFile('.github/sitrep.yml', opened.loaded.configuration);
  expect((await after(2 * hour, opened)).map(readingLine)).toEqual(['**21:15 UTC · 4 h checkpoint**']);
});

describe('nothing is promised, and nothing comes', () => {
  test.each<[what: string, options: PlayOptions]>([
    ['without a policy for the repository', { policy: 'repositories: {}\n' }],
    [
      'where the policy allows no comments that nobody asked for',
      {
        policy:
          'repositories: { "netra-systems/*": { google_cloud_projects: [netra-staging], comments_per_hour: 0 } }\n',
      },
    ],
    [
      'on an issue that is closed',
      {
        change: ({ issues }) => {
          for (const one of issues) one.state = 'closed';
        },
      },
    ],
  ])('%s', async (_what, options) => {
    const opened = await open(options);
    const { replies } = await opened.say('carol', '/status');
    expect(replies).toHaveLength(1);
    expect(nextLine(replies[0])).toBe('promises nothing');
    expect(await after(9 * hour, opened)).toEqual([]);
  });
});
