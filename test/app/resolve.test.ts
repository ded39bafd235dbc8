import { afterEach, describe, expect, test } from 'vitest';
import type { Scenario } from '../../sandbox/scenario/schema.ts';
import { openPlay, type Play } from './play.ts';

/** The end of an incident: the real app between the stand-ins, whose clock is moved on. The play begins at 18:05. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

const issue = 1278;
const page = 'https://staging.netra.ai/';

interface World {
  /** When the page begins to answer with a status, `18:20`; on the day after with `+`. */
  page?: [from: string, status: number][];
  /** The same of the chat's WebSocket. */
  chat?: [from: string, status: number][];
  configuration?: string;
}

const configured = [
  'version: 1',
  'labels: { incident: [P0] }',
  `components: { web: { type: http, url: "${page}" }, chat: { type: websocket, url: "wss://api.staging.netra.ai/ws" } }`,
  'journeys: { visit: { title: The visit, steps: [web] } }',
  'success_criteria:',
  '  - { id: web, title: The page answers, when: "probes.all(p, p.status == 200)" }',
  '  - { id: stable, title: 30 minutes without a failure, when: "probes.all(p, p.status == 200)", for: 30m }',
].join('\n');

const withChat = `${configured}\n  - { id: chat, title: Chat opens, when: "sockets.all(s, s.open)" }`;

function instant(time: string): string {
  return time.startsWith('+') ? `2025-09-16T${time.slice(1)}:00Z` : `2025-09-15T${time}:00Z`;
}

function statesOf(states: [from: string, status: number][]) {
  return states.map(([from, status]) => ({ from: instant(from), status, latency_ms: 100, body: 'x' }));
}

async function open({ page: pages = [], chat = [], configuration = configured }: World = {}): Promise<Play> {
  const change = (scenario: Scenario) => {
    for (const endpoint of scenario.endpoints) {
      const states = endpoint.url === page ? pages : endpoint.url.startsWith('wss:') ? chat : [];
      const known = new Map(endpoint.states.map((state) => [state.status, state]));
      if (states.length === 0) continue;
      const [first] = endpoint.states;
      if (first === undefined) throw new Error('an endpoint has no state');
      endpoint.states = [
        { ...first, from: undefined, status: first.status },
        ...statesOf(states).map((state) => ({ ...(known.get(state.status) ?? first), ...state })),
      ].map(({ from, ...state }) => (from === undefined ? state : { ...state, from }));
    }
  };
  play = await openPlay({ configuration, change });
  return play;
}

const headline = (body = ''): string => body.split('\n')[0] ?? '';
const lineWith = (body: string | undefined, part: string): string =>
  (body ?? '').split('\n').find((line) => line.includes(part)) ?? `nothing says ${part}`;

/** What was asked to open or close the issue. */
function changesOfIssue({ github }: Play): string[] {
  return github.requests
    .filter(({ route }) => route === 'PATCH /repos/{owner}/{repo}/issues/{issue_number}')
    .map(({ method }) => method);
}

describe('/sitrep resolve', { timeout: 120_000 }, () => {
  test('is refused while criteria do not hold, naming each, the time to ask again, and who may override', async () => {
    const opened = await open({ page: [['17:30', 503]] });
    await opened.say('carol', '/status');
    await opened.play({ advance: '5m' });
    const { reactions, replies } = await opened.say('bob', '/sitrep resolve');
    expect(reactions).toEqual(['eyes', '-1']);
    const [refusal] = replies;
    expect(headline(refusal)).toBe('### ⛔ P0 not resolved: 2 of 2 criteria block (@bob, 18:10 UTC)');
    expect(lineWith(refusal, 'The page answers')).toMatch(
      /^❌ \*\*The page answers:\*\* .*status 503 \(wanted 200\); so since 18:06 or before \(E\d+\)$/,
    );
    expect(lineWith(refusal, '30 minutes without')).toContain('Earliest 18:41');
    expect(refusal).toContain('Stage stays **investigating**. At 18:41 I look again');
    expect(lineWith(refusal, 'Override')).toContain('`/sitrep resolve --override REASON`');
    expect(opened.github.issue(issue).state).toBe('open');
    expect(changesOfIssue(opened)).toEqual([]);
  });

  test('is granted after 30 good minutes, and the issue is closed once, after the comment', async () => {
    const opened = await open({
      page: [
        ['17:30', 503],
        ['18:10', 200],
      ],
    });
    await opened.say('carol', '/status');
    await opened.say('bob', '/sitrep ack');
    await opened.play({ advance: '20m' });
    const early = await opened.say('bob', '/sitrep resolve');
    expect(headline(early.replies[0])).toContain('1 of 2 criteria block');
    expect(lineWith(early.replies[0], '30 minutes without')).toContain('Earliest 18:40');
    await opened.play({ advance: '16m' });
    const { reactions, replies } = await opened.say('bob', '/sitrep resolve');
    expect(reactions).toEqual(['eyes', 'rocket']);
    const [granted] = replies;
    expect(headline(granted)).toMatch(/^### ✅ P0 resolved after .* \(@bob, 18:41 UTC\)$/);
    expect(lineWith(granted, 'Times:')).toContain('acknowledged 18:05');
    expect(lineWith(granted, 'Times:')).toContain('mitigated: not recorded');
    expect(lineWith(granted, '✅ The page')).toMatch(
      /^✅ The page answers; 30 minutes without a failure \(E/,
    );
    expect(opened.github.issue(issue).state).toBe('closed');
    expect(changesOfIssue(opened)).toHaveLength(1);
    const again = await opened.say('bob', '/sitrep resolve');
    expect(again.reactions).toEqual(['eyes', 'confused']);
    expect(again.replies[0]).toContain('resolved already');
    expect(changesOfIssue(opened)).toHaveLength(1);
    expect([...opened.github.refusals, ...opened.google.refusals]).toEqual([]);
  });

  test('an answer to the closing that is lost closes nothing twice', async () => {
    const opened = await open({
      configuration: configured.replace(', for: 30m', ''),
      page: [['17:30', 200]],
    });
    await opened.say('carol', '/status');
    opened.github.inject({
      kind: 'commit-then-drop',
      method: 'PATCH',
      pathIncludes: `/issues/${String(issue)}`,
    });
    await opened.say('bob', '/sitrep resolve');
    expect(opened.github.issue(issue).state).toBe('closed');
    expect(changesOfIssue(opened)).toHaveLength(1);
  });

  test('leaves the issue open where the configuration says so', async () => {
    const opened = await open({
      configuration: `${configured.replace(', for: 30m', '')}\nresolution: { close_issue: false }`,
      page: [['17:30', 200]],
    });
    await opened.say('carol', '/status');
    const { replies } = await opened.say('bob', '/sitrep resolve');
    expect(headline(replies[0])).toContain('✅ P0 resolved');
    expect(opened.github.issue(issue).state).toBe('open');
  });

  test.each<[who: string, outcome: string, line: string]>([
    ['bob', '-1', '**Not overridden:** that takes a person with the role **maintain** or **admin**'],
    [
      'alice',
      'rocket',
      '**Overridden:** Chat opens. **Reason:** it is &#42;not&#42; needed (stated, @alice)',
    ],
    ['erin', 'rocket', '**Overridden:** Chat opens. **Reason:** it is &#42;not&#42; needed (stated, @erin)'],
  ])('%s overrides a criterion that fails: %s', async (who, outcome, line) => {
    const opened = await open({
      configuration: withChat.replace(', for: 30m', ''),
      page: [['17:30', 200]],
      chat: [['17:30', 503]],
    });
    await opened.say('carol', '/status');
    const { reactions, replies } = await opened.say(who, '/sitrep resolve —override it is *not* needed');
    expect(reactions).toEqual(['eyes', outcome]);
    expect(replies[0]).toContain(line);
  });

  test('a person without write is told so, a reason that is missing is not understood, and no incident is none', async () => {
    const opened = await open({ page: [['17:30', 503]] });
    const none = await opened.say('bob', '/sitrep resolve');
    expect(none.reactions).toEqual(['eyes', '-1']);
    expect(none.replies[0]).toContain('no incident');
    await opened.say('carol', '/status');
    expect((await opened.say('carol', '/sitrep resolve')).reactions).toEqual(['-1']);
    expect((await opened.say('bob', '/sitrep resolve --override')).reactions).toEqual(['confused']);
    expect((await opened.say('bob', '/sitrep resolve now')).reactions).toEqual(['confused']);
  });

  test('without success criteria every journey has to work, and no component may fail or be unknown', async () => {
    const configuration = configured.split('success_criteria')[0] ?? '';
    const opened = await open({
      configuration,
      page: [
        ['17:30', 503],
        ['18:20', 200],
      ],
      chat: [['17:30', 101]],
    });
    await opened.say('carol', '/status');
    const [refused] = (await opened.say('bob', '/sitrep resolve')).replies;
    expect(refused).toContain('No success criteria are configured');
    expect(lineWith(refused, 'The visit works')).toMatch(/^❌ .*blocked at `web`/);
    await opened.play({ advance: '16m' });
    const [granted] = (await opened.say('bob', '/sitrep resolve')).replies;
    expect(headline(granted)).toContain('✅ P0 resolved');
  });
});

describe('an issue that is closed by hand', { timeout: 120_000 }, () => {
  const atOnce = configured.replace(', for: 30m', '');

  test('while criteria fail: the same refusal, a label, and nobody is overruled', async () => {
    const opened = await open({ configuration: atOnce, page: [['17:30', 503]] });
    await opened.say('carol', '/status');
    const before = opened.github.thread(issue).length;
    await opened.github.closeIssue('bob', issue);
    await opened.rest();
    const [refusal, ...more] = opened.github.thread(issue).slice(before);
    expect(more).toEqual([]);
    expect(headline(refusal?.body)).toBe(
      '### ⛔ P0 closed, but not resolved: 2 of 2 criteria block (@bob, 18:05 UTC)',
    );
    expect(refusal?.body).toContain('The issue stays closed: Sitrep does not overrule you.');
    expect(opened.github.issue(issue).state).toBe('closed');
    expect(opened.github.issue(issue).labels).toContain('closed-unresolved');
    expect(changesOfIssue(opened)).toEqual([]);
    // It can be opened again, and then the label goes.
    const { reactions, replies } = await opened.say('bob', '/sitrep reopen');
    expect(reactions).toEqual(['eyes', 'rocket']);
    expect(replies).toHaveLength(1);
    expect(headline(replies[0])).toContain('Opened again: investigating (@bob, 18:05 UTC)');
    expect(opened.github.issue(issue).state).toBe('open');
    expect(opened.github.issue(issue).labels).not.toContain('closed-unresolved');
  });

  test('while all hold: resolved, and not closed a second time', async () => {
    const opened = await open({ configuration: atOnce, page: [['17:30', 200]] });
    await opened.say('carol', '/status');
    const before = opened.github.thread(issue).length;
    await opened.github.closeIssue('bob', issue);
    await opened.rest();
    const [granted, ...more] = opened.github.thread(issue).slice(before);
    expect(more).toEqual([]);
    expect(headline(granted?.body)).toContain('✅ P0 resolved');
    expect(changesOfIssue(opened)).toEqual([]);
    expect(opened.github.issue(issue).labels).not.toContain('closed-unresolved');
  });

  test('is opened again where the configuration asks for it', async () => {
    const configuration = `${atOnce}\nresolution: { reopen_issue: true }`;
    const opened = await open({ configuration, page: [['17:30', 503]] });
    await opened.say('carol', '/status');
    const before = opened.github.thread(issue).length;
    await opened.github.closeIssue('bob', issue);
    await opened.rest();
    const said = opened.github.thread(issue).slice(before);
    expect(said).toHaveLength(1);
    expect(said[0]?.body).toContain('The issue is opened again, as `resolution.reopen_issue` asks.');
    expect(opened.github.issue(issue).state).toBe('open');
    expect(changesOfIssue(opened)).toHaveLength(1);
    expect(opened.github.issue(issue).labels).not.toContain('closed-unresolved');
  });

  test('without an incident: nothing is said', async () => {
    const opened = await open({ configuration: atOnce, page: [['17:30', 503]] });
    const before = opened.github.thread(issue).length;
    await opened.github.closeIssue('bob', issue);
    await opened.rest();
    expect(opened.github.thread(issue)).toHaveLength(before);
  });
});

/** Moves the clock on minute by minute; gives what Sitrep said by itself. */
async function during(opened: Play, advance: string): Promise<string[]> {
  const before = opened.github.thread(issue).length;
  await opened.play({ advance });
  return opened.github
    .thread(issue)
    .slice(before)
    .map(({ body }) => body);
}

describe('what comes by itself', { timeout: 300_000 }, () => {
  test('once all criteria have held after a refusal, the confirmation is asked for, once; and anew after a failure', async () => {
    const opened = await open({
      page: [
        ['17:30', 503],
        ['18:10', 200],
        ['19:00', 503],
        ['19:05', 200],
      ],
    });
    await opened.say('carol', '/status');
    await opened.play({ advance: '10m' });
    await opened.say('bob', '/sitrep resolve');
    const asked = await during(opened, '40m');
    // That it recovered is told at once; that it has held so long, when it has.
    expect(asked.map(headline)).toEqual([
      '### 🟢 P0 investigating: production: nothing failing',
      '### 🟢 All 2 criteria have held since 18:10',
    ]);
    expect(asked[1]).toContain(
      '**nobody** leads; a person with the role **write** confirms with `/sitrep resolve`',
    );
    // 18:55. It fails at 19:00, seen by somebody's look, and holds again from 19:05 on.
    await opened.play({ advance: '6m' });
    await opened.say('carol', '/status');
    const again = await during(opened, '40m');
    expect(again.map(headline).filter((line) => line.includes('All 2 criteria'))).toEqual([
      '### 🟢 All 2 criteria have held since 19:05',
    ]);
  });

  test('a failure that comes back within 24 h opens the incident and the issue again, and the promised updates go on', async () => {
    const opened = await open({
      configuration: configured.replace(', for: 30m', ''),
      page: [
        ['17:30', 200],
        ['18:30', 503],
      ],
    });
    await opened.say('carol', '/status');
    await opened.say('bob', '/sitrep resolve');
    expect(opened.github.issue(issue).state).toBe('closed');
    expect(await during(opened, '24m')).toEqual([]);
    const [relapse, ...more] = await during(opened, '6m');
    expect(more).toEqual([]);
    expect(headline(relapse)).toMatch(/^### 🔴 Relapse after 2\d min: reopened \(18:31 UTC\)$/);
    expect(lineWith(relapse, 'The page answers')).toMatch(/^❌ .*status 503 \(wanted 200\) \(E\d+\)$/);
    expect(relapse).toContain('Stage is **investigating**, severity stays **P0**');
    expect(opened.github.issue(issue).state).toBe('open');
    expect(opened.github.issue(issue).labels).toContain('stage: investigating');
    expect((await during(opened, '100m')).some((body) => body.includes('checkpoint'))).toBe(true);
  });

  test('one bad sample is no relapse, nor is a failure after the time that is configured', async () => {
    const opened = await open({
      configuration: `${configured.replace(', for: 30m', '')}\nresolution: { relapse: 1h }`,
      page: [
        ['17:30', 200],
        ['18:20', 503],
        ['18:21', 200],
        ['19:08', 503],
      ],
    });
    await opened.say('carol', '/status');
    await opened.say('bob', '/sitrep resolve');
    expect(await during(opened, '80m')).toEqual([]);
    expect(opened.github.issue(issue).state).toBe('closed');
    expect(opened.logged.join('')).toContain('no more samples there: the incident is resolved');
  });

  test('/sitrep reopen opens a resolved incident and its issue; on an open one it says so', async () => {
    const opened = await open({
      configuration: configured.replace(', for: 30m', ''),
      page: [['17:30', 200]],
    });
    await opened.say('carol', '/status');
    expect((await opened.say('bob', '/sitrep reopen')).reactions).toEqual(['eyes', 'confused']);
    await opened.say('bob', '/sitrep resolve');
    const { reactions, replies } = await opened.say('bob', '/sitrep reopen logins fail again');
    expect(reactions).toEqual(['eyes', 'rocket']);
    expect(replies).toHaveLength(1);
    expect(replies[0]).toContain('Next: comment');
    expect(opened.github.issue(issue).state).toBe('open');
  });
});
