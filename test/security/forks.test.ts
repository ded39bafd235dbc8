import { afterEach, describe, expect, test } from 'vitest';
import { namesRepository } from '../../src/config/policy.ts';
import { readPolicy } from '../../src/config/policy-file.ts';
import { openPlay, type Play } from '../app/play.ts';
import { relayOf, type Payload } from './relay.ts';

/** Whose comments and issues count: the real app over HTTP, told by webhooks that are signed as GitHub's are. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

const issue = 13;
const policyOf = (pattern: string) => `repositories:
  "${pattern}":
    google_cloud_projects: [shop-staging]
    public: full
`;

async function open(options: { fork: boolean; policy?: string | undefined }): Promise<Play> {
  const { fork, policy } = options;
  play = await openPlay({
    scenario: 'crash-on-start',
    change: ({ repository }) => void (repository.fork = fork),
    ...(policy === undefined ? {} : { policy }),
  });
  return play;
}

describe('a fork', { timeout: 120_000 }, () => {
  test.each([
    ['acme/*', false],
    ['acme/sho*', false],
    ['acme/shop*', false],
    ['acme/other', false],
    ['acme/shop', true],
    ['Acme/Shop', true],
  ])('is named by %s: %s', (pattern, isNamed) => {
    expect(namesRepository(readPolicy(policyOf(pattern)).policy, 'acme/shop')).toBe(isNamed);
  });

  test('is named by no policy where there is none', () => {
    expect(namesRepository(null, 'acme/shop')).toBe(false);
  });

  test('that is named is served', async () => {
    const opened = await open({ fork: true, policy: policyOf('acme/shop') });
    expect((await opened.say('alice', '/status')).reactions.at(-1)).toBe('rocket');
  });

  test('that is not named is not', async () => {
    const opened = await open({ fork: true, policy: policyOf('acme/*') });
    const { github, google } = opened;
    expect((await opened.say('alice', '/status')).reactions).toEqual([]);
    await github.openIssue('alice', { title: 'Down', labels: ['incident'] });
    await github.closeIssue('alice', issue);
    await opened.rest();
    expect(google.requests).toEqual([]);
    // Nothing is asked of GitHub but what was missed: not even whether the person may.
    expect(github.requests.filter(({ route }) => route.includes('/repos/'))).toEqual([]);
    expect(github.deliveries.map(({ status }) => status)).toEqual(github.deliveries.map(() => 200));
  });
});

const person = (login: string, type = 'User') => ({ login, type });

test('whose comments are commands', { timeout: 180_000 }, async () => {
  const opened = await open({ fork: false });
  const relay = await relayOf(opened);
  const { github, google } = opened;
  const rows: [what: string, change: (payload: Payload) => void, said: string | null][] = [
    ['a person', () => undefined, null],
    [
      'a person by an App, in their own name',
      ({ comment }) => {
        if (comment) comment.performed_via_github_app = { id: 1, slug: 'chat', name: 'Chat' };
      },
      null,
    ],
    ['a person whose login is written in other case', as(person('ALICE')), null],
    ['a bot by its type', as(person('helper', 'Bot')), 'not done by a person'],
    ['a bot by its login', as(person('alice[bot]')), 'not done by a person'],
    ['a placeholder of an import', as(person('alice', 'Mannequin')), 'not done by a person'],
    ['an organisation', as(person('acme', 'Organization')), 'not done by a person'],
    ['an account of an enterprise', as(person('alice', 'EnterpriseUserAccount')), 'not done by a person'],
    ['an account of no kind', as(person('alice', '')), 'not done by a person'],
    [
      'a bot, sent by a person',
      ({ comment }) => {
        if (comment) comment.user = person('helper[bot]', 'Bot');
      },
      'not written by a person',
    ],
    [
      'somebody else than who sends it',
      ({ comment, sender }) => {
        if (comment) comment.user = person('carol');
        sender.login = 'alice';
      },
      'written by one account and sent by another',
    ],
    [
      'somebody whose account is gone',
      ({ comment }) => {
        if (comment) comment.user = null;
      },
      'its author is gone',
    ],
    ['a ghost', as(person('ghost')), 'refused'],
    [
      'a person, on a pull request',
      (payload) => {
        payload.issue['pull_request'] = { url: 'https://api.github.example/pulls/13' };
      },
      'a pull request is no incident',
    ],
    [
      'a person, edited',
      (payload) => {
        payload.action = 'edited';
      },
      'of edits only those of our own comments count',
    ],
    [
      'a person, deleted',
      (payload) => {
        payload.action = 'deleted';
      },
      'only new comments count',
    ],
  ];
  for (const [what, change, said] of rows) {
    const read = google.requests.length;
    const thread = github.thread(issue).filter(({ bot }) => bot).length;
    // The bot's own comments come back too, as they are.
    relay.change = (payload) => {
      if (payload.sender.login !== 'sitrep[bot]') change(payload);
    };
    const { reactions, replies } = await opened.say('alice', '/sitrep evidence all');
    const ours = github.thread(issue).filter(({ bot }) => bot).length - thread;
    const { status, text } = relay.answered;
    expect([
      what,
      reactions[0],
      said === null || said === 'refused' ? '' : [status, text, replies, ours],
    ]).toEqual(
      said === null
        ? [what, 'eyes', '']
        : said === 'refused'
          ? [what, '-1', '']
          : [what, undefined, [200, `nothing to do: ${said}\n`, [], 0]],
    );
    expect([what, google.requests.length]).toEqual([what, read]);
  }
});

/** Done and written by this account. */
function as(account: { login: string; type: string }): (payload: Payload) => void {
  return ({ sender, comment }) => {
    Object.assign(sender, account);
    if (comment?.user) Object.assign(comment.user, account);
  };
}
