import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { diagnosisSchema } from '../../src/core/diagnosis.ts';
import { snapshotSchema } from '../../src/core/snapshot.ts';
import { sitrep, stackTrace, type Run } from './run.ts';
import { openWorld, type World } from './world.ts';

/** `sitrep status` against the stand-ins, by the machine's clock and with a personal token. */

const issue = 1278;
const asked = ['status', '--repo', 'netra-systems/netra-apex', '--issue', String(issue)];
let world: World;

beforeAll(async () => {
  world = await openWorld('connector-saturated');
});
afterAll(() => world.close());
beforeEach(() => {
  world.github.requests.length = 0;
  world.github.putFile('.github/sitrep.yml', world.configuration);
});

function status(...options: string[]): Promise<Run> {
  return sitrep([...asked, ...options], world.variables);
}

const posts = () => world.github.requests.filter(({ write }) => write);

test('prints the update and posts nothing', async () => {
  const { code, out, err } = await status();
  expect(code).toBe(0);
  expect(out).toMatch(/^### 🔴 P0 investigating: staging /u);
  expect(out).toContain('10/10 instances');
  expect(err).toMatch(/^✓ cloud-run-services 3\/3 · \d+ ms$/mu);
  // The same figure as in the update.
  const reads = /\d+\/\d+ reads OK/u.exec(out)?.[0];
  expect(err.trimEnd().split('\n').at(-1)).toMatch(
    new RegExp(`^${String(reads)} · \\d+\\.\\d s · no gaps$`, 'u'),
  );
  expect(posts()).toEqual([]);
  expect([...world.github.refusals, ...world.google.refusals]).toEqual([]);
});

test('--json prints one object', async () => {
  const { code, out } = await status('--json');
  const printed = z
    .strictObject({
      markdown: z.string(),
      comment: z.null(),
      diagnosis: diagnosisSchema,
      snapshot: snapshotSchema,
    })
    .parse(JSON.parse(out));
  expect(code).toBe(0);
  expect(printed.markdown).toMatch(/^### 🔴 P0/u);
  expect(printed.snapshot.incident).toMatchObject({ issue, repository: 'netra-systems/netra-apex' });
  expect(printed.snapshot.statements.map(({ by }) => by)).toContain('mallory');
});

describe('--publish', () => {
  test('posts what it prints, once, with its marker, in the name of the token', async () => {
    const before = world.github.thread(issue).length;
    const { code, out, err } = await status('--publish');
    expect(code).toBe(0);
    const [comment, ...others] = world.github.thread(issue).slice(before);
    expect(others).toEqual([]);
    expect(comment).toMatchObject({ by: 'carol', bot: false });
    expect(comment?.body).toMatch(/\n\n<!-- sitrep:[\da-f-]{36} -->$/u);
    expect(comment?.body.replace(/\n\n<!-- sitrep:.*$/u, '')).toBe(out);
    expect(err).toContain(`#issuecomment-${String(comment?.id)}`);
    expect(posts().map(({ route }) => route)).toEqual([
      'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
    ]);
  });

  test('an update that was posted before is nobody’s statement', async () => {
    const { out } = await status('--publish', '--json');
    const again = await status('--json');
    const { snapshot } = z.object({ snapshot: snapshotSchema }).parse(JSON.parse(again.out));
    const { comment } = z.object({ comment: z.object({ url: z.string() }) }).parse(JSON.parse(out));
    expect(comment.url).toContain('#issuecomment-');
    expect(snapshot.statements.map(({ text }) => text)).not.toContainEqual(
      expect.stringContaining('P0 investigating'),
    );
  });

  test('refused: the update is printed all the same, and what to do is told', async () => {
    world.github.inject({ kind: 'denied', method: 'POST', pathIncludes: '/comments' });
    const { code, out, err } = await status('--publish');
    expect(code).toBe(1);
    expect(out).toMatch(/^### 🔴/u);
    expect(err).toMatch(/not posted: the token in GITHUB_TOKEN may not do that .* issues: write\n$/u);
    expect(err).not.toMatch(stackTrace);
  });

  test.each(['commit-then-drop', 'drop', 'commit-then-502'] as const)(
    'an answer that does not come (%s) is not tried again: nobody knows whether the comment is there',
    async (kind) => {
      const before = world.github.thread(issue).length;
      world.github.inject({ kind, method: 'POST', pathIncludes: '/comments' });
      const { code, err } = await status('--publish');
      expect(code).toBe(1);
      expect(err).toMatch(/look at https:\/\/github\.com\/netra-systems\/netra-apex\/issues\/1278 before/u);
      expect(posts()).toHaveLength(1);
      expect(world.github.thread(issue)).toHaveLength(before + (kind === 'drop' ? 0 : 1));
    },
  );
});

test('nothing at all could be read: 3, and an update that says so', async () => {
  world.github.putFile(
    '.github/sitrep.yml',
    'version: 1\ngoogle_cloud: { project: netra-staging, region: us-central1 }\ncomponents:\n  db: { type: cloud-sql, instance: staging-shared-postgres }\n',
  );
  const { code, out, err } = await sitrep(asked, {
    ...world.variables,
    SITREP_GCP_ENDPOINT: 'http://127.0.0.1:9',
  });
  expect(code).toBe(3);
  expect(out).toContain('nothing could be read');
  expect(err).toContain('nothing at all could be read');
});

describe('what is wrong with the repository', () => {
  test.each<[what: string, file: string | null, says: string[], code: number]>([
    ['no configuration', null, ['has no .github/sitrep.yml', 'commit one'], 1],
    ['one that cannot be used', 'version: [', ['.github/sitrep.yml:1:'], 1],
    [
      'one with errors: what can be read is read',
      'version: 1\ncomponents:\n  region: { type: google-region }\n  api: { type: cloud-run }\n',
      ['.github/sitrep.yml:4:'],
      3,
    ],
  ])('%s', async (_what, file, says, code) => {
    world.github.putFile('.github/sitrep.yml', file);
    const run = await status();
    expect(run.code).toBe(code);
    for (const words of says) expect(run.err).toContain(words);
    expect(run.err).not.toMatch(stackTrace);
  });
});
