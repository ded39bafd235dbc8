import { afterEach, describe, expect, test } from 'vitest';
import { openReceiver } from '../publish/receiver.ts';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** Escalations: the real app between the stand-ins, whose clock is moved on. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

async function open(options?: PlayOptions): Promise<Play> {
  play = await openPlay(options);
  return play;
}

const issue = 1278;
const minute = 60_000;

/** What Sitrep posts by itself while so many minutes pass, minute by minute. */
async function overMinutes(minutes: number, { clock, github, rest }: Play): Promise<string[]> {
  const before = github.thread(issue).length;
  for (let passed = 0; passed < minutes; passed += 1) {
    clock.advance(minute);
    await rest();
  }
  return github
    .thread(issue)
    .slice(before)
    .map(({ body }) => body);
}

const kindsOf = async ({ app }: Play): Promise<string[]> => [
  ...(await app.kinds('netra-systems/netra-apex', issue)).values(),
];

/** What rules may ask of without a cloud: the endpoints, of which `api` answers 503. */
const endpoints = [
  'version: 1',
  'environment: staging',
  'labels: { incident: [P0] }',
  'components:',
  '  web: { type: http, url: "https://staging.netra.ai/" }',
  '  api: { type: http, url: "https://api.staging.netra.ai/health" }',
  'checkpoints: [8h]',
  'contacts:',
  '  google-support: { name: Google Cloud Support, url: "https://console.cloud.google.com/support", assign: [alice, zoe], role: provider }',
  '  infra: { name: Infrastructure Team, mention: "@netra-systems/infra" }',
].join('\n');

const withRule = (when: string, more = 'contact: google-support'): string =>
  `${endpoints}\nescalation: [{ id: provider, title: Escalate to Google, when: "${when}", ${more} }]`;

const escalationsIn = (bodies: string[]): string[] => bodies.filter((body) => body.startsWith('### ⏫'));

// The issue was opened at 17:15; the play begins at 18:05.
describe('a rule that turns true', { timeout: 300_000 }, () => {
  test('as a sample tells: it is escalated once, with the packet, the people and who was not paged', async () => {
    const opened = await open({
      configuration: withRule("elapsed >= duration('53m') && !probes.all(p, p.status == 200)"),
    });
    await opened.say('carol', '/status');
    expect(await overMinutes(2, opened)).toEqual([]);
    const updates = await overMinutes(2, opened);
    expect(updates).toHaveLength(1);
    const [update = ''] = updates;
    expect(update).toContain('### ⏫ Escalation to Google Cloud Support');
    expect(update).toMatch(/rule “Escalate to Google” is met: .*api: status 503.* \(E\d+/u);
    expect(update).toContain(
      '**Nobody was paged:** no pager is connected for Google Cloud Support. Somebody has to do it.',
    );
    expect(update).toContain('**Assigned:** @alice');
    expect(update).toContain('**Not assigned:** `zoe`: GitHub passes over who has no role here');
    expect(update).toContain('To: Google Cloud Support');
    expect(update).toMatch(/- failing: https:\/\/api\.staging\.netra\.ai\/health, .*\(E\d+/u);
    expect(opened.github.issue(issue).assignees).toContain('alice');
    expect(await kindsOf(opened)).toEqual(['status', 'living', 'escalation']);
    expect(await overMinutes(4, opened)).toEqual([]);
    const [status] = (await opened.say('carol', '/status')).replies;
    expect(status).toMatch(
      /\| Escalate to Google → Google Cloud Support \| 18:08 \| \*\*met\*\* since 18:0[89]/u,
    );
    expect([...opened.github.refusals, ...opened.google.refusals]).toEqual([]);
  });

  test('as only a look tells: the sample at its clock asks for that look', async () => {
    const opened = await open({
      configuration: [
        withRule("elapsed >= duration('53m') && recovery < 0.9", 'assign: [bob]').replace(
          'components:',
          [
            'google_cloud: { project: netra-staging, region: us-central1 }',
            'components:',
            '  auth: { type: cloud-run, service: netra-auth-staging }',
          ].join('\n'),
        ),
      ].join('\n'),
    });
    await opened.say('carol', '/status');
    const updates = await overMinutes(4, opened);
    expect(updates.map((body) => body.split('\n')[0])).toEqual(['### ⏫ Escalation: Escalate to Google']);
    expect(updates[0]).toContain('projects/netra-staging/locations/us-central1/services/netra-auth-staging');
    expect(opened.github.issue(issue).assignees).toContain('bob');
  });

  test('and cannot be told past its clock: that is said once', async () => {
    const opened = await open({
      configuration: withRule("elapsed >= duration('53m') && connect.p95 > duration('5s')"),
    });
    await opened.say('carol', '/status');
    const updates = await overMinutes(5, opened);
    expect(updates.map((body) => body.split('\n')[0])).toEqual([
      '### ❔ “Escalate to Google” cannot be told; its clock ran out 18:08 UTC',
    ]);
    expect(updates[0]).toContain('`/sitrep escalate google-support`');
  });

  test('says nothing where the operator allows no comments that nobody asked for', async () => {
    const opened = await open({
      configuration: withRule("elapsed >= duration('53m') && !probes.all(p, p.status == 200)"),
      policy:
        'repositories: { "netra-systems/*": { probe_hosts: ["*.staging.netra.ai", staging.netra.ai], comments_per_hour: 0 } }',
    });
    await opened.say('carol', '/status');
    expect(await overMinutes(4, opened)).toEqual([]);
  });
});

describe('/sitrep escalate', { timeout: 300_000 }, () => {
  test('posts the packet for the contact, with the reason as stated; shortly after only the line', async () => {
    const opened = await open({ configuration: endpoints });
    await opened.say('carol', '/status');
    const { replies, reactions } = await opened.say('bob', '/sitrep escalate Infra It does not @recover');
    expect(replies).toHaveLength(1);
    expect(replies[0]).toContain('### ⏫ Escalation to Infrastructure Team');
    expect(replies[0]).toMatch(/asked for by `bob`: “It does not &#64;\u200brecover” \(stated, `bob`\)/u);
    expect(replies[0]).toContain('@netra-systems/infra');
    expect(reactions).toContain('rocket');
    const again = await opened.say('bob', '/sitrep escalate infra');
    expect(again.replies.map((body) => body.split('\n')[0])).toEqual([
      '### ⏫ Already escalated to Infrastructure Team at 18:05 UTC (record)',
    ]);
    opened.clock.advance(11 * minute);
    const later = await opened.say('bob', '/sitrep escalate infra');
    expect(escalationsIn(later.replies)).toHaveLength(1);
  });

  test.each<[what: string, by: string, body: string, reaction: string, said: string[]]>([
    [
      'an unknown contact',
      'bob',
      '/sitrep escalate gogle-support',
      'confused',
      ['There is no contact `gogle-support`', 'Did you mean `google-support`?', '`/sitrep escalate infra`'],
    ],
    ['no contact', 'bob', '/sitrep escalate', 'confused', ['/sitrep escalate CONTACT']],
    ['who may not', 'carol', '/sitrep escalate infra', '-1', ['needs the role **write**']],
  ])('%s is refused', async (_what, by, body, reaction, said) => {
    const opened = await open({ configuration: endpoints });
    await opened.say('carol', '/status');
    const { replies, reactions } = await opened.say(by, body);
    expect(reactions).toContain(reaction);
    for (const words of said) expect(replies.join('\n')).toContain(words);
    expect(escalationsIn(replies)).toEqual([]);
  });

  test('where there is no incident it says so', async () => {
    const opened = await open({ configuration: endpoints.replace('[P0]', '[never]') });
    const { replies } = await opened.say('bob', '/sitrep escalate infra');
    expect(replies.join('\n')).toContain('This issue is no incident');
  });
});

test(
  'a contact with a pager is told outside GitHub, and the update says so',
  { timeout: 300_000 },
  async () => {
    const receiver = await openReceiver();
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    try {
      const opened = await open({
        configuration: endpoints,
        policy: [
          'repositories:',
          '  "netra-systems/*":',
          '    probe_hosts: ["*.staging.netra.ai", staging.netra.ai]',
          '    notify:',
          '      infra: [{ webhook: { url_env: PAGER_URL, secret_env: PAGER_SECRET } }]',
        ].join('\n'),
        variables: {
          PAGER_URL: 'https://pager.example.com/hook',
          PAGER_SECRET: secret,
          SITREP_NOTIFY_MAP: JSON.stringify({ 'https://pager.example.com': receiver.url }),
        },
      });
      await opened.say('carol', '/status');
      const { replies } = await opened.say('bob', '/sitrep escalate infra');
      expect(replies[0]).toContain(
        '**Told outside GitHub:** Infrastructure Team, by webhook, with a link to this update',
      );
      await opened.say('bob', '/sitrep escalate google-support');
      // Signed by the sandbox's clock, which is long past: the signature itself is proven with the worker.
      const told = receiver.got.map(({ body }): unknown => JSON.parse(body));
      expect(told).toEqual([
        expect.objectContaining({ type: 'incident.declared' }),
        {
          type: 'incident.escalated',
          timestamp: expect.any(String),
          data: {
            repository: 'netra-systems/netra-apex',
            issue,
            contact: 'infra',
            severity: 'P0',
            stage: 'investigating',
            headline: expect.stringMatching(/^P0 escalated: /u),
            issue_url: expect.stringContaining('/issues/1278'),
            update_url: expect.stringContaining('#issuecomment-'),
          },
        },
      ]);
    } finally {
      await receiver.close();
    }
  },
);
