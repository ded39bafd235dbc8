import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import type { PlayOptions } from '../app/play.ts';
import { openPublicPlay, type PublicPlay } from './public-thread.ts';
import { foundIn, privateOf } from './public-text.ts';
import { trials } from './trials.ts';

/** Who may see how much: the operator's word, what GitHub says now, and what is not made for everybody. */

const patience = 180_000;
const minute = 60_000;
const isRedacted = /redacted: the repository is public/u;
/** Of the stand-ins' world; a full update names all of them. */
const names = /netra-staging|netra-backend-staging|staging-shared-postgres|00750-69k|```bash/u;
const revision = 'netra-backend-staging-00750-69k';

const loaded = await loadScenario('connector-saturated');
const policy = loaded.policy ?? '';

/** Tries something in a play of its own. */
async function during(options: PlayOptions, act: (play: PublicPlay) => Promise<void>): Promise<void> {
  const play = await openPublicPlay(options);
  try {
    await act(play);
  } finally {
    await play.close();
  }
}

const livingOf = (play: PublicPlay): string =>
  play.github.thread(1278).find(({ pinned }) => pinned)?.body ?? '';

function expectRedacted(text = '', about?: string): void {
  expect(text, about).toMatch(isRedacted);
  expect(text, about).not.toMatch(names);
}

describe('how much a public repository shows', { timeout: patience }, () => {
  test('is everything where the operator says so', () =>
    during({ policy: policy.replace('public: redacted', 'public: full') }, async (play) => {
      expect((await play.say('carol', '/status')).replies[0]).toMatch(names);
    }));

  test.each(
    [
      ['its entry is for another one', 'repositories: { other/one: { public: full } }\n'],
      ['the policy has no entry at all', 'repositories: {}\n'],
    ].slice(0, trials({ bounded: 1, full: 2 })),
  )('is nothing, and nothing is read, where %s', (_, text) =>
    during({ policy: text }, async (play) => {
      const { replies, reactions } = await play.say('carol', '/status');
      expect(replies[0]).toContain('Nothing was read');
      expect(reactions).toContain('-1');
      await play.github.label('alice', 1278, { add: 'incident' });
      await play.rest();
      expect(play.google.requests).toEqual([]);
      expect(play.endpoints.requests).toEqual([]);
    }),
  );
});

describe('how much a public repository shows that is redacted', { timeout: patience, shuffle: false }, () => {
  let play: PublicPlay;
  beforeAll(async () => {
    play = await openPublicPlay();
  }, patience);
  afterAll(() => play.close());

  test('is states and durations, though everything was read', async () => {
    const { replies, reactions } = await play.say('carol', '/status');
    expect(reactions).toContain('rocket');
    expectRedacted(replies[0]);
    expect(play.google.requests.length).toBeGreaterThan(20);
  });

  test('is no name that was read, though a person wrote it in an action: the living comment leaves it out', async () => {
    await play.say('alice', `/sitrep action add Roll ${revision} back @alice`);
    play.clock.advance(5 * minute);
    await play.rest();
    expect(livingOf(play)).toContain('Roll … back');
    expect(livingOf(play)).not.toContain('00750');
  });

  test('is no more by the repository’s own template, which gets the same', async () => {
    play.github.putFile(
      '.github/sitrep/templates/status.hbs',
      [
        'OWN {{headline}} {{reading}} {{state.what}} {{cause.what}} {{worsened}} {{doNow.what}}',
        '{{#each folds}}{{#each rows}}{{#each this}}{{this}} {{/each}}{{/each}}{{#each contacts}}{{name}}{{/each}}{{/each}}',
        '{{footer}}',
      ].join('\n'),
    );
    await play.say('carol', '/status');
    const { replies } = await play.say('carol', '/status');
    const last = await play.app.lastLook('netra-systems/netra-apex', 1278);
    const secrets = privateOf(last === null ? [] : [last.snapshot], play.configuration, play.open());
    expect(replies[0]).toContain('OWN 🔴');
    // What the person wrote in the test before: answers leave the name out as well.
    expect(replies[0]).toContain('Roll … back');
    expect(secrets.length).toBeGreaterThan(50);
    expect(foundIn(replies[0] ?? '', secrets)).toEqual([]);
    expect(replies[0]).not.toContain('00750');
  });

  test('is not decided by the repository: its own file cannot allow more', async () => {
    play.github.putFile('.github/sitrep.yml', `${loaded.configuration}\npublic: full\n`);
    const { replies } = await play.say('carol', '/sitrep criteria');
    expect(replies).toHaveLength(1);
    expectRedacted(replies[0]);
  });
});

describe('a repository that becomes public', { timeout: patience, shuffle: false }, () => {
  let play: PublicPlay;
  beforeAll(async () => {
    play = await openPublicPlay({
      change: (scenario) => {
        scenario.repository.private = true;
      },
    });
  }, patience);
  afterAll(() => play.close());

  test('is redacted though the webhook of the call said that it is private', async () => {
    expect((await play.say('alice', '/status')).replies[0]).toMatch(names);
    // When the call's webhook is out, and the first of these requests comes, everybody can read it.
    for (const [command, pathIncludes] of [
      ['/status', '/graphql'],
      ['/sitrep timeline', '/collaborators/'],
      ['/sitrep evidence all', '/collaborators/'],
      ['/sitrep postmortem', '/collaborators/'],
      ['/sitrep resolve', '/graphql'],
    ] as const) {
      play.github.setPrivate(true);
      play.github.when({ pathIncludes }, () => play.github.setPrivate(false));
      const { replies } = await play.say('alice', command);
      expect(replies.length, command).toBeGreaterThan(0);
      for (const reply of replies) expectRedacted(reply, command);
    }
  });

  test('is redacted from the next call on, and so is what comes by itself', async () => {
    play.github.setPrivate(true);
    expect((await play.say('carol', '/status')).replies[0]).toMatch(names);
    const before = play.github.thread(1278).length;
    play.github.setPrivate(false);
    // No webhook says so before the living comment, the regression and the checkpoint come.
    for (const minutes of [10, 20, 45]) {
      play.clock.advance(minutes * minute);
      await play.rest();
    }
    expectRedacted(livingOf(play));
    const came = play.github.thread(1278).slice(before);
    expect(came.some(({ body }) => body.includes('2 h checkpoint'))).toBe(true);
    for (const { body } of came) expect(body).not.toMatch(names);
    for (const command of [
      '/sitrep criteria',
      '/sitrep timeline',
      '/sitrep evidence E9',
      '/sitrep postmortem',
    ])
      for (const reply of (await play.say('alice', command)).replies) expectRedacted(reply, command);
  });
});
