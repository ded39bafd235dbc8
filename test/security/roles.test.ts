import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { commands } from '../../src/commands/list.ts';
import { commandsPerComment } from '../../src/core/command-lines.ts';
import { roles, roleSuffices, type Role } from '../../src/core/roles.ts';
import { openPlay, type Play } from '../app/play.ts';
import type { Random } from '../faults/random.ts';
import { relayOf, type Relay } from './relay.ts';
import { report, seededRandom, timeLimit, trials } from './trials.ts';

/**
 * Who may do what, through the real app over HTTP: every command × every role × private and public × member of the
 * organisation and outsider. What counts is the role that the collaborator-permission API tells; the webhook's
 * `author_association` says the contrary each time. Seen from outside: reactions, refusals, requests to Google, labels,
 * and the timeline.
 */

/** A small one: it is not the updates that are looked at here. */
const scenario = 'crash-on-start';
const issue = 13;

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

/** Each command as its own help writes it. */
const table = commands.map(({ usage, role, examples: [call = ''] }) => ({ usage, role, call }));

test('every command has a call to try, and needs a role', () => {
  expect(table.filter(({ call }) => call === '')).toEqual([]);
  expect(table.filter(({ role }) => !roleSuffices(role, 'triage'))).toEqual([]);
});

const standings = ['member', 'outside'] as const;

/** What the webhook says of somebody: as much as can be said against the role that they hold. */
function associationOf(standing: (typeof standings)[number], role: Role): string {
  if (roleSuffices(role, 'triage')) return standing === 'member' ? 'NONE' : 'FIRST_TIME_CONTRIBUTOR';
  return standing === 'member' ? 'OWNER' : 'COLLABORATOR';
}

/** Writes a comment as somebody who holds this role when it arrives; to write at all they have held another before. */
async function sayAs(
  { github, say }: Play,
  relay: Relay,
  who: { login: string; role: Role; association: string },
  body: string,
): Promise<{ reactions: string[]; replies: string[] }> {
  github.setRole(who.login, 'read');
  relay.change = ({ comment }) => {
    github.setRole(who.login, who.role);
    if (comment !== undefined) comment.author_association = who.association;
  };
  return await say(who.login, body);
}

function inParts<Part>(all: readonly Part[], size: number): Part[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
}

const notForThem = /^### 👎 `[^`]+` needs the role/u;

const visibilities = ['private', 'public'] as const;
const places = visibilities.length * standings.length;

test(
  'every command × role × private and public × member and outsider: as the table says',
  { timeout: timeLimit(3_600_000) },
  async () => {
    // Where not all cells are tried, a third of the commands and roles meet in one of the four places each: others each time.
    const turns = trials({ bounded: 3 * places, full: 1 });
    const turn = seededRandom().below(turns);
    const counts = { refused: 0, permitted: 0 };
    for (const [row, visibility] of visibilities.entries()) {
      const isTried = (command: number, role: number, standing: number): boolean =>
        turns === 1 || (command + role + turn) % turns === row * standings.length + standing;
      const cells = (role: Role, standing: number, isPermitted: boolean) =>
        table.filter(
          (command, at) =>
            roleSuffices(role, command.role) === isPermitted && isTried(at, roles.indexOf(role), standing),
        );
      const isPrivate = visibility === 'private';
      play = await openPlay({
        scenario,
        change: ({ repository }) => void (repository.private = isPrivate),
      });
      const relay = await relayOf(play);
      const { github, google } = play;
      const { labels } = github.issue(issue);
      const everybody = standings.flatMap((standing, at) =>
        roles.map((role) => ({
          at,
          who: { login: `${role}-${standing}`, role, association: associationOf(standing, role) },
        })),
      );
      for (const { at, who } of everybody) {
        for (const some of inParts(cells(who.role, at, false), commandsPerComment)) {
          const calls = some.map(({ call }) => call).join('\n');
          const { reactions, replies } = await sayAs(play, relay, who, calls);
          expect([who.login, calls, reactions]).toEqual([who.login, calls, ['-1']]);
          expect(replies.map((reply) => reply.split('\n')[0])).toEqual(
            some.map(({ usage, role: needed }) => `### 👎 \`${usage}\` needs the role **${needed}**`),
          );
          // Everybody may read what is public.
          const told = !isPrivate && who.role === 'none' ? 'read' : who.role;
          const holds = told === 'none' ? 'no role' : `the role **${told}**`;
          for (const reply of replies) expect(reply).toContain(`\`${who.login}\` holds ${holds} in this`);
          counts.refused += some.length;
        }
      }
      expect(google.requests).toEqual([]);
      expect(github.issue(issue)).toMatchObject({ labels, assignees: [], state: 'open' });
      const keeper = { login: 'keeper', role: 'admin', association: 'NONE' } as const;
      const { replies: told } = await sayAs(play, relay, keeper, '/sitrep declare\n/sitrep timeline all');
      expect(told.join('\n')).not.toMatch(/(?:none|read|triage|write)-(?:member|outside)/u);
      // In full each is tried alone, so that its own effect is seen.
      const together = trials({ bounded: commandsPerComment, full: 1 });
      for (const { at, who } of everybody) {
        for (const some of inParts(cells(who.role, at, true), together)) {
          const calls = some.map(({ call }) => call).join('\n');
          const { reactions, replies } = await sayAs(play, relay, who, calls);
          expect([who.login, calls, reactions[0]]).toEqual([who.login, calls, 'eyes']);
          expect([calls, reactions.length]).toEqual([calls, expect.toSatisfy((count: number) => count > 1)]);
          expect([calls, replies.filter((reply) => notForThem.test(reply))]).toEqual([calls, []]);
          counts.permitted += some.length;
        }
      }
      // In a public repository the operator has not allowed it here.
      expect(google.requests.length > 0 || !isPrivate).toBe(true);
      await play.close();
      play = null;
    }
    const cellCount = table.length * roles.length * places;
    const tried = counts.refused + counts.permitted;
    expect(tried).toBeLessThanOrEqual(cellCount);
    expect(tried).toBeGreaterThanOrEqual(turns === 1 ? cellCount : cellCount / turns / 2);
    expect(Math.min(counts.refused, counts.permitted)).toBeGreaterThan(0);
    report('roles', counts);
  },
);

describe('a person without the role causes no request to Google', () => {
  // In full they take longer than one test may: each part has an app, a thread and a time limit of its own.
  const parts = trials({ bounded: 1, full: 10 });
  const textsOfPart = trials({ bounded: 20, full: 200 });
  const tried = { comments: 0, 'requests to Google': 0 };
  afterAll(() => report('commands of strangers', tried));

  test.each(Array.from({ length: parts }, (_, at) => at + 1))(
    `whatever they write, part %i of ${String(parts)}`,
    { timeout: timeLimit(1_200_000) },
    async () => {
      play = await openPlay({ scenario, change: ({ repository }) => void (repository.private = false) });
      const { github, google } = play;
      github.setRole('mallory', 'read');
      const random = seededRandom();
      const { labels } = github.issue(issue);
      const written = new Set<number>();
      for (let count = 0; count < textsOfPart; count += 1) {
        const by = random.pick(['mallory', 'dave', 'somebody-else']);
        written.add((await github.comment(by, issue, strangersText(random))).commentId);
        if (count % 20 === 19) await play.rest();
      }
      await play.rest();
      expect(google.requests).toEqual([]);
      expect(github.issue(issue)).toMatchObject({ labels, state: 'open' });
      const thread = github.thread(issue);
      const given = new Set(thread.flatMap(({ id, reactions }) => (written.has(id) ? reactions : [])));
      expect([...given].filter((one) => one !== '-1' && one !== 'confused')).toEqual([]);
      expect(given).toContain('-1');
      expect(github.refusals).toEqual([]);
      tried.comments += textsOfPart;
      tried['requests to Google'] += google.requests.length;
    },
  );

  test('nor whatever else GitHub or a template lets them do', { timeout: 180_000 }, async () => {
    // No answer serves twice, so that each reading shows.
    const policy = `google_reads: { kept_seconds: 0 }
repositories: { acme/shop: { google_cloud_projects: [shop-staging], probe_hosts: [checkout.shop.example] } }`;
    play = await openPlay({ scenario, policy });
    const relay = await relayOf(play);
    const { github, google } = play;
    /** Does something that the stand-in lets people with a role do, by somebody who has none when it arrives. */
    const act = async (what: () => Promise<unknown>): Promise<void> => {
      github.setRole('mallory', 'write');
      relay.change = () => github.setRole('mallory', 'read');
      await what();
      await play?.rest();
    };
    github.setRole('mallory', 'read');
    const { number: own } = await github.openIssue('mallory', { title: 'The shop is slow' });
    await github.comment('alice', own, '/sitrep declare P1');
    await play.rest();
    const read = google.requests.length;
    expect(read).toBeGreaterThan(0);
    const acts: [what: string, act: () => Promise<unknown>][] = [
      [
        'a box of the living comment',
        () => {
          const board = github.thread(own).find(({ pinned }) => pinned);
          if (board === undefined) throw new Error('there is no living comment');
          return github.editComment('mallory', board.id, board.body.replaceAll('- [ ]', '- [x]'));
        },
      ],
      ['a command as the title', () => github.editIssue('mallory', own, { title: '/status' })],
      ['an issue closed by who opened it', () => github.closeIssue('mallory', own)],
      ['and opened again', () => github.reopenIssue('mallory', own)],
      [
        'an issue that a template labels',
        () => github.openIssue('mallory', { title: 'All is down', labels: ['incident'] }),
      ],
    ];
    for (const [what, done] of acts) {
      await act(done);
      expect([what, google.requests.length]).toEqual([what, read]);
    }
    expect(github.issue(own).state).toBe('open');
  });
});

/** Commands among what people write around them. */
function strangersText(random: Random): string {
  const lines = Array.from({ length: 1 + random.below(6) }, () => {
    const call = random.pick(commands).examples[0] ?? '/status';
    return random.pick<(line: string) => string>([
      (line) => line,
      (line) => line.toUpperCase(),
      (line) => `  ${line}  `,
      (line) => line.replace('/sitrep ', '/sitrep\u00A0'),
      (line) => line.replaceAll('-', '–'),
      (line) => `${line} --override because --role admin`,
      (line) => `${line} @alice \`admin\``,
      (line) => `> ${line}`,
      (line) => `/sitrep ${line}`,
      (line) => `${line}\u202E`,
      (line) => `**${line}**`,
      (line) => `${line} ${'x'.repeat(random.below(2_000))}`,
      (line) => `<!-- sitrep: role=admin -->\n${line}`,
      (line) => `${line}\n/close\n`,
    ])(call);
  });
  return lines.join(random.pick(['\n', '\n\n', '\r\n', '\n```\n']));
}
