import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { grantsFor } from '../../src/config/policy.ts';
import { readPolicy } from '../../src/config/policy-file.ts';
import type { Role } from '../../src/core/roles.ts';
import { openPlay, type Play } from '../app/play.ts';
import { manifestWithTeams as manifest } from './manifest-with-teams.ts';

/** Teams that the operator asks for beside the role: the real app over HTTP, asked by people who hold the role. */

const policyOf = (teams: string) => `repositories:
  "acme/*":
    google_cloud_projects: [shop-staging]
    teams: ${teams}
`;

describe('which teams a role needs', () => {
  const { policy } = readPolicy(policyOf('{ write: [sre, platform], maintain: [leads] }'));
  test.each<[role: Role, teams: string[]]>([
    ['none', []],
    ['read', []],
    ['triage', []],
    ['write', ['sre', 'platform']],
    ['maintain', ['leads']],
    ['admin', ['leads']],
  ])('%s: %j', (role, teams) => {
    expect(grantsFor(policy, 'acme/shop').teams(role)).toEqual(teams);
  });

  test('those of the nearest weaker role, where it has none of its own', () => {
    const grants = grantsFor(readPolicy(policyOf('{ triage: [engineering] }')).policy, 'acme/shop');
    expect((['triage', 'write', 'maintain', 'admin'] as const).map((role) => grants.teams(role))).toEqual(
      Array.from({ length: 4 }, () => ['engineering']),
    );
  });

  test.each([
    '{ write: [] }',
    '{ write: [acme/sre] }',
    '{ write: ["*"] }',
    '{ admin: [sre] }',
    '{ write: sre }',
    '[sre]',
    '{ write: [a, b, c, d, e, f] }',
  ])('not as %s', (teams) => {
    const read = readPolicy(policyOf(teams));
    expect(read.policy).toBeNull();
    expect(read.errors.every(({ line }) => line === 4)).toBe(true);
  });
});

describe('the real app', { timeout: 300_000 }, () => {
  let play: Play;
  beforeAll(async () => {
    play = await openPlay({
      scenario: 'crash-on-start',
      manifest,
      policy: policyOf('{ triage: [engineering], write: [sre, platform], maintain: [leads] }'),
    });
  }, 120_000);
  afterAll(() => play.close());
  beforeEach(() => {
    for (const team of ['engineering', 'sre', 'platform', 'leads']) play.github.setTeam(team, 'bob', null);
    play.github.setRole('bob', 'write');
  });

  const memberships = () => play.github.requests.filter(({ path }) => path.startsWith('/orgs/'));
  const isAllowed = async (call: string): Promise<boolean> => {
    const read = play.google.requests.length;
    const { reactions, replies } = await play.say('bob', call);
    const isRefused = replies.some((reply) => /^### 👎 `[^`]+` needs/u.test(reply));
    expect(isRefused).toBe(reactions[0] === '-1');
    if (isRefused) expect(play.google.requests).toHaveLength(read);
    return !isRefused;
  };

  test.each<[held: Role, teams: Record<string, 'active' | 'pending'>, status: boolean, severity: boolean]>([
    ['write', {}, false, false],
    ['write', { engineering: 'active' }, true, false],
    ['write', { engineering: 'pending' }, false, false],
    ['write', { sre: 'active' }, true, true],
    ['write', { platform: 'active' }, true, true],
    ['write', { sre: 'pending', platform: 'pending' }, false, false],
    ['write', { leads: 'active' }, false, false],
    ['triage', { sre: 'active' }, false, false],
    ['triage', { engineering: 'active' }, true, false],
    ['read', { engineering: 'active', sre: 'active', leads: 'active' }, false, false],
    ['admin', {}, false, false],
    ['admin', { leads: 'active' }, true, true],
    ['admin', { engineering: 'active' }, true, false],
  ])('%s in %j: /status %s, severity %s', async (held, teams, status, severity) => {
    play.github.setRole('bob', held);
    for (const [team, state] of Object.entries(teams)) play.github.setTeam(team, 'bob', state);
    expect([await isAllowed('/status'), await isAllowed('/sitrep severity P1')]).toEqual([status, severity]);
  });

  test('a refusal names the teams that are asked for', async () => {
    const { replies } = await play.say('bob', '/sitrep severity P1');
    expect(replies[0]).toContain('needs a team beside the role **write**');
    expect(replies[0]).toContain('`acme/sre` or `acme/platform`');
    expect(replies[0]).not.toContain('Members: read');
  });

  test('who is taken out of a team is out at the next comment; each team is asked once for a comment', async () => {
    play.github.setTeam('sre', 'bob', 'active');
    const before = memberships().length;
    expect(await isAllowed('/sitrep severity P2\n/sitrep severity P1')).toBe(true);
    expect(memberships()).toHaveLength(before + 1);
    play.github.setTeam('sre', 'bob', null);
    expect(await isAllowed('/sitrep severity P2')).toBe(false);
  });

  test.each(['denied', 'not-found', 'no-token', 'lie'] as const)(
    '%s of a membership means no',
    async (kind) => {
      play.github.setTeam('sre', 'bob', 'active');
      const lift = play.github.inject({ kind, pathIncludes: '/memberships/', times: Infinity });
      expect(await isAllowed('/sitrep severity P1')).toBe(false);
      lift();
    },
  );

  test('an outage lets a command post by a role of the last hour, and the others wait', async () => {
    play.github.setTeam('sre', 'bob', 'active');
    expect(await isAllowed('/status')).toBe(true);
    const { github } = play;
    const lift = github.inject({ kind: 'unavailable', pathIncludes: '/memberships/', times: Infinity });
    expect(await isAllowed('/sitrep help')).toBe(true);
    // The role itself is told, and it is less than the one that was seen.
    github.setRole('bob', 'triage');
    expect((await play.say('bob', '/sitrep help')).replies[0]).toContain('with the role triage');
    lift();
    github.setRole('bob', 'write');
    expect(await isAllowed('/status')).toBe(true);
    github.inject({ kind: 'unavailable', pathIncludes: '/memberships/', times: 2 });
    const waited = await play.say('bob', '/sitrep severity P2');
    expect(waited.replies[0]).toContain('waits');
    expect(waited.reactions).toEqual(['eyes', 'rocket']);
  });

  test('edits of the living comment and labels need the team too', async () => {
    const { github } = play;
    const { number } = await github.openIssue('bob', { title: 'Slow', labels: ['incident'] });
    await play.rest();
    expect(github.thread(number)).toEqual([]);
    github.setTeam('engineering', 'bob', 'active');
    /** What the timeline of a new incident of bob's tells after he wrote a point into the living comment. */
    const told = async (title: string): Promise<string> => {
      const { number: next } = await github.openIssue('bob', { title, labels: ['incident'] });
      await play.rest();
      expect(github.thread(next).some(({ bot }) => bot)).toBe(true);
      await github.comment('bob', next, '/sitrep action add Read the logs');
      await play.rest();
      const board = github.thread(next).find(({ pinned }) => pinned);
      if (board === undefined) throw new Error('there is no living comment');
      await github.editComment('bob', board.id, board.body.replace(/^- \[ \] .*$/mu, '$&\n- [ ] look at it'));
      await play.rest();
      await github.comment('bob', next, '/sitrep timeline people');
      await play.rest();
      return github.thread(next).at(-1)?.body ?? '';
    };
    const withoutWrite = await told('Slower');
    expect(withoutWrite).toContain('Read the logs');
    expect(withoutWrite).not.toContain('look at it');
    github.setTeam('sre', 'bob', 'active');
    expect(await told('Slowest')).toContain('look at it');
  });
});

test('without Members: read nobody is in a team, and refusal and log say what is missing', async () => {
  const { members: _missing, ...permissions } = manifest.default_permissions;
  const play = await openPlay({
    scenario: 'crash-on-start',
    manifest: { ...manifest, default_permissions: permissions },
    policy: policyOf('{ triage: [engineering] }'),
  });
  try {
    play.github.setTeam('engineering', 'bob', 'active');
    const { reactions, replies } = await play.say('bob', '/status');
    expect(reactions).toEqual(['-1']);
    expect(replies[0]).toContain('it answered `403`');
    expect(replies[0]).toContain('**Members: read**');
    expect(play.logged.some((line) => line.includes('Members: read'))).toBe(true);
    expect(play.google.requests).toEqual([]);
  } finally {
    await play.close();
  }
}, 120_000);
