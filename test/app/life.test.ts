import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPlay, type Play } from './play.ts';

/**
 * The whole life of an incident against the stand-ins, with the clock moved through it: one play in order, each test a
 * chapter of it. The outage: payments is pinned to a secret version that is disabled from 09:20 to 18:00, from 20:10 to
 * 20:50, and from 22:10 of the next day on.
 */

const issue = 151;
const repository = 'mosaicpay/payments';
const minute = 60_000;
const patience = 240_000;

let play: Play;
beforeAll(async () => {
  play = await openPlay({ scenario: 'test/fixtures/life' });
}, patience);
afterAll(() => play.close());

/** Moves the clock to a time; `each` minute by minute, as samples need it, else at once. */
async function until(at: string, each = false): Promise<void> {
  const target = Date.parse(at);
  while (play.clock.now().getTime() < target) {
    const left = target - play.clock.now().getTime();
    play.clock.advance(each ? Math.min(minute, left) : left);
    await play.rest();
  }
}

const april2 = (time: string) => `2026-04-02T${time}:00Z`;
const april3 = (time: string) => `2026-04-03T${time}:00Z`;

/** Comments of Sitrep by kind, the oldest first. */
async function posted(of = issue): Promise<{ kind: string; body: string; minimized: string | null }[]> {
  const kinds = await play.app.kinds(repository, of);
  return play.github.thread(of).flatMap(({ id, body, minimized }) => {
    const kind = kinds.get(id);
    return kind === undefined ? [] : [{ kind, body, minimized }];
  });
}

async function lastOf(kind: string, of = issue): Promise<string> {
  const body = (await posted(of)).findLast((comment) => comment.kind === kind)?.body;
  if (body === undefined) throw new Error(`nothing of the kind ${kind} was posted`);
  return body;
}

async function write(by: string, body: string, on = issue): Promise<string[]> {
  const { commentId } = await play.github.comment(by, on, body);
  await play.rest();
  return play.github.thread(on).find(({ id }) => id === commentId)?.reactions ?? [];
}

const living = () => lastOf('living');
const labels = (of = issue) => play.github.issue(of).labels;

describe('the life of an incident', { timeout: patience, shuffle: false }, () => {
  test('0:00, it is declared by its label: the update, labels, the living comment', async () => {
    await play.github.label('sara', issue, { add: 'P0' });
    await play.github.label('sara', issue, { add: 'incident' });
    await play.rest();
    expect((await posted()).map(({ kind }) => kind)).toEqual(['declare', 'living']);
    const update = await lastOf('declare');
    expect(update).toContain('P0 declared 09:35 UTC: production “Pay by card” down since 09:20');
    expect(update).toContain('**Next:** board 09:45; comment 11:35 or on change');
    expect(labels()).toEqual(
      expect.arrayContaining([
        'P0',
        'incident',
        'golden-path-blocked',
        'secret-issue',
        'stage: investigating',
      ]),
    );
    expect(play.github.thread(issue).find(({ pinned }) => pinned)?.body).toContain('**Lead:** **nobody**');
  });

  test('0:10, the living comment is refreshed in silence; somebody leads, asks, and adds an action', async () => {
    await until(april2('09:45'));
    expect((await posted()).map(({ kind }) => kind)).toEqual(['declare', 'living']);
    expect(await living()).toContain('**09:45 UTC**');
    expect(await write('luis', '/sitrep lead')).toEqual(['eyes', 'rocket']);
    expect(play.github.issue(issue).assignees).toEqual(['luis']);
    await write('luis', '/status');
    expect(await lastOf('status')).toContain('Lead: @luis');
    await write('sara', '/sitrep whys');
    expect(await lastOf('five-whys')).toContain('**Why do instances of `payments` not start?**');
    await write('luis', '/sitrep action add Enable version 6 again @luis by 10:30');
    expect(await living()).toContain('- [ ] **2** Enable version 6 again · `luis` · due 10:30');
  });

  test('a box that a person ticks is taken over, and stays ticked', async () => {
    await play.play({ tick: { by: 'anna', issue, action: 'Look at the versions of the key' } });
    expect(await living()).toContain('- [x] **1** Look at the versions of the key');
    await until(april2('09:55'));
    expect(await living()).toContain('**09:55 UTC**');
    expect(await living()).toContain('- [x] **1** Look at the versions of the key');
    await write('sara', '/sitrep timeline');
    expect(await lastOf('timeline')).toMatch(/\| `anna` \| Done, action 1/u);
  });

  test('2 h, the checkpoint comes with what stalls, and the escalation with its packet', async () => {
    await until(april2('11:35'));
    const checkpoint = await lastOf('checkpoint');
    expect(checkpoint).toContain('11:35 UTC · 2 h checkpoint');
    const escalation = await lastOf('escalation');
    expect(escalation).toContain('Escalation to Platform team');
    expect(escalation).toContain('**Nobody was paged:**');
    expect(escalation).toContain('projects/mosaic-prod/secrets/psp-api-key');
    expect(escalation).not.toContain('[redacted]');
    expect(play.github.issue(issue).assignees).toEqual(['luis', 'anna']);
    expect(labels()).toContain('escalated');
  });

  test('4 h and 8 h, nothing has changed: one line each, and the action that is overdue', async () => {
    for (const [time, name] of [
      ['13:35', '4 h'],
      ['17:35', '8 h'],
    ] as const) {
      await until(april2(time));
      const checkpoint = await lastOf('checkpoint');
      expect(checkpoint).toContain(`**${time} UTC · ${name} checkpoint · no material change since`);
      expect(checkpoint).toContain('**Stalled:** action 2, due 10:30');
    }
  });

  test('it is refused to be resolved, naming what blocks', async () => {
    expect(await write('luis', '/sitrep resolve')).toEqual(['eyes', '-1']);
    const refusal = await lastOf('resolution');
    expect(refusal).toContain('### ⛔ P0 not resolved: 2 of 2 criteria block (@luis, 17:35 UTC)');
    expect(refusal).toContain('❌ **All endpoints answer as they should:** pay: not ok');
    expect(play.github.issue(issue).state).toBe('open');
  });

  test('the key is enabled at 18:00: 30 good minutes, and Sitrep asks for the confirmation', async () => {
    await until(april2('18:02'));
    await until(april2('18:25'), true);
    expect(await write('luis', '/sitrep resolve')).toEqual(['eyes', '-1']);
    expect(await lastOf('resolution')).toContain('not resolved: 1 of 2 criteria block');
    await until(april2('18:40'), true);
    const asked = (await posted()).findLast(({ body }) => body.includes('confirm'))?.body ?? '';
    expect(asked).toContain('`/sitrep resolve`');
    expect(asked).toContain('@luis');
  });

  test('resolved: the final update with its times; the issue is closed', async () => {
    expect(await write('luis', '/sitrep resolve')).toEqual(['eyes', 'rocket']);
    const granted = await lastOf('resolution');
    expect(granted).toMatch(/P0 resolved after 9 h \d+ min/u);
    expect(granted).toContain('10 min');
    expect(play.github.issue(issue).state).toBe('closed');
    expect(labels()).toContain('stage: resolved');
    expect(labels()).not.toContain('golden-path-blocked');
    expect(await living()).toContain('resolved');
  });

  test('the postmortem tells it all, with the cause of the outage and the actions that are open', async () => {
    await write('anna', '/sitrep postmortem');
    const document = await lastOf('postmortem');
    expect(document).toContain('# Postmortem: #151, Payments answer 500');
    expect(document).toContain(
      '| Detected (declared) | 2026-04-02 09:35 | 15 min after it began | `sara` | record |',
    );
    expect(document).toContain(
      '| Acknowledged | 2026-04-02 09:45 | 10 min after the declaration | `luis` | record |',
    );
    expect(document).toContain('**Cause, confirmed:** `psp-key` cannot be read');
    expect(document).toContain('Enable version 6 again');
    expect(document).toContain('Alert on disabled secret versions that are in use');
  });

  test('a relapse within 24 h opens it again, and the issue', async () => {
    await until(april2('20:08'));
    await until(april2('20:18'), true);
    expect(play.github.issue(issue).state).toBe('open');
    expect(labels()).toContain('stage: investigating');
    expect(await lastOf('resolution')).toContain('Relapse');
  });

  test('and resolved again when it has been well for long enough', async () => {
    await until(april2('20:52'));
    await until(april2('21:30'), true);
    await write('luis', '/sitrep resolve');
    expect(await lastOf('resolution')).toMatch(/P0 resolved after/u);
    expect(play.github.issue(issue).state).toBe('closed');
  });

  test('the same failure more than a day later, in a second issue: a regression, and what the first one was', async () => {
    await until(april3('22:30'));
    expect(play.github.issue(issue).state).toBe('closed');
    const { number } = await play.github.openIssue('sara', {
      title: 'Card payments fail again',
      labels: ['incident', 'P1'],
    });
    await play.rest();
    const update = await lastOf('declare', number);
    expect(update).toContain(`regression of #${String(issue)}`);
    expect(update).toContain(`**Same as #${String(issue)}**`);
    expect(update).toContain('**Wrong match?** `/sitrep not-regression`');
    expect(labels(number)).toContain('regression');
    expect(update).toContain('P0 declared');
    expect(labels(number)).toContain('P0');

    await write('luis', '/sitrep not-regression', number);
    expect(labels(number)).not.toContain('regression');
    expect(labels(number)).not.toContain('P0');
    expect(labels(number)).toContain('P1');
  });

  test('GitHub and Google were asked for nothing that they refuse, and each update is there once', async () => {
    expect([...play.github.refusals, ...play.google.refusals]).toEqual([]);
    const markers = play.github
      .thread(issue)
      .flatMap(({ body }) => /<!-- sitrep:[\da-f-]{36} -->/u.exec(body)?.[0] ?? []);
    expect(new Set(markers).size).toBe(markers.length);
    expect((await posted()).filter(({ kind }) => kind === 'living')).toHaveLength(1);
  });
});
