import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { drawn } from '../screen.ts';

/** A real terminal: a pseudo-terminal that `script` of util-linux opens. What it shows in the end is what counts. */

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));
const columns = 72;
const hidden = '\u001b[?25l';

interface Session {
  written: string;
  code: number | null;
}

/** Runs `sitrep` as a person does; once what is written matches, the person presses these keys. */
async function session(
  args: string[],
  press: { when: RegExp; keys: string } | null = null,
): Promise<Session> {
  const command = [
    `stty cols ${String(columns)};`,
    'exec',
    process.execPath,
    cli,
    ...args,
    '>/dev/null',
  ].join(' ');
  const own = Object.entries(process.env).filter(
    ([name]) => !['CI', 'NO_COLOR', 'FORCE_COLOR'].includes(name),
  );
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...Object.fromEntries(own), TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let written = '';
  let pressed = false;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    written += text;
    if (pressed || press === null || !press.when.test(written)) return;
    pressed = true;
    child.stdin.write(press.keys);
  });
  await once(child, 'close');
  return { written, code: child.exitCode };
}

const play = ['sandbox', '--once', '--scenario', 'evidence-missing'];

// The whole app starts in each of them.
describe('on a pseudo-terminal', { timeout: 120_000 }, () => {
  test('the final screen holds the lines that stay and nothing else, and the cursor is to be seen', async () => {
    const { written, code } = await session(play);
    expect(code).toBe(0);
    expect(written).toContain(hidden);
    expect(written).toMatch(/waiting for /u);
    const { lines, ...after } = drawn(written, columns);
    expect(after).toEqual({ cursorVisible: true, coloured: false, column: 0 });
    const stays = lines.filter((line) => line !== '');
    expect(stays[0]).toBe('1/1 zoe writes /status');
    expect(
      stays
        .slice(1, -2)
        .map((line) => line.replace(/\d+ ms/u, '0 ms'))
        .toSorted(),
    ).toEqual(
      expect.arrayContaining(['  ✓ http-endpoint posting · 0 ms', '  ✗ log-entries ledger · 0 ms · denied']),
    );
    expect(stays.slice(1, -2).filter((line) => !/^ {2}[✓!✗] \S+ \S+ · \d+ ms/u.test(line))).toEqual([]);
    expect(stays.at(-2)).toMatch(/^ {2}\d+\/\d+ reads OK · /u);
    expect(stays.at(-1)).toMatch(/^1 look · \d+\/\d+ reads OK · /u);
    expect(lines.slice(0, -1)).not.toContain('');
  });

  test.each<[what: string, when: RegExp]>([
    ['while the app starts', /starting the stand-ins/u],
    ['while it is read', /waiting for cloud-run/u],
  ])(
    'Ctrl-C %s: the cursor is to be seen, the line is clean, and the shell learns of it',
    async (_, when) => {
      const { written, code } = await session(play, { when, keys: '\u0003' });
      expect(code).toBe(130);
      // The terminal echoes the key.
      const { lines, ...after } = drawn(written.replace('^C', ''), columns);
      expect(after).toMatchObject({ cursorVisible: true, coloured: false });
      expect(lines.at(-1)).toBe('');
      expect(lines.join('\n')).not.toMatch(/waiting for|starting|reads OK · .*\n.*reads OK/u);
    },
  );
});
