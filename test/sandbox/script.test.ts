import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { GitHubStandIn } from '../../sandbox/github/types.ts';
import { scenarioSchema } from '../../sandbox/scenario/schema.ts';
import { act, advances, describeStep } from '../../sandbox/script.ts';
import { client, installationToken, receiver, repository, scenario, start } from './github/start.ts';

/** Steps of a script, as they stand in a scenario, on the stand-in of GitHub. */

const living = '## Incident\n\n- [ ] **Roll back** the deployment\n- [x] Page the DBA\n- [ ] Page the owner';

function stepOf(step: unknown) {
  const [parsed] = scenarioSchema.parse({ ...scenario, script: [step] }).script;
  if (!parsed || 'advance' in parsed) throw new Error('a step in which somebody does something');
  return parsed;
}

let github: GitHubStandIn;
let told: () => string[];

beforeEach(async () => {
  github = await start();
  const app = await receiver();
  github.deliverTo(app.url);
  told = () =>
    app.received.map(
      ({ headers, body }) =>
        `${String(headers['x-github-event'])}.${z.object({ action: z.string() }).parse(JSON.parse(body)).action}`,
    );
});

async function say(body: string, pinned = false): Promise<number> {
  const octokit = client(github, await installationToken(github));
  const { data } = await octokit.rest.issues.createComment({ ...repository, issue_number: 7, body });
  if (pinned)
    await octokit.request('PUT /repos/{owner}/{repo}/issues/comments/{comment_id}/pin', {
      ...repository,
      comment_id: data.id,
    });
  return data.id;
}

function bodyOf(id: number): string | undefined {
  return github.thread(7).find((comment) => comment.id === id)?.body;
}

describe('issues', () => {
  test('are opened, closed and reopened', async () => {
    await act(stepOf({ open: { by: 'tria', title: 'Checkout is down', labels: ['P0'] } }), github);
    expect(github.issue(8)).toMatchObject({ title: 'Checkout is down', labels: ['P0'], by: 'tria' });
    await act(stepOf({ close: { by: 'will', issue: 8 } }), github);
    expect(github.issue(8).state).toBe('closed');
    await act(stepOf({ reopen: { by: 'will', issue: 8 } }), github);
    expect(github.issue(8).state).toBe('open');
    expect(told()).toEqual(['issues.opened', 'issues.labeled', 'issues.closed', 'issues.reopened']);
    expect(github.deliveries[2]?.payload['issue']).toMatchObject({ state_reason: 'completed' });
  });

  test('are closed as not planned where that is said', async () => {
    await act(stepOf({ close: { by: 'will', issue: 7, reason: 'not_planned' } }), github);
    expect(github.deliveries.at(-1)?.payload['issue']).toMatchObject({ state_reason: 'not_planned' });
  });

  test('by those only who may', async () => {
    await expect(act(stepOf({ close: { by: 'rhea', issue: 7 } }), github)).rejects.toThrow('needs triage');
  });
});

describe('a box', () => {
  test.each<[string, string | number, string]>([
    ['by what stands beside it', 'Roll back the deployment', '[x] **Roll back**'],
    ['by a part of it', 'the owner', '[x] Page the owner'],
    ['by its place', 3, '[x] Page the owner'],
  ])('is ticked %s, as an edit of the pinned comment by that person', async (_how, action, expected) => {
    const id = await say(living, true);
    await say('A later update\n\n- [ ] Roll back the deployment');
    await act(stepOf({ tick: { by: 'will', issue: 7, action } }), github);
    expect(bodyOf(id)).toContain(expected);
    expect(bodyOf(id)?.match(/\[x\]/gu)).toHaveLength(2);
    expect(github.deliveries.at(-1)).toMatchObject({
      event: 'issue_comment',
      action: 'edited',
      payload: { sender: { login: 'will' }, changes: { body: { from: living } }, comment: { id } },
    });
  });

  test('is cleared again', async () => {
    const id = await say(living, true);
    await act(stepOf({ untick: { by: 'will', issue: 7, action: 'Page the DBA' } }), github);
    expect(bodyOf(id)).toBe(living.replace('[x]', '[ ]'));
  });

  test("is one of the App's last comment with boxes where none is pinned", async () => {
    await say(living);
    const id = await say('- [ ] Roll back');
    await say('No boxes here.');
    await github.comment('alice', 7, '- [ ] Roll back');
    await act(stepOf({ tick: { by: 'will', issue: 7, action: 'Roll back' } }), github);
    expect(bodyOf(id)).toBe('- [x] Roll back');
  });

  test('with exactly the text goes before one that has it within', async () => {
    const id = await say('- [ ] Roll back now\n- [ ] Roll back');
    await act(stepOf({ tick: { by: 'will', issue: 7, action: 'Roll back' } }), github);
    expect(bodyOf(id)).toBe('- [ ] Roll back now\n- [x] Roll back');
  });

  test.each<[string, unknown, RegExp]>([
    ['that is not there', { by: 'will', issue: 7, action: 'Restart' }, /no box is "Restart".*1: Roll back/su],
    ['in a place that is not there', { by: 'will', issue: 7, action: 4 }, /no box is 4/u],
    ['that may be one of two', { by: 'will', issue: 7, action: 'Page' }, /several boxes are "Page"/u],
    ['that is ticked already', { by: 'will', issue: 7, action: 'the DBA' }, /is ticked already/u],
    ['by somebody who may not edit it', { by: 'tria', issue: 7, action: 1 }, /needs write/u],
    ['of an issue without such a comment', { by: 'will', issue: 3, action: 1 }, /no comment of sitrep/u],
  ])('%s stays as it is', async (_what, tick, said) => {
    const id = await say(living, true);
    await expect(act(stepOf({ tick }), github)).rejects.toThrow(said);
    expect(bodyOf(id)).toBe(living);
  });
});

test.each<[unknown, string]>([
  [{ comment: { by: 'will', issue: 7, body: '/status\nplease' } }, 'will writes /status'],
  [{ label: { by: 'will', issue: 7, add: 'P0' } }, 'will sets the label P0'],
  [{ label: { by: 'will', issue: 7, remove: 'P0' } }, 'will removes the label P0'],
  [{ open: { by: 'will', title: 'Down' } }, 'will opens the issue Down'],
  [{ close: { by: 'will', issue: 7 } }, 'will closes #7'],
  [{ reopen: { by: 'will', issue: 7 } }, 'will reopens #7'],
  [{ tick: { by: 'will', issue: 7, action: 'Roll back' } }, 'will ticks Roll back'],
  [{ untick: { by: 'will', issue: 7, action: 2 } }, 'will unticks box 2'],
])('%j in words', (step, words) => {
  expect(describeStep(stepOf(step))).toBe(words);
});

test.each([
  ['90s', [60_000, 30_000]],
  ['2m', [60_000, 60_000]],
])('the clock moves on by %s minute by minute', (advance, expected) => {
  expect(advances({ advance })).toEqual(expected);
});
