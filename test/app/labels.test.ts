import { afterEach, describe, expect, test } from 'vitest';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** Labels that Sitrep keeps on an incident's issue, end to end: the real app over HTTP between the stand-ins. */

const issue = 1278;
const label = 'golden-path-blocked';

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

async function open(options: PlayOptions = {}): Promise<Play> {
  play = await openPlay(options);
  return play;
}

const labelsOf = ({ github }: Play) => github.issue(issue).labels;

/** What was asked about labels from here on. */
function watched({ github }: Play): () => string[] {
  const from = github.requests.length;
  return () =>
    github.requests
      .slice(from)
      .filter(({ route }) => route.includes('/labels'))
      .map(({ route }) => route.replace('/repos/{owner}/{repo}', ''));
}

const read = 'GET /issues/{issue_number}/labels';
const add = 'POST /issues/{issue_number}/labels';
const known = 'GET /labels';

/** After this time the scenario's `api` answers again; other steps of the golden path do not. Milliseconds. */
const recovered = 30 * 60_000;

const { configuration: text } = await loadScenario('connector-saturated');
const whileApiFails = text.replace("journeys['golden-path'].blocked", "components['api'].state == 'failing'");

describe('labels that the configuration wants kept', () => {
  test('are set with the update that finds so, and not asked for again while they are there', async () => {
    const opened = await open();
    const first = watched(opened);
    await opened.say('carol', '/status');
    expect(labelsOf(opened)).toContain(label);
    // That of the stage is missing in the repository.
    expect(first()).toEqual([read, known, 'POST /labels', add]);
    const second = watched(opened);
    opened.clock.advance(5 * 60_000);
    await opened.say('carol', '/status');
    expect(second()).toEqual([read]);
    expect(opened.github.refusals).toEqual([]);
  });

  test('stay away where a person took them away, as long as the finding lasts', async () => {
    // Without earlier incidents, of which this one is a regression: a label more.
    const opened = await open({
      change: (scenario) => {
        scenario.issues = scenario.issues.filter(({ number }) => number === issue);
      },
    });
    await opened.say('carol', '/status');
    await opened.github.label('alice', issue, { remove: label });
    const asked = watched(opened);
    opened.clock.advance(5 * 60_000);
    await opened.say('carol', '/status');
    opened.clock.advance(5 * 60_000);
    await opened.say('carol', '/status');
    expect(labelsOf(opened)).not.toContain(label);
    expect(asked()).toEqual([read, read]);
  });

  test('are taken away when the finding is over; a person’s own stays', async () => {
    const opened = await open({ configuration: whileApiFails });
    await opened.say('carol', '/status');
    await opened.github.label('alice', issue, { add: 'vpc-connector-issue' });
    opened.clock.advance(recovered);
    await opened.say('carol', '/status');
    expect(labelsOf(opened)).not.toContain(label);
    expect(labelsOf(opened)).toEqual(
      expect.arrayContaining(['P0', 'staging-blocker', 'vpc-connector-issue']),
    );
  });

  test('are ours also where the answer to our request was lost: taken away when it is over', async () => {
    const opened = await open({ configuration: whileApiFails });
    opened.github.inject({
      kind: 'commit-then-drop',
      method: 'POST',
      pathIncludes: `/issues/${String(issue)}/labels`,
    });
    await opened.say('carol', '/status');
    expect(labelsOf(opened)).toContain(label);
    expect(
      opened.github
        .thread(issue)
        .filter(({ bot, body, pinned }) => bot && !pinned && body.includes('investigating')),
    ).toHaveLength(1);
    opened.clock.advance(recovered);
    await opened.say('carol', '/status');
    expect(labelsOf(opened)).not.toContain(label);
  });

  test('are made with a colour and a word about them where the repository has none of the name', async () => {
    const opened = await open({
      change: (scenario) => {
        scenario.labels = scenario.labels.filter(({ name }) => name !== label);
      },
    });
    const asked = watched(opened);
    await opened.say('carol', '/status');
    expect(labelsOf(opened)).toContain(label);
    expect(asked()).toEqual([read, known, 'POST /labels', 'POST /labels', add]);
  });

  test('cost nothing where none are kept', async () => {
    const configuration = 'version: 1\ncomponents:\n  page: { type: http, url: "https://shop.example/" }\n';
    const opened = await open({ configuration });
    const asked = watched(opened);
    await opened.say('carol', '/status');
    expect(asked()).toEqual([]);
  });
});
