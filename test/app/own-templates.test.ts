import { afterEach, describe, expect, test } from 'vitest';
import { openPlay, type Play } from './play.ts';

/** A repository's own templates, end to end: the real app over HTTP between the stand-ins. */

let play: Play;
afterEach(() => play.close());

const folder = '.github/sitrep/templates';

/** With a limit that a busy machine does not reach; the server's own where one is to be ended. */
async function withFiles(files: Record<string, string | null>, templateMs = 20_000): Promise<Play> {
  play = await openPlay({ templateMs });
  put(files);
  return play;
}

function put(files: Record<string, string | null>): void {
  for (const [path, text] of Object.entries(files)) play.github.putFile(`${folder}/${path}`, text);
}

function living(): string {
  return play.github.thread(1278).find(({ pinned }) => pinned)?.body ?? '';
}

const notUsed = /^\*\*Template not used:\*\*.*$/mu;

describe('a repository with a template of its own', () => {
  test('gets its updates by it, with our partials and its own', async () => {
    await withFiles({
      'status.hbs':
        '# OURS {{headline}}\n{{> shout}}\n\n{{#with folds}}{{> evidence evidence}}{{/with}}\n{{> footer}}\n',
      'partials/shout.hbs': '**{{state.label}}:** {{state.what}}',
      'partials/footer.hbs': 'Own footer.\n{{> sitrep/footer}}',
    });
    const { replies, reactions } = await play.say('carol', '/status');
    expect(reactions).toEqual(['eyes', 'rocket']);
    expect(replies).toHaveLength(1);
    expect(replies[0]).toMatch(/^# OURS 🔴/u);
    expect(replies[0]).toMatch(/^\*\*Broken:\*\* .*\(E\d/mu);
    expect(replies[0]).toMatch(/^Own footer\.\n+<sub>Sitrep/mu);
    expect(replies[0]).toMatch(/<summary>Evidence/u);
    expect(replies[0]).not.toMatch(notUsed);
    expect([...play.github.refusals]).toEqual([]);
  });

  test('takes no more requests than one without', async () => {
    await withFiles({ 'status.hbs': '# OURS {{headline}}\n' });
    await play.say('carol', '/sitrep help');
    const before = play.github.requests.length;
    await play.say('carol', '/status');
    const routes = play.github.requests.slice(before).map(({ route }) => route);
    expect(routes.findIndex((route) => route.endsWith('/issues/{issue_number}/comments')) + 1).toBe(5);
  });

  test('has answers for which nothing is read laid out by those that were read last', async () => {
    await withFiles({
      'help.hbs': '# OUR HELP\n',
      'refusal.hbs': '# OUR REFUSAL\n',
      'living.hbs': '# OUR BOARD {{headline}}\n',
    });
    expect((await play.say('carol', '/sitrep help')).replies[0]).not.toContain('OUR HELP');
    await play.say('carol', '/status');
    expect((await play.say('carol', '/sitrep help')).replies[0]).toMatch(/^# OUR HELP\n/u);
    expect((await play.say('carol', '/sitrep hepl')).replies[0]).toMatch(/^# OUR REFUSAL\n/u);
    expect(living()).toMatch(/^# OUR BOARD 🔴/u);
  });

  test('has the built-in ones again when it takes its own away', async () => {
    await withFiles({ 'status.hbs': '# OURS\n' });
    expect((await play.say('carol', '/status')).replies[0]).toMatch(/^# OURS\n/u);
    put({ 'status.hbs': null });
    play.clock.advance(5 * 60_000);
    expect((await play.say('carol', '/status')).replies[0]).toMatch(/^### 🔴/u);
  });

  test('keeps those that were read last where GitHub does not tell them', async () => {
    await withFiles({ 'status.hbs': '# OURS\n' });
    await play.say('carol', '/status');
    put({ 'status.hbs': '# NEWER\n' });
    play.github.inject({ kind: 'unavailable', method: 'POST', pathIncludes: '/graphql', times: 5 });
    play.clock.advance(5 * 60_000);
    expect((await play.say('carol', '/status')).replies[0]).toMatch(/^# OURS\n/u);
  });
});

describe('a template that cannot be used', () => {
  test('gives way to ours, which says so with the place, and so does the log', async () => {
    await withFiles({ 'status.hbs': '# OURS\n{{#if headline}}\n' });
    const { replies, reactions } = await play.say('carol', '/status');
    expect(reactions).toEqual(['eyes', 'rocket']);
    expect(replies[0]).toMatch(/^### 🔴/u);
    expect(replies[0]).toMatch(/<summary>Evidence/u);
    expect(notUsed.exec(replies[0] ?? '')?.[0]).toBe(
      '**Template not used:** `.github/sitrep/templates/status.hbs` (`3:1`) does not parse: it ends within a block or between braces. This is the built-in one; `sitrep check` tells more.',
    );
    const line = play.logged.find((entry) => entry.includes('a template of the repository was not used'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ file: 'status.hbs', line: 3, code: 'template-syntax' });
  });

  test('is told for what it concerns only', async () => {
    await withFiles({ 'status.hbs': '{{#if headline}}', 'brief.hbs': '# OUR BRIEF\n' });
    expect((await play.say('carol', '/status')).replies[0]).toMatch(notUsed);
    expect((await play.say('carol', '/sitrep brief')).replies[0]).toMatch(/^# OUR BRIEF\n/u);
    expect((await play.say('carol', '/sitrep help')).replies[0]).not.toMatch(notUsed);
  });

  test('holds nothing up by looping: it is ended, and the update comes', async () => {
    const each = '{{#each @root.folds}}{{#each rows}}';
    const end = '{{/each}}{{/each}}';
    await withFiles({ 'status.hbs': `${each.repeat(6)}x${end.repeat(6)}` }, 500);
    const { replies } = await play.say('carol', '/status');
    expect(replies[0]).toMatch(/^### 🔴/u);
    expect(notUsed.exec(replies[0] ?? '')?.[0]).toMatch(/takes too (?:long|much memory), and was ended/u);
  });

  test('that is too large, or of no kind, is refused with its reason, and the others are used', async () => {
    await withFiles({
      'status.hbs': 'x'.repeat(65 * 1024),
      'brief.hbs': '# OUR BRIEF\n',
      'statsu.hbs': '# ?\n',
      'README.md': 'How we write them',
    });
    expect(notUsed.exec((await play.say('carol', '/status')).replies[0] ?? '')?.[0]).toContain(
      'is larger than a template may be',
    );
    expect((await play.say('carol', '/sitrep brief')).replies[0]).toMatch(/^# OUR BRIEF\n/u);
    const told = play.logged.filter((entry) =>
      entry.includes('templates of the repository are not accepted'),
    );
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('did you mean status.hbs?');
    expect(told[0]).not.toContain('README');
  });
});
