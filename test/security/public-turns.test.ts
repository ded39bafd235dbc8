import { afterEach, describe, expect, test } from 'vitest';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import { storyOf } from '../../scripts/gallery/story.ts';
import { modelsOf } from '../../scripts/gallery/updates.ts';
import { composeNotice } from '../../src/core/compose/command-replies.ts';
import { asPublic } from '../../src/core/redacted/as-public.ts';
import { code, link, prose, say } from '../../src/core/text.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import type { PlayOptions } from '../app/play.ts';
import { openPublicPlay, type PublicPlay } from './public-thread.ts';
import { foundIn, openTexts, privateOf } from './public-text.ts';

/** Who may see how much: the operator's word, what GitHub says now, and what is not made for everybody. */

const patience = 180_000;
const minute = 60_000;
const isRedacted = /redacted: the repository is public/u;
/** Of the stand-ins' world; a full update names all of them. */
const names = /netra-staging|netra-backend-staging|staging-shared-postgres|00750-69k|```bash/u;

let play: PublicPlay | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

async function open(options: PlayOptions = {}): Promise<PublicPlay> {
  play = await openPublicPlay(options);
  return play;
}

const asPrivate: Pick<PlayOptions, 'change'> = {
  change: (scenario) => {
    scenario.repository.private = true;
  },
};

const loaded = await loadScenario('connector-saturated');

describe('how much a public repository shows', { timeout: patience }, () => {
  test('is everything where the operator says so, and only there', async () => {
    const full = (loaded.policy ?? '').replace('public: redacted', 'public: full');
    const opened = await open({ policy: full });
    expect((await opened.say('carol', '/status')).replies[0]).toMatch(names);
    await opened.close();
    const redacted = await open();
    const { replies, reactions } = await redacted.say('carol', '/status');
    expect(reactions).toContain('rocket');
    expect(replies[0]).toMatch(isRedacted);
    expect(replies[0]).not.toMatch(names);
    // Everything was read all the same.
    expect(redacted.google.requests.length).toBeGreaterThan(20);
  });

  test.each([
    ['the policy has no entry for it', 'repositories: {}\n'],
    ['its entry is for another one', 'repositories: { other/one: { public: full } }\n'],
  ])('is nothing, and nothing is read, where %s', async (_, text) => {
    const opened = await open({ policy: text });
    const { replies, reactions } = await opened.say('carol', '/status');
    expect(replies[0]).toContain('Nothing was read');
    expect(reactions).toContain('-1');
    await opened.github.label('alice', 1278, { add: 'incident' });
    await opened.rest();
    expect(opened.google.requests).toEqual([]);
    expect(opened.endpoints.requests).toEqual([]);
  });

  test('is not decided by the repository: its own file cannot allow more', async () => {
    const opened = await open({ configuration: `${loaded.configuration}\npublic: full\n` });
    const { replies } = await opened.say('carol', '/status');
    expect(replies[0]).not.toMatch(names);
  });

  test('is no more by the repository’s own template, which gets the same', async () => {
    const opened = await open();
    opened.github.putFile(
      '.github/sitrep/templates/status.hbs',
      [
        'OWN {{headline}} {{reading}} {{state.what}} {{cause.what}} {{worsened}} {{doNow.what}}',
        '{{#each folds}}{{#each rows}}{{#each this}}{{this}} {{/each}}{{/each}}{{#each contacts}}{{name}}{{/each}}{{/each}}',
        '{{footer}}',
      ].join('\n'),
    );
    await opened.say('carol', '/status');
    const { replies } = await opened.say('carol', '/status');
    const secrets = privateOf(await looksOf(opened), opened.configuration, opened.open());
    expect(replies[0]).toContain('OWN 🔴');
    expect(secrets.length).toBeGreaterThan(50);
    expect(foundIn(replies[0] ?? '', secrets)).toEqual([]);
  });
});

async function looksOf(opened: PublicPlay) {
  const last = await opened.app.lastLook('netra-systems/netra-apex', 1278);
  return last === null ? [] : [last.snapshot];
}

describe('a repository that becomes public', { timeout: patience }, () => {
  test('is redacted from the next call on, and so is what comes by itself', async () => {
    const opened = await open(asPrivate);
    expect((await opened.say('carol', '/status')).replies[0]).toMatch(names);
    const before = opened.github.thread(1278).length;
    opened.github.setPrivate(false);
    // No webhook says so before the living comment, the regression and the checkpoint come.
    for (let at = 0; at < 75; at += 5) {
      opened.clock.advance(5 * minute);
      await opened.rest();
    }
    const living = opened.github.thread(1278).find(({ pinned }) => pinned)?.body ?? '';
    expect(living).toMatch(isRedacted);
    expect(living).not.toMatch(names);
    const came = opened.github.thread(1278).slice(before);
    expect(came.some(({ body }) => body.includes('2 h checkpoint'))).toBe(true);
    for (const { body } of came) expect(body).not.toMatch(names);
    for (const command of ['/status', '/sitrep timeline', '/sitrep evidence E9', '/sitrep postmortem'])
      for (const reply of (await opened.say('alice', command)).replies) {
        expect(reply, command).toMatch(isRedacted);
        expect(reply, command).not.toMatch(names);
      }
  });

  test('is redacted though the webhook of the call said that it is private', async () => {
    const opened = await open(asPrivate);
    await opened.say('alice', '/status');
    // When the call's webhook is out, and the first of these requests comes, everybody can read it.
    for (const [command, pathIncludes] of [
      ['/status', '/graphql'],
      ['/sitrep timeline', '/collaborators/'],
      ['/sitrep evidence all', '/collaborators/'],
      ['/sitrep postmortem', '/collaborators/'],
      ['/sitrep resolve', '/graphql'],
    ] as const) {
      opened.github.setPrivate(true);
      opened.github.when({ pathIncludes }, () => opened.github.setPrivate(false));
      const { replies } = await opened.say('alice', command);
      expect(replies.length, command).toBeGreaterThan(0);
      for (const reply of replies) {
        expect(reply, command).toMatch(isRedacted);
        expect(reply, command).not.toMatch(names);
      }
    }
  });
});

describe('an update that was not made for everybody', () => {
  test(
    'is refused, whatever its kind, at the one place where updates become text',
    async () => {
      const { world, status } = await storyOf('connector-saturated');
      const { owner, name } = world.scenario.repository;
      const beside = {
        repository: { owner, name },
        page: `https://github.com/${owner}/${name}`,
        configuration: world.configuration,
        snapshot: status.snapshot,
      };
      const full = modelsOf(await storyOf('connector-saturated')).filter(
        ({ kind }) => kind !== 'help' && kind !== 'refusal',
      );
      expect(full.length).toBeGreaterThan(15);
      for (const { kind, update } of full) expect(asPublic(update, beside), kind).toBeNull();
      for (const { kind, update } of modelsOf(await storyOf('connector-saturated', 'redacted')))
        expect(asPublic(update, beside), kind).not.toBeNull();
    },
    patience,
  );

  test(
    'has names and addresses blanked in a notice, but for links to the repository’s own pages',
    async () => {
      const { world, status } = await storyOf('connector-saturated');
      const { owner, name } = world.scenario.repository;
      const page = `https://github.com/${owner}/${name}`;
      const notice = composeNotice(
        say`About ${code('netra-backend-staging-00750-69k')}`,
        [
          say`${prose('see https://api.staging.netra.ai/health of netra-staging')}`,
          say`${link('netra-staging', 'https://console.cloud.google.com/run?project=netra-staging')}`,
          say`${link('comment', `${page}/issues/1278#issuecomment-1`)}`,
        ],
        '0.1.0',
      );
      const shown = asPublic(notice, {
        repository: { owner, name },
        page,
        configuration: world.configuration,
        snapshot: status.snapshot,
      });
      const text = shown === null ? '' : renderUpdate(shown);
      const secrets = privateOf([status.snapshot], world.configuration, {
        texts: openTexts(world.configuration),
      });
      expect(foundIn(renderUpdate(notice), secrets).length).toBeGreaterThan(3);
      expect(text).not.toMatch(
        /netra-staging|netra-backend-staging|00750|staging\.netra\.ai|console\.cloud/u,
      );
      expect(text).toContain(`[comment](${page}/issues/1278#issuecomment-1)`);
      // What the file calls its components is known to everybody.
      expect(text).toContain('About');
    },
    patience,
  );
});
