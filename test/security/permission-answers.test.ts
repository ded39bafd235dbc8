import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OtherAnswer } from '../../sandbox/github/types.ts';
import { roleInRepository } from '../../src/commands/permission.ts';
import { isInTeam } from '../../src/commands/team-membership.ts';
import type { GitHubRequest } from '../../src/core/github-request.ts';
import type { Role } from '../../src/core/roles.ts';
import { openPlay, type Play } from '../app/play.ts';
import { seed, timeLimit, trials } from './trials.ts';

/**
 * Every answer that the look-up of a role may get. Two words of GitHub's make a yes; all else is a no, or, where there is
 * no answer, an outage.
 */

const repository = { owner: 'acme', name: 'shop' };
const json = { 'content-type': 'application/json; charset=utf-8' };

function answering(status: number, data: unknown): GitHubRequest {
  return () => Promise.resolve({ status, data, headers: {} });
}

describe('the role that an answer tells', () => {
  test.each<[roleName: string | null | undefined, permission: string, role: Role]>([
    ['admin', 'admin', 'admin'],
    ['maintain', 'write', 'maintain'],
    ['write', 'write', 'write'],
    ['triage', 'read', 'triage'],
    ['read', 'read', 'read'],
    ['none', 'none', 'none'],
    // An organisation's own role: the permission beside it is the lower bound.
    ['on-call', 'write', 'write'],
    ['reader-of-logs', 'read', 'read'],
    ['Admin', 'read', 'read'],
    // Servers that do not send a role name yet.
    [undefined, 'write', 'write'],
    [null, 'admin', 'admin'],
    ['something', 'new', 'none'],
    // What contradicts itself counts for the weaker of the two.
    ['admin', 'read', 'read'],
    ['admin', 'none', 'none'],
    ['none', 'admin', 'none'],
    ['maintain', 'maintain', 'maintain'],
    ['maintain', 'read', 'read'],
    ['triage', 'new', 'none'],
  ])('role_name %s, permission %s → %s', async (roleName, permission, role) => {
    const request = answering(200, { role_name: roleName, permission, user: null });
    expect(await roleInRepository(request, repository, 'kim')).toEqual({ fact: role, insteadOf: null });
  });

  test('of any other data is none', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, '', '<html>', 'admin', { role_name: 'admin' })),
        async (data) => {
          const { fact } = await roleInRepository(answering(200, data), repository, 'kim');
          const { fact: member } = await isInTeam(answering(200, data), 'acme', 'sre', 'kim');
          expect([fact, member]).toEqual(['none', false]);
        },
      ),
      { seed: seed(), numRuns: trials({ bounded: 300, full: 20_000 }) },
    );
  });

  test.each([201, 202, 203, 204, 206, 301, 302])(
    'is none where the answer has the status %i',
    async (status) => {
      const yes = { role_name: 'admin', permission: 'admin', state: 'active' };
      expect((await roleInRepository(answering(status, yes), repository, 'kim')).fact).toBe('none');
      expect((await isInTeam(answering(status, yes), 'acme', 'sre', 'kim')).fact).toBe(false);
    },
  );

  test.each(['active ', 'Active', 'pending', 'inactive', ''])(
    'a membership that is %j is none',
    async (state) => {
      expect(await isInTeam(answering(200, { state }), 'acme', 'sre', 'kim')).toEqual({
        fact: false,
        insteadOf: null,
      });
    },
  );
});

const yes = JSON.stringify({ permission: 'admin', role_name: 'admin', user: null });

function other(status: number, body = '{"message":"no"}', headers: Record<string, string> = {}): OtherAnswer {
  return { status, body, headers: { ...json, ...headers } };
}

describe('the real app, asked by somebody who holds the role admin', { timeout: timeLimit(600_000) }, () => {
  let play: Play;
  beforeAll(async () => {
    play = await openPlay({ scenario: 'crash-on-start', githubTimeoutMs: 3_000 });
    play.github.setRole('erin', 'admin');
    // Seen already, so that belief in it would show.
    await play.say('erin', '/sitrep help');
  }, 120_000);
  afterAll(() => play.close());

  test.each<[what: string, answer: OtherAnswer, said: string]>([
    ['401', other(401), '`401`'],
    ['403 of an App that lacks the permission', other(403), '`403`'],
    [
      '403 of an organisation with single sign-on',
      other(403, '{"message":"Resource protected by organization SAML enforcement."}', {
        'x-github-sso': 'required',
      }),
      '`403`',
    ],
    ['404', other(404), 'no role'],
    ['410', other(410), '`410`'],
    ['418', other(418), '`418`'],
    ['422', other(422), '`422`'],
    ['451', other(451), '`451`'],
    ['304, which nobody asked for', other(304, ''), '`304`'],
    [
      '200 with a role and a permission that nobody knows',
      other(200, '{"role_name":"x","permission":"y"}'),
      'no role',
    ],
    ['200 with a list', other(200, `[${yes}]`), '`something else than a role`'],
    ['200 with a text', other(200, '"admin"'), '`something else than a role`'],
    ['200 that is empty', other(200, ''), '`something else than a role`'],
    ['200 that is cut short', other(200, yes.slice(0, -9)), '`something else than a role`'],
    [
      '200 with a page of HTML',
      { status: 200, body: '<html>admin</html>', headers: { 'content-type': 'text/html' } },
      '`something else than a role`',
    ],
    [
      '200 with a yes as text',
      { status: 200, body: yes, headers: { 'content-type': 'text/plain' } },
      '`something else than a role`',
    ],
    ['204', other(204, ''), '`something else than a role`'],
    ['301 without a place', other(301, yes), '`something else than a role`'],
    ['301 to where nothing is', other(301, '{}', { location: '/api/v3/nowhere' }), 'no role'],
  ])('%s: nothing is done, and the refusal says why', async (_what, answer, said) => {
    const { github, google } = play;
    const read = google.requests.length;
    // A token that is refused is replaced, and the question asked again.
    const lift = github.inject({
      kind: 'other-answer',
      answer,
      pathIncludes: '/collaborators/',
      times: Infinity,
    });
    const { reactions, replies } = await play.say('erin', '/status');
    lift();
    expect(reactions).toEqual(['-1']);
    expect(replies).toHaveLength(1);
    expect(replies[0]).toMatch(/^### 👎 `\/status \[ENVIRONMENT\]` needs the role \*\*triage\*\*/u);
    expect(replies[0]).toContain(said);
    expect(google.requests).toHaveLength(read);
  });

  test('an answer that is a no ends the belief in the role that was seen before', async () => {
    const { github } = play;
    await play.say('erin', '/sitrep help');
    github.inject({ kind: 'denied', pathIncludes: '/collaborators/' });
    await play.say('erin', '/sitrep help');
    github.inject({ kind: 'unavailable', pathIncludes: '/collaborators/' });
    expect((await play.say('erin', '/sitrep help')).reactions).toEqual(['-1']);
  });

  test.each(['unavailable', 'html-502', 'drop', 'commit-then-drop', 'hang', 'commit-then-502'] as const)(
    '%s is an outage: a role of the last hour lets a command post, and no other',
    async (kind) => {
      await play.say('erin', '/sitrep help');
      const { github } = play;
      github.inject({ kind, pathIncludes: '/collaborators/' });
      expect((await play.say('erin', '/sitrep help')).reactions).toEqual(['eyes', 'rocket']);
      github.inject({ kind, pathIncludes: '/collaborators/' });
      github.setRole('mallory', 'read');
      const stranger = await play.say('mallory', '/sitrep help');
      // Nothing was seen of them but that they hold none, or nothing at all: then they wait.
      expect(stranger.reactions.at(-1)).toBe('-1');
    },
  );

  test.each([
    [59_000, 'serves the other commands of the comment', ['rocket']],
    [60_000, 'is asked for anew: what was revoked meanwhile counts no more', ['rocket', '-1']],
  ])('a role that is %i ms old %s', async (milliseconds, _what, reactions) => {
    const { github, clock } = play;
    github.setRole('erin', 'admin');
    const asked = () => github.requests.filter(({ route }) => route.includes('collaborators')).length;
    const before = asked();
    github.when({ pathIncludes: '/graphql' }, () => {
      clock.advance(milliseconds);
      github.setRole('erin', 'read');
    });
    const said = await play.say('erin', '/status\n/sitrep note the cache was cleared');
    github.setRole('erin', 'admin');
    expect(said.reactions.filter((reaction) => reaction !== 'eyes')).toEqual(reactions);
    expect(asked() - before).toBe(milliseconds < 60_000 ? 1 : 2);
  });

  test('a repository that was renamed is followed to where it is', async () => {
    const { github } = play;
    github.when({ method: 'GET', pathIncludes: '/collaborators/' }, () =>
      github.moveRepository({ name: 'shop-2' }),
    );
    expect((await play.say('erin', '/sitrep help')).reactions).toEqual(['eyes', 'rocket']);
  });
});
