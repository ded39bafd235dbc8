import { afterEach, describe, expect, test } from 'vitest';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** The living comment: the real app between the stand-ins, whose clock is moved on. */

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

const living = ({ github }: Play) => github.thread(issue).filter(({ pinned }) => pinned);
const bodyOf = (opened: Play) => living(opened)[0]?.body ?? 'there is none';
const lineOf = (opened: Play, start: string) =>
  bodyOf(opened)
    .split('\n')
    .find((line) => line.startsWith(start)) ?? 'no such line';

async function advance(opened: Play, minutes: number): Promise<void> {
  opened.clock.advance(minutes * minute);
  await opened.rest();
}

describe('the living comment', () => {
  test('is posted once with the declaration, pinned, and edited from then on', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    const [first, ...more] = living(opened);
    expect(more).toEqual([]);
    await expect(first?.body.replace(/<!-- sitrep:.*/u, '')).toMatchFileSnapshot('__snapshots__/living.md');
    await advance(opened, 10);
    await opened.say('alice', '/status');
    const [second, ...others] = living(opened);
    expect(others).toEqual([]);
    expect(second?.id).toBe(first?.id);
    expect(lineOf(opened, '**18:15 UTC')).toContain('metrics to');
    expect([...opened.github.refusals, ...opened.google.refusals]).toEqual([]);
  });
});

describe('what people do on the page', () => {
  const configuration = [
    'version: 1',
    'labels: { incident: [P0], severity: { P0: [P0] } }',
    'google_cloud: { project: netra-staging, region: us-central1 }',
    'components: { frontend: { type: cloud-run, service: netra-frontend-staging } }',
    'plan: [{ phase: First, actions: [{ title: Check the connector }, { title: Roll back, run: gcloud run services list }] }]',
  ].join('\n');

  test('a tick is taken over under the name of who ticked, and stands when it is written again', async () => {
    const opened = await open({ configuration });
    await opened.say('alice', '/sitrep declare');
    expect(lineOf(opened, '- [ ] **2**')).toBe('- [ ] **2** Roll back · no owner · First');
    await opened.play({ tick: { by: 'alice', issue, action: 2 } });
    expect(lineOf(opened, '- [x] **2**')).toBe(
      '- [x] **2** Roll back · no owner · First · done 18:05 (stated, `alice`)',
    );
    expect(bodyOf(opened)).toContain('Checklist 1/2 done');
    await advance(opened, 1);
    await opened.play({ untick: { by: 'alice', issue, action: 2 } });
    expect(lineOf(opened, '- [ ] **2**')).toBe('- [ ] **2** Roll back · no owner · First');
    expect([...opened.github.refusals]).toEqual([]);
  });

  test('a new box becomes a point of the checklist, other lines stay where they were written', async () => {
    const opened = await open({ configuration });
    await opened.say('alice', '/sitrep declare');
    const [{ id, body } = { id: 0, body: '' }] = living(opened);
    const edited = body
      .replace('- [ ] **2**', '- [ ] Ask @kim for the runbook\n- [ ] **2**')
      .replace('#### Checklist', 'The bridge is at extension 4711.\n\n#### Checklist');
    await opened.github.editComment('alice', id, edited);
    await opened.rest();
    expect(lineOf(opened, '- [ ] **3**')).toContain('kim for the runbook');
    expect(bodyOf(opened)).not.toContain('- [ ] Ask');
    for (let times = 0; times < 3; times += 1) {
      await advance(opened, 10);
      expect(
        bodyOf(opened)
          .split('\n')
          .filter((line) => line === 'The bridge is at extension 4711.'),
      ).toHaveLength(1);
      expect(bodyOf(opened)).toContain('Checklist 0/3 done');
    }
    expect(living(opened)).toHaveLength(1);
  });

  test('one who deletes it gets another, and the second time none', async () => {
    const opened = await open({ configuration });
    await opened.say('alice', '/sitrep declare');
    const [first] = living(opened);
    await opened.github.deleteComment('alice', first?.id ?? 0);
    await advance(opened, 10);
    const [second] = living(opened);
    expect(second?.id).toBeGreaterThan(first?.id ?? Infinity);
    await opened.github.deleteComment('alice', second?.id ?? 0);
    await advance(opened, 10);
    await advance(opened, 10);
    expect(living(opened)).toEqual([]);
  });
});

describe('it is refreshed by itself', () => {
  test('every ten minutes of a P0, with few requests and nobody’s role', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    // The history of earlier incidents is read meanwhile.
    for (let times = 0; times < 3; times += 1) await advance(opened, 10);
    const before = opened.github.requests.length;
    await advance(opened, 10);
    expect(lineOf(opened, '**18:45 UTC')).toContain('reads OK');
    expect(lineOf(opened, '**Next:**')).toBe('**Next:** board 18:55; comment 19:15 or on change');
    const routes = opened.github.requests.slice(before).map(({ route }) => route);
    expect(routes.filter((route) => route.startsWith('PATCH'))).toHaveLength(1);
    expect(routes.filter((route) => route.includes('collaborators'))).toEqual([]);
    // Three of them are those of the sample that is due then; one asks what became of the earlier incident's fix, and one
    // whether the repository is still private, before the living comment is written.
    expect(routes.length).toBeLessThanOrEqual(11);
  });

  test('no more, with the reason in the log, where the issue is closed', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    await opened.github.closeIssue('alice', issue);
    await opened.rest();
    const written = bodyOf(opened);
    await advance(opened, 10);
    await advance(opened, 10);
    expect(bodyOf(opened)).toBe(written);
    expect([...opened.github.refusals]).toEqual([]);
  });

  test('a GitHub that fails at a refresh costs that one only', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    // The history of earlier incidents is read meanwhile.
    for (let times = 0; times < 3; times += 1) await advance(opened, 10);
    opened.github.inject({ kind: 'unavailable', pathIncludes: '/contents/' });
    await advance(opened, 10);
    expect(opened.logged.join('')).toContain('could not be refreshed');
    await advance(opened, 6);
    expect(lineOf(opened, '**18:51 UTC')).toContain('reads OK');
  });

  test('stood down, it says so and is left alone', async () => {
    const opened = await open({
      change: ({ issues }) => {
        for (const one of issues) one.labels = ['P0'];
      },
    });
    await opened.say('carol', '/status');
    await opened.github.label('alice', issue, { remove: 'P0' });
    await opened.rest();
    expect(bodyOf(opened).split('\n')[0]).toContain('stood down');
    const written = bodyOf(opened);
    await advance(opened, 30);
    expect(bodyOf(opened)).toBe(written);
  });
});
