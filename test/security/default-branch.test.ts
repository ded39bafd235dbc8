import { afterEach, expect, test } from 'vitest';
import { openPlay, type Play } from '../app/play.ts';
import { relayOf } from './relay.ts';

/**
 * Configuration and templates are those of the default branch, whatever a webhook, a comment or another branch says: the
 * real app over HTTP, and what it asked GitHub for.
 */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

const onTheBranch = {
  '.github/sitrep.yml': [
    'version: 1',
    'labels: { incident: [incident] }',
    'components: { evil: { type: http, url: "https://evil.example/" } }',
  ].join('\n'),
  '.github/sitrep/templates/status.hbs': '# FROM THE BRANCH\n',
};

test('another branch and a hostile ref change nothing', { timeout: 120_000 }, async () => {
  play = await openPlay({
    scenario: 'crash-on-start',
    change: ({ repository }) => void (repository.default_branch = 'trunk'),
  });
  const relay = await relayOf(play);
  const { github, google } = play;
  github.putFile('.github/sitrep/templates/status.hbs', '# FROM THE DEFAULT BRANCH {{headline}}\n');
  github.putBranch('feature', onTheBranch);
  relay.change = (payload) => {
    payload.repository.default_branch = 'feature';
    Object.assign(payload, { ref: 'refs/heads/feature', head: 'feature' });
    Object.assign(payload.repository, { ref: 'feature', branch: 'feature' });
    Object.assign(payload.issue, { ref: 'feature', head: { ref: 'feature' } });
    if (payload.comment) Object.assign(payload.comment, { ref: 'feature' });
  };
  const answers: string[] = [];
  for (const call of [
    '/status',
    '/status feature',
    '/status ref=feature',
    '/sitrep declare',
    '/sitrep evidence all',
  ]) {
    const { replies } = await play.say('alice', call);
    answers.push(...replies);
  }
  expect(answers[0]).toMatch(/^# FROM THE DEFAULT BRANCH /u);
  expect(answers.join('\n')).not.toMatch(/FROM THE BRANCH|evil/u);
  expect(google.requests.length).toBeGreaterThan(0);
  const asked = github.requests.filter(({ path }) => path.includes('/contents/'));
  expect(asked.length).toBeGreaterThan(0);
  expect(new Set(asked.map(({ path }) => path))).toEqual(
    new Set(['/repos/acme/shop/contents/.github%2Fsitrep.yml']),
  );
  expect(github.requests.filter(({ path }) => /[?&]ref=|feature|\/git\//u.test(path))).toEqual([]);
  const queries = github.requests.filter(({ route }) => route === 'POST /graphql');
  expect(queries.length).toBeGreaterThan(0);
  expect(github.refusals).toEqual([]);
});
