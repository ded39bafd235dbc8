import { afterEach, describe, expect, test } from 'vitest';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** What people do with the issue of an incident on GitHub's pages, and what follows; end to end. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

const configuration = `
version: 1
environment: staging
labels:
  incident: [incident, P0]
  severity: { P0: [P0, P0-critical], P1: [P1] }
  apply: [{ label: api-down, when: "components['api'].state == 'failing'" }]
components:
  api: { type: http, url: "https://api.staging.netra.ai/health" }
checkpoints: [2h, 4h]
`;
const minute = 60_000;
const hour = 60 * minute;

/** An incident that was declared by a label as its issue was opened. */
async function declared(labels = ['incident'], options: PlayOptions = {}) {
  play = await openPlay({ configuration, ...options });
  const at = play;
  const { number } = await at.github.openIssue('alice', { title: 'Chat is down', labels });
  await at.rest();
  const told = said(at, number).length;
  return {
    ...at,
    number,
    /** What was said since it was declared. */
    since: () => said(at, number).slice(told),
    labels: () => at.github.issue(number).labels.toSorted(),
    async later(milliseconds: number) {
      at.clock.advance(milliseconds);
      await at.rest();
    },
    /** The pages of earlier incidents, of each label one, are read meanwhile: they are no part of the incident. */
    async historyRead() {
      for (let page = 0; page < 2; page += 1) await this.later(minute);
    },
    async label(by: string, change: { add?: string; remove?: string }) {
      await at.github.label(by, number, change);
      await at.rest();
    },
    async write(by: string, body: string) {
      await at.github.comment(by, number, body);
      await at.rest();
    },
  };
}

/** All that Sitrep said there but the living comment. */
const said = ({ github }: Play, issue: number) =>
  github.thread(issue).flatMap(({ bot, pinned, body }) => (bot && !pinned ? [body] : []));

const living = ({ github }: Play, issue: number) => github.thread(issue).find(({ pinned }) => pinned)?.body;

describe('the last incident label is taken away', () => {
  test('it is stood down: one line, no more checkpoints or samples, and our labels go', async () => {
    const at = await declared();
    await at.historyRead();
    expect(at.labels()).toEqual(['api-down', 'incident', 'stage: investigating']);
    await at.label('bob', { remove: 'incident' });
    expect(at.since()).toHaveLength(1);
    expect(at.since()[0]).toContain('### Stood down by `bob`, who removed the last incident label');
    expect(at.since()[0]).toContain('`incident`, `P0` or `/sitrep declare` goes on with it');
    expect(at.labels()).toEqual([]);
    const read = at.google.requests.length + at.github.requests.length;
    await at.later(5 * hour);
    expect(at.since()).toHaveLength(1);
    expect(at.google.requests.length + at.github.requests.length).toBe(read);
    expect(at.github.refusals).toEqual([]);
  });

  test('not while another of them is there; nor by the exchange of one severity for another', async () => {
    const at = await declared(['incident', 'P0']);
    await at.label('bob', { remove: 'incident' });
    expect(at.since()).toEqual([]);
    await at.label('bob', { add: 'P1' });
    await at.label('bob', { remove: 'P0' });
    expect(at.since()).toEqual([]);
    expect(at.labels()).toEqual(['P1', 'api-down', 'stage: investigating']);
    await at.later(2 * hour);
    expect(at.since()).toHaveLength(1);
    expect(at.since()[0]).toContain('P1 investigating');
  });

  test('set again: the same incident goes on from its declaration, with one line', async () => {
    const at = await declared();
    await at.label('bob', { remove: 'incident' });
    await at.later(hour);
    await at.label('bob', { add: 'P0' });
    expect(at.since()).toHaveLength(2);
    expect(at.since()[1]).toContain('### Declared again by `bob`: the incident of 18:05 UTC goes on');
    expect(at.since()[1]).toContain('**Next:** comment 20:05');
    expect(at.labels()).toEqual(['P0', 'stage: investigating']);
    await at.later(hour);
    expect(at.since()).toHaveLength(3);
    expect(at.since()[2]).toContain('P0 investigating');
  });

  test('and the command goes on with it, too', async () => {
    const at = await declared();
    await at.label('bob', { remove: 'incident' });
    await at.write('bob', '/sitrep declare P1');
    expect(at.since()[1]).toContain('### Declared again by `bob`');
    expect(at.labels()).toEqual(['P1', 'incident', 'stage: investigating']);
    await at.later(minute);
    await at.label('bob', { remove: 'incident' });
    expect(at.since()).toHaveLength(3);
    expect(at.labels()).toEqual([]);
  });
});

describe('the label of a severity', () => {
  test('set by a person changes the severity to the gravest; ours goes, theirs stay', async () => {
    const at = await declared(['incident']);
    await at.write('bob', '/sitrep declare P1');
    expect(at.labels()).toContain('P1');
    await at.label('bob', { add: 'P0-critical' });
    expect(at.labels()).toEqual(['P0-critical', 'api-down', 'incident', 'stage: investigating']);
    await at.later(2 * hour);
    expect(at.since()[0]).toContain('P0 investigating');
  });

  test('taken away leaves that of the others, or the severity as it was', async () => {
    const at = await declared(['incident', 'P0', 'P1']);
    await at.label('bob', { remove: 'P0' });
    await at.later(2 * hour);
    expect(at.since()[0]).toContain('P1 investigating');
    await at.label('bob', { remove: 'P1' });
    await at.later(2 * hour);
    expect(at.since()[1]).toContain('4 h checkpoint · no material change');
    expect(living(at, at.number)).toContain('P1 investigating');
    expect(at.labels()).toEqual(['incident', 'stage: investigating']);
  });
});

describe('the issue is closed and opened by hand', () => {
  test('no checkpoints come in between, and again after it', async () => {
    const at = await declared();
    await at.github.closeIssue('bob', at.number);
    await at.rest();
    const closed = at.since().length;
    await at.later(3 * hour);
    expect(at.since()).toHaveLength(closed);
    await at.github.reopenIssue('carol', at.number);
    await at.rest();
    const [line] = at.since().slice(closed);
    expect(line).toContain('### Opened again by `carol`: the incident of 18:05 UTC goes on');
    expect(line).toContain('**Next:** comment 22:05');
    await at.later(hour);
    const [checkpoint, confirmation, ...more] = at.since().slice(closed + 1);
    expect(checkpoint).toContain('**22:05 UTC · 4 h checkpoint**');
    // The closing was refused while the API was down; by now it answers.
    expect(confirmation).toContain('The one criterion holds now');
    expect(confirmation).toContain('confirms with `/sitrep resolve`');
    expect(more).toEqual([]);
  });

  test('an issue that was labelled while it was closed is declared when it is opened', async () => {
    const at = await declared();
    const { number } = await at.github.openIssue('alice', { title: 'Login is down' });
    await at.github.closeIssue('alice', number);
    await at.later(hour);
    await at.github.label('alice', number, { add: 'P0' });
    await at.github.reopenIssue('alice', number);
    await at.rest();
    expect(said(at, number)).toHaveLength(1);
    expect(said(at, number)[0]).toContain('P0 declared 19:05 UTC');
  });
});

describe('an issue that is', () => {
  test('deleted: nothing more is tried', async () => {
    const at = await declared();
    await at.historyRead();
    await at.github.deleteIssue('erin', at.number);
    await at.rest();
    const asked = at.github.requests.length + at.google.requests.length;
    await at.later(5 * hour);
    expect(at.github.requests.length + at.google.requests.length).toBe(asked);
    expect(at.logged.join('\n')).toContain('the issue was deleted');
  });

  test('transferred: nothing more is tried where it was', async () => {
    const at = await declared();
    await at.historyRead();
    await at.github.transferIssue('alice', at.number, { name: 'elsewhere', installed: false });
    await at.rest();
    const asked = at.github.requests.length + at.google.requests.length;
    await at.later(5 * hour);
    expect(at.github.requests.length + at.google.requests.length).toBe(asked);
    expect(at.logged.join('\n')).toContain('the issue was transferred');
  });

  test('locked: the updates end at the first that GitHub refuses, and come again when it is unlocked', async () => {
    const at = await declared();
    await at.github.lock('bob', at.number);
    await at.later(2 * hour);
    await at.later(4 * hour);
    expect(at.since()).toEqual([]);
    await at.github.unlock('bob', at.number);
    await at.rest();
    await at.later(2 * hour);
    expect(at.since()).toHaveLength(1);
    expect(at.since()[0]).toMatch(/\d+ h checkpoint/u);
  });
});
