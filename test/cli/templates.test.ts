import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sitrep, type Run } from './run.ts';
import { openWorld, type World } from './world.ts';

/** Templates on the command line: checked beside a configuration, and used. */

let world: World;
let folder = '';
let snapshot = '';

beforeAll(async () => {
  world = await openWorld('crash-on-start');
  folder = join(world.dir, 'sitrep', 'templates');
  snapshot = join(world.dir, 'snapshot.json');
  await sitrep(['collect', '--config', world.config, '--out', snapshot], world.variables);
});
afterAll(() => world.close());
beforeEach(() => rm(folder, { recursive: true, force: true }));

async function write(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

const check = (...options: string[]): Promise<Run> => sitrep(['check', world.config, ...options]);

function render(...options: string[]): Promise<Run> {
  return sitrep(['render', '--config', world.config, '--snapshot', snapshot, '--kind', 'status', ...options]);
}

describe('check', () => {
  test('says nothing of templates where there are none', async () => {
    expect(await check()).toEqual({ code: 0, out: `${world.config}: no error\n`, err: '' });
  });

  test('sound ones: 0', async () => {
    await write({
      'status.hbs': '# {{headline}}\n{{> sitrep/footer}}\n',
      'partials/mine.hbs': 'x',
      'README.md': '{{',
    });
    expect(await check()).toEqual({
      code: 0,
      out: `${world.config}: no error\n${folder}: no error\n`,
      err: '',
    });
  });

  test('all errors of all files at once, each with line, column and remedy', async () => {
    await write({
      'status.hbs': '# {{headline}}\n{{shell "ls"}}\n  {{> nowhere}} {{#if}}{{/if}}\n',
      'brief.hbs': '# {{headline}}\n{{#if next}}\n',
      'living.hbs': '{{#if affected}}x{{/if}}',
      'declare.hbs': '```\n{{headline}}\n',
      'statsu.hbs': 'x',
      'help.hbs': new Uint8Array([0x78, 0xff, 0xfe]),
      'partials/unused.hbs': '\n{{/each}}',
    });
    await symlink(world.config, join(folder, 'criteria.hbs'));
    const { code, out, err } = await check();
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const [, ...lines] = out.trimEnd().split('\n');
    expect(lines.map((line) => line.slice(folder.length + 1))).toEqual([
      expect.stringMatching(
        /^brief\.hbs:3:1: does not parse: it ends within a block .*; close what is open/u,
      ),
      expect.stringMatching(/^criteria\.hbs: .* a link to another file; /u),
      expect.stringMatching(/^declare\.hbs: leaves a code fence open; close it/u),
      expect.stringMatching(/^help\.hbs: is no text that can be read, .*; save it/u),
      expect.stringMatching(/^living\.hbs: gives nothing; print something for every state/u),
      expect.stringMatching(/^partials\/unused\.hbs:2:1: does not parse: .*; close what is open/u),
      expect.stringMatching(/^statsu\.hbs: .*no kind of update; did you mean status\.hbs\?/u),
      expect.stringMatching(
        /^status\.hbs:2:1: uses the helper `shell`, which there is not; the helpers are if/u,
      ),
      expect.stringMatching(/^status\.hbs:3:3: uses the partial `nowhere`, .*; add partials\/nowhere\.hbs/u),
      expect.stringMatching(/^status\.hbs:3:17: gives the helper `if` too few arguments; it takes 1/u),
    ]);
  });

  test('--json gives the same to a machine', async () => {
    await write({ 'brief.hbs': '{{#if next}}' });
    const { code, out } = await check('--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      file: world.config,
      errors: [],
      templates: {
        folder,
        errors: [expect.objectContaining({ file: 'brief.hbs', line: 1, code: 'template-syntax' })],
      },
    });
  });
});

describe('render --templates', () => {
  test('lays out by them', async () => {
    await write({ 'status.hbs': '# OURS {{headline}}\n' });
    const { code, out, err } = await render('--templates', folder);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^# OURS \S/u);
  });

  test('falls back as the server does, and says so with a code of its own', async () => {
    await write({ 'status.hbs': '# OURS\n{{/if}}' });
    const { code, out, err } = await render('--templates', folder);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^### [^]*\*\*Template not used:\*\* `\.github\/sitrep\/templates\/status\.hbs` \(`2:1`\)/u,
    );
    expect(err).toMatch(/status\.hbs:2:1: does not parse/u);
  });

  test('a directory that is not there is told', async () => {
    const { code, err } = await render('--templates', join(world.dir, 'nowhere'));
    expect(code).toBe(1);
    expect(err).toMatch(/nowhere: there is no such directory/u);
  });
});

test('status reads those of the repository', async () => {
  world.github.putFile('.github/sitrep/templates/status.hbs', '# OURS {{headline}}\n');
  const { code, out } = await sitrep(['status', '--repo', 'acme/shop', '--issue', '13'], world.variables);
  expect(code).toBe(0);
  expect(out).toMatch(/^# OURS \S/u);
});
