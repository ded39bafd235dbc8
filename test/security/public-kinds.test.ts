import { afterAll, describe, expect, test } from 'vitest';
import { storyOf, type Story } from '../../scripts/gallery/story.ts';
import { modelsOf, shownKinds, type Shown } from '../../scripts/gallery/updates.ts';
import { composeNotice } from '../../src/core/compose/command-replies.ts';
import { saysRedacted } from '../../src/core/compose/redacted-mark.ts';
import type { Disclosure } from '../../src/core/disclosure.ts';
import { asPublic } from '../../src/core/redacted/as-public.ts';
import { componentStates } from '../../src/core/states.ts';
import { code, link, prose, say } from '../../src/core/text.ts';
import type { Update } from '../../src/core/update.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import { foundIn, openTexts, privateOf, strangeNumerals, type Open } from './public-text.ts';
import { report, trials } from './trials.ts';

/**
 * What updates of a public repository show, kind by kind, over scenarios with much that is private: no name, address,
 * setting, log line or figure, and the states, times and evidence ids all the same.
 */

const all = [
  'connector-saturated',
  'bad-deploy',
  'config-drift-timeout',
  'secret-disabled',
  'dependency-unavailable',
  'cloudsql-permission',
  'egress-misrouted',
  'evidence-missing',
  'crash-on-start',
  'quota-exhausted',
  'regional-incident',
] as const;
const scenarios = all.slice(0, trials({ bounded: 2, full: all.length }));
const patience = 240_000;

/** What everybody knows of the story. */
function openOf({ world, people }: Story): Open {
  const { issue, configuration, scenario } = world;
  return {
    texts: [
      ...openTexts(configuration),
      issue.title,
      issue.body,
      ...issue.comments.map(({ body }) => body),
      scenario.repository.owner,
      scenario.repository.name,
      ...Object.values(people),
      // What people do in each story.
      'Support has 12 tickets of people who cannot work',
      'services stop at the start rather than run without what they need, by design',
    ],
  };
}

function secretsOf(story: Story): string[] {
  const looks = [story.declared, story.status, story.checkpoint, story.unchanged];
  return privateOf(
    looks.map(({ snapshot }) => snapshot),
    story.world.configuration,
    openOf(story),
  );
}

/** Kinds that show nothing that was read. */
const quiet: ReadonlySet<string> = new Set(['help', 'refusal']);
const made = new Map<string, Promise<(Shown & { update: Update })[]>>();

/** The updates of a story that tell of what was read, laid out once. */
function toldOf(name: string, disclosure: Disclosure): Promise<(Shown & { update: Update })[]> {
  const key = `${name} ${disclosure}`;
  const known =
    made.get(key) ??
    storyOf(name, disclosure).then((story) =>
      modelsOf(story)
        .filter(({ kind }) => !quiet.has(kind))
        .map((model) => ({ ...model, markdown: renderUpdate(model.update) })),
    );
  made.set(key, known);
  return known;
}

const tried = { updates: 0, strings: 0 };

describe.each(scenarios)('%s in a public repository', { timeout: patience }, (name) => {
  const story = () => storyOf(name, 'redacted');
  const shown = () => toldOf(name, 'redacted');

  test('is worth looking at: the same story in a private one shows private strings in every kind', async () => {
    const full = await storyOf(name);
    const secrets = secretsOf(full);
    expect(secrets.length).toBeGreaterThan(50);
    const silent = (await toldOf(name, 'full')).filter(
      ({ markdown }) =>
        foundIn(markdown, secrets).length === 0 && strangeNumerals(markdown, openOf(full)).length === 0,
    );
    // A timeline tells of people; where no change was seen, of nothing else.
    expect(silent.map(({ kind }) => kind).filter((kind) => kind !== 'timeline')).toEqual([]);
  });

  test('shows no private string', async () => {
    const secrets = secretsOf(await story());
    for (const { kind, title, markdown } of await shown()) {
      tried.updates += 1;
      tried.strings += secrets.length;
      expect(foundIn(markdown, secrets), `${kind} (${title})`).toEqual([]);
    }
  });

  test('shows no numeral but times, durations, ids and counts of what it lists', async () => {
    const open = openOf(await story());
    for (const { kind, title, markdown } of await shown())
      expect(strangeNumerals(markdown, open), `${kind} (${title})`).toEqual([]);
  });

  test('shows no command to run, no console, no query, no address', async () => {
    for (const { kind, markdown } of await shown()) {
      expect(markdown, kind).not.toMatch(/```bash|\bgcloud\b|console\.cloud\.google\.com\/(?!support)/u);
      expect(markdown, kind).not.toMatch(/\bprojects\/|\b(?:\d{1,3}\.){3}\d{1,3}\b|resource\.type/u);
      expect(markdown, kind).not.toContain('(empty)');
    }
  });

  test('says in every update that it is redacted, and who sees the rest', async () => {
    for (const { kind, markdown, update } of await shown()) {
      expect(saysRedacted(update.footer), kind).toBe(true);
      expect(markdown, kind).toMatch(/redacted: the repository is public.*`sitrep status`.*`public: full`/u);
    }
    for (const { update } of await toldOf(name, 'full'))
      expect(saysRedacted(update.footer), update.kind).toBe(false);
  });

  test('shows the states of all components, with their evidence', async () => {
    const { status } = await story();
    const states = componentStates(status.configuration, status.snapshot);
    const update = (await shown()).find(({ kind }) => kind === 'status');
    for (const [id, { state, evidence }] of Object.entries(states)) {
      const row = update?.markdown.split('\n').find((line) => line.startsWith(`| \`${id}\``)) ?? '';
      expect(row, id).toContain(state === 'healthy' ? 'OK' : state);
      for (const one of evidence.slice(0, 1)) expect(row, id).toContain(one);
    }
  });

  test('says what fails, since when, why and how sure that is, in the words of the full update', async () => {
    const { status } = await story();
    const { root } = status.diagnosis;
    const full = (await toldOf(name, 'full')).find(({ kind }) => kind === 'status');
    const update = (await shown()).find(({ kind }) => kind === 'status');
    expect(update?.markdown.split('\n')[0]).toBe(full?.markdown.split('\n')[0]);
    expect(update?.markdown).toContain(`**${status.snapshot.takenAt.slice(11, 16)} UTC**`);
    if (root.cause === 'unknown') return;
    expect(update?.markdown).toContain(`**Cause, ${root.verdict}:**`);
    expect(update?.markdown).toContain(`**${root.verdict}**, \`${root.component}\``);
  });
});

test('every kind of the gallery was looked at', async () => {
  const [first] = scenarios;
  const kinds = new Set((await toldOf(first ?? '', 'redacted')).map(({ kind }) => kind));
  expect([...kinds, ...quiet].toSorted()).toEqual(Object.keys(shownKinds).toSorted());
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

afterAll(() => report('public updates without private strings', { ...tried, scenarios: scenarios.length }));
