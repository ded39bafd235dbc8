import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { openLine } from '../run.ts';
import { drawn, screenOf } from '../screen.ts';
import { openWorld, type World } from '../world.ts';

/** What a person sees of a collection, on a terminal and without one; the stand-ins deny some of it. */

let world: World;
beforeAll(async () => {
  world = await openWorld('evidence-missing');
});
afterAll(() => world.close());

// The spinner's package reads these of the process itself.
beforeEach(() => {
  vi.stubEnv('CI', undefined);
  vi.stubEnv('TERM', 'xterm-256color');
});

type Variables = Record<string, string>;

async function collected(columns: number | null, variables: Variables) {
  const screen = screenOf(columns);
  const line = openLine({ ...world.variables, TERM: 'xterm-256color', ...variables }, undefined, screen);
  const code = await main(['collect', '--config', world.config, '--out', '-'], line);
  return { code, ...line.written, screen };
}

/** Lines without what differs from one collection to the next: times, and who answered first. */
function settled(lines: readonly string[]): string[] {
  return lines
    .map((line) => line.replaceAll(/\d+ ms/gu, '0 ms').replaceAll(/\d+\.\d s/gu, '0.0 s'))
    .filter((line) => line !== '')
    .toSorted();
}

const told = [
  '21/24 reads OK · 0.0 s · 3 gaps: 1 denied, 2 API not enabled',
  '✓ cloud-run-metrics ledger · 0 ms',
  '✓ cloud-run-revisions ledger · 0 ms',
  '✓ cloud-run-services ledger · 0 ms',
  '✓ cloud-sql-metrics db · 0 ms',
  '✓ healthy-revision ledger · 0 ms',
  '✓ http-endpoint posting · 0 ms',
  '✓ vpc-connector connector · 0 ms',
  '✓ vpc-connector-metrics connector · 0 ms',
  '✗ cloud-sql db · 0 ms · API not enabled',
  '✗ cloud-sql-operations db · 0 ms · API not enabled',
  '✗ log-entries ledger · 0 ms · denied',
];

const escape = '\u001b';
const spinner = `${escape}[?25l`;
const colour = new RegExp(`${escape}\\[3[0-9]m`, 'u');
const control = /(?!\n)\p{Cc}/u;

describe('how it is shown', () => {
  test.each<[what: string, columns: number | null, variables: Variables, spins: boolean, colours: boolean]>([
    ['a terminal', 80, {}, true, true],
    ['no terminal', null, {}, false, false],
    ['a terminal, NO_COLOR=1', 80, { NO_COLOR: '1' }, true, false],
    ['a terminal, NO_COLOR empty', 80, { NO_COLOR: '' }, true, true],
    ['a terminal, TERM=dumb', 80, { TERM: 'dumb' }, false, false],
    ['a terminal, CI=true', 80, { CI: 'true' }, false, false],
    ['no terminal, NO_COLOR=1', null, { NO_COLOR: '1' }, false, false],
    ['no terminal, FORCE_COLOR=1', null, { FORCE_COLOR: '1' }, false, true],
    ['no terminal, FORCE_COLOR=0', null, { FORCE_COLOR: '0' }, false, false],
    ['a terminal, FORCE_COLOR=0', 80, { FORCE_COLOR: '0' }, true, false],
    ['a terminal, FORCE_COLOR=1 and NO_COLOR=1', 80, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, true],
  ])('%s', async (_, columns, variables, spins, colours) => {
    const { code, err, screen } = await collected(columns, variables);
    const { lines, ...after } = drawn(err, columns ?? 80);
    expect({ code, spins: err.includes(spinner), colours: colour.test(err) }).toEqual({
      code: 0,
      spins,
      colours,
    });
    // Whatever was drawn meanwhile: what stays are the same lines, each once.
    expect(settled(lines)).toEqual(told);
    expect(lines.at(-1)).toBe('');
    expect(after).toEqual({ cursorVisible: true, coloured: false, column: 0 });
    expect(screen.restores.size).toBe(0);
    expect(control.test(err)).toBe(spins || colours);
  });
});

test.each([20, 33, 1, 0])('a terminal of %i columns: what is waited for never wraps', async (columns) => {
  const { err } = await collected(columns, {});
  const frames = err
    .split('\u001b[?2026h')
    .map((frame) => drawn(frame.split('\u001b[?2026l', 1)[0] ?? '', 999));
  const widest = Math.max(...frames.flatMap(({ lines }) => lines.map((line) => line.length)));
  expect(frames.length).toBeGreaterThan(12);
  // The spinner's frame itself takes a column, and a terminal that tells no columns counts as one of 80.
  expect(widest).toBeLessThan(Math.max(columns || 80, 2));
});

test('standard output is the same on a terminal: one object, and nothing else', async () => {
  const { out } = await collected(80, {});
  expect(out.startsWith('{\n')).toBe(true);
  expect(Object.keys(JSON.parse(out))).toContain('observations');
  expect(out).not.toMatch(control);
});

test('what is still waited for is shown with its seconds, first what has the longest way', async () => {
  const { err } = await collected(300, { NO_COLOR: '1' });
  const first = err
    .split(escape)
    .find((part) => part.includes('waiting for'))
    ?.replace(/^.*?(\S 0 s)/u, '$1');
  expect(first).toMatch(/^\S 0 s · waiting for cloud-run-services, cloud-run-revisions, cloud-run-metrics/u);
  expect(first).toContain('http-endpoint');
});

test('a source that is away: told in words, once, and among the gaps', async () => {
  const variables = { SITREP_GCP_ENDPOINT: 'http://127.0.0.1:9' };
  const { err } = await collected(null, variables);
  const lines = settled(err.split('\n'));
  expect(lines).toContain('✗ cloud-run-services ledger · 0 ms · no credentials');
  expect(new Set(lines).size).toBe(lines.length);
  expect(
    lines.filter((line) => /^\d+\/\d+ reads OK · 0\.0 s · \d+ gaps: .*no credentials/u.test(line)),
  ).toHaveLength(1);
});
