import { afterEach, describe, expect, test } from 'vitest';
import { commands } from '../../src/commands/list.ts';
import { commandsPerComment } from '../../src/core/command-lines.ts';
import { roles, roleSuffices, type Role } from '../../src/core/roles.ts';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** Every command in every situation, end to end: the real app over HTTP between the stand-ins. */

const issue = 1278;
const seconds = 1_000;

/** The reaction that ends a call. */
type End = 'rocket' | 'confused' | '-1';

interface Row {
  /** A call that makes sense. */
  call: string;
  /** Who it makes sense for; missing where that is everybody of the role. */
  by?: string;
  /** What answers it on an open incident; null where the reaction is all. */
  answer: RegExp | null;
  /** How it ends there, a second time too where that is not said. */
  end?: End;
  again?: End;
  /** A call that makes none; null where every one does. */
  malformed: string | null;
  /** How the call ends on an issue that is no incident; what needs one is refused. */
  outside: End;
  /** How it ends on a resolved incident. */
  resolved: End;
}

/** Calls by the command's name, in the order in which they are made. */
const rows: Record<string, Row> = {
  status: {
    call: '/status',
    answer: /^### 🔴 P0 investigating/u,
    malformed: '/status staging now',
    outside: 'rocket',
    resolved: 'rocket',
  },
  brief: {
    call: '/sitrep brief',
    answer: /^### 🔴 P0 investigating/u,
    malformed: '/sitrep brief staging now',
    outside: 'rocket',
    resolved: 'rocket',
  },
  whys: {
    call: '/sitrep whys',
    answer: /^1\. \*\*Why /mu,
    malformed: '/sitrep whys staging now',
    outside: 'rocket',
    resolved: 'rocket',
  },
  criteria: {
    call: '/sitrep criteria',
    answer: /^### . P0 \w+: success criteria: \d of 5 met/u,
    malformed: '/sitrep criteria staging now',
    outside: 'rocket',
    resolved: 'rocket',
  },
  diff: {
    call: '/sitrep diff backend',
    answer: /`backend` serves `00750-69k`, deployed .*; before it `00749-6tr`/u,
    malformed: '/sitrep diff backend auth',
    outside: 'rocket',
    resolved: 'rocket',
  },
  evidence: {
    call: '/sitrep evidence E1',
    answer: /^### Evidence E1: /u,
    malformed: '/sitrep evidence some',
    outside: 'rocket',
    resolved: 'rocket',
  },
  declare: {
    call: '/sitrep declare',
    answer: /^### Declared already, by `alice`/u,
    malformed: '/sitrep declare P7',
    outside: 'rocket',
    resolved: '-1',
  },
  lead: {
    call: '/sitrep lead',
    answer: null,
    malformed: '/sitrep lead @alice @bob',
    outside: '-1',
    resolved: 'rocket',
  },
  ack: { call: '/sitrep ack', answer: null, malformed: '/sitrep ack it', outside: '-1', resolved: 'rocket' },
  impact: {
    call: '/sitrep impact nobody can log in',
    answer: null,
    malformed: '/sitrep impact',
    outside: '-1',
    resolved: 'rocket',
  },
  note: {
    call: '/sitrep note traffic shifted back at 17:30',
    answer: null,
    malformed: '/sitrep note',
    outside: '-1',
    resolved: 'rocket',
  },
  why: {
    call: '/sitrep why refute config-drift backend it was planned',
    answer: null,
    malformed: '/sitrep why',
    outside: '-1',
    resolved: 'rocket',
  },
  action: {
    call: '/sitrep action add raise the connector @bob by 23:30',
    answer: /^### Action \d+ added, owner `bob`, due 23:30 UTC/u,
    malformed: '/sitrep action raise the connector',
    outside: '-1',
    resolved: 'rocket',
  },
  severity: {
    call: '/sitrep severity P1',
    answer: null,
    malformed: '/sitrep severity high',
    outside: '-1',
    resolved: 'rocket',
  },
  stage: {
    call: '/sitrep stage identified',
    answer: null,
    malformed: '/sitrep stage known',
    outside: '-1',
    resolved: '-1',
  },
  regression: {
    call: '/sitrep regression #1263',
    answer: null,
    malformed: '/sitrep regression the last one',
    outside: '-1',
    resolved: 'rocket',
  },
  'not-regression': {
    call: '/sitrep not-regression',
    answer: /No regression of #1263: label undone|linked to no earlier one/u,
    again: 'confused',
    malformed: '/sitrep not-regression of 1263',
    outside: '-1',
    resolved: 'rocket',
  },
  escalate: {
    call: '/sitrep escalate google-support',
    answer: /^### ⏫ Escalation to Google Cloud Support/u,
    malformed: '/sitrep escalate',
    outside: '-1',
    resolved: 'rocket',
  },
  timeline: {
    call: '/sitrep timeline',
    answer: /^### 🕑 Timeline, 18:\d\d UTC[^]*Acknowledged/u,
    malformed: '/sitrep timeline yesterday',
    outside: '-1',
    resolved: 'rocket',
  },
  handoff: {
    call: '/sitrep handoff @alice',
    answer: /^### 🤝 Handoff to `alice`, 18:\d\d UTC/u,
    malformed: '/sitrep handoff',
    outside: '-1',
    resolved: '-1',
  },
  accept: {
    call: '/sitrep accept',
    by: 'alice',
    answer: null,
    again: '-1',
    malformed: '/sitrep accept it',
    outside: '-1',
    resolved: '-1',
  },
  postmortem: {
    call: '/sitrep postmortem',
    answer: /^# Postmortem: #1278[^]*\*\*Draft\*\*/u,
    malformed: '/sitrep postmortem now',
    outside: '-1',
    resolved: 'rocket',
  },
  checkpoints: {
    call: '/sitrep checkpoints 2h,4h',
    answer: /^### Next comment 19:15, 21:15, 23:15 UTC/u,
    malformed: '/sitrep checkpoints soon',
    outside: '-1',
    resolved: '-1',
  },
  snooze: {
    call: '/sitrep snooze 60m',
    answer: /^### Nothing comes by itself before 19:\d\d UTC/u,
    malformed: '/sitrep snooze later',
    outside: '-1',
    resolved: '-1',
  },
  resolve: {
    call: '/sitrep resolve',
    answer: /not resolved/u,
    end: '-1',
    malformed: '/sitrep resolve now',
    outside: '-1',
    resolved: 'confused',
  },
  reopen: {
    call: '/sitrep reopen',
    answer: /^### 😕 The incident is open/u,
    end: 'confused',
    malformed: null,
    outside: '-1',
    resolved: 'rocket',
  },
  help: {
    call: '/sitrep help',
    answer: /^### Commands/u,
    malformed: '/sitrep help me please',
    outside: 'rocket',
    resolved: 'rocket',
  },
};

/** People of the scenario by the role that they hold. */
const people: Readonly<Record<Role, string>> = {
  none: 'dave',
  read: 'mallory',
  triage: 'carol',
  write: 'bob',
  maintain: 'alice',
  admin: 'erin',
};

const all = Object.entries(rows).map(([name, row]) => {
  const command = commands.find((one) => one.name === name);
  return { name, ...row, role: command?.role ?? 'admin' };
});

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

async function open(options: PlayOptions = {}): Promise<Play> {
  play = await openPlay(options);
  return play;
}

/** As many calls as one comment may hold, so that a table takes few of them. */
function comments<Call>(calls: readonly Call[]): Call[][] {
  return Array.from({ length: Math.ceil(calls.length / commandsPerComment) }, (_, at) =>
    calls.slice(at * commandsPerComment, (at + 1) * commandsPerComment),
  );
}

/** Says it, and gives how it ended, with the replies of all kinds. */
async function ended({ say }: Play, by: string, call: string): Promise<{ end: string; replies: string[] }> {
  const { reactions, replies } = await say(by, call);
  return { end: reactions.filter((one) => one !== 'eyes').join(), replies };
}

test('every command has its row', () => {
  expect(Object.keys(rows).toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
});

describe('every command', { timeout: 300_000 }, () => {
  test('is refused to every role below the one that it needs, without a request to Google', async () => {
    const opened = await open();
    // Who has no role in a private repository cannot write there.
    const tooLow = roles.filter(
      (role) => role !== 'none' && all.some((row) => !roleSuffices(role, row.role)),
    );
    for (const role of tooLow) {
      for (const some of comments(all.filter((row) => !roleSuffices(role, row.role)))) {
        const body = some.map(({ call }) => call).join('\n');
        const { reactions, replies } = await opened.say(people[role], body);
        expect([role, reactions]).toEqual([role, ['-1']]);
        expect(replies.map((reply) => reply.split('\n')[0])).toEqual(
          some.map(({ name, role: needed }) => {
            const usage = commands.find((one) => one.name === name)?.usage ?? '';
            return `### 👎 \`${usage}\` needs the role **${needed}**`;
          }),
        );
      }
    }
    expect(opened.google.requests).toEqual([]);
  });

  test('that is malformed is told how it is written', async () => {
    const opened = await open();
    const calls = all.flatMap(({ malformed, name }) => (malformed === null ? [] : [{ malformed, name }]));
    for (const some of comments(calls)) {
      const { reactions, replies } = await opened.say(
        'alice',
        some.map(({ malformed }) => malformed).join('\n'),
      );
      expect(reactions).toEqual(['confused']);
      for (const [index, { malformed, name }] of some.entries()) {
        const usage = commands.find((one) => one.name === name)?.usage ?? '';
        expect(replies[index]).toContain(`### 😕 \`${malformed}\` was not understood`);
        expect(replies[index]).toContain(`**Usage:** \`${usage}\``);
      }
    }
    expect(opened.google.requests).toEqual([]);
  });

  test('on an issue that is no incident answers, or says that it needs one', async () => {
    const opened = await open({
      change: (scenario) => {
        for (const one of scenario.issues) one.labels = [];
      },
    });
    const ends: Record<string, string> = {};
    // What makes an incident of it comes last.
    for (const { name, call, outside } of all.toSorted(
      (a, b) => Number(a.name === 'declare') - Number(b.name === 'declare'),
    )) {
      const { end, replies } = await ended(opened, 'alice', call);
      ends[name] = end;
      expect([name, replies.join().includes('This issue is no incident')]).toEqual([name, outside === '-1']);
    }
    expect(ends).toEqual(Object.fromEntries(all.map(({ name, outside }) => [name, outside])));
  });

  test('on an open incident is carried out, once for each delivery, and again when it is written again', async () => {
    const opened = await open();
    const { github } = opened;
    await opened.say('alice', '/status');
    for (const { name, call, role, by = people[role], answer, end: first = 'rocket', again = first } of all) {
      // Not so far that the living comment is refreshed, of which a comment may come that nobody asked for.
      opened.clock.advance(15 * seconds);
      const before = github.deliveries.length;
      const { end, replies } = await ended(opened, by, call);
      expect([name, end]).toEqual([name, first]);
      const isTold =
        replies.length === (answer === null ? 0 : 1) &&
        replies.every((reply) => answer?.test(reply) === true);
      expect([name, isTold, replies]).toEqual([name, true, replies]);
      const guid = github.deliveries
        .slice(before)
        .find(({ event, action }) => event === 'issue_comment' && action === 'created')?.guid;
      const thread = JSON.stringify(github.thread(issue));
      await github.redeliver(guid ?? '');
      await opened.rest();
      expect(JSON.stringify(github.thread(issue))).toBe(thread);
      const second = await ended(opened, by, call);
      expect([name, second.end]).toEqual([name, again]);
    }
    expect([...github.refusals, ...opened.google.refusals]).toEqual([]);
  });

  test('on a resolved incident is carried out where it still makes sense', async () => {
    const opened = await open();
    await opened.say('alice', '/status');
    await opened.say('alice', '/sitrep resolve --override tested by hand');
    await opened.say('alice', '/sitrep regression #1263');
    const ends: Record<string, string> = {};
    for (const { name, call } of all) ends[name] = (await ended(opened, 'alice', call)).end;
    expect(ends).toEqual(Object.fromEntries(all.map(({ name, resolved }) => [name, resolved])));
    expect([...opened.github.refusals, ...opened.google.refusals]).toEqual([]);
  });
});
