import { describe, expect, test } from 'vitest';
import { subcommands } from '../../src/cli/list.ts';
import { createProgram } from '../../src/cli/program.ts';
import { openLine, sitrep } from './run.ts';

describe('--help', () => {
  test('of sitrep names every subcommand and every exit code', async () => {
    const { code, out } = await sitrep(['--help']);
    expect(code).toBe(0);
    for (const name of [
      'start',
      'sandbox',
      'collect',
      'diagnose',
      'render',
      'status',
      'replay',
      'check',
      'doctor',
    ])
      expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'mu'));
    for (const number of [0, 1, 2, 3, 70]) expect(out).toMatch(new RegExp(`^  ${String(number)} +\\w`, 'mu'));
  });

  test.each(subcommands.map(({ name }) => name))('of %s says what it does, with an example', async (name) => {
    const { code, out, err } = await sitrep([name, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(new RegExp(`Examples:\\n(?:  .*sitrep ${name}\\b.*\\n)+`, 'u'));
  });

  test('--version is that of the package', async () => {
    expect(await sitrep(['--version'])).toEqual({ code: 0, out: '0.1.0\n', err: '' });
  });
});

test.each(subcommands.flatMap(({ examples }) => examples))(
  'the example is a right call: %s',
  async (example) => {
    const line = openLine();
    const program = createProgram(subcommands, line, () => undefined);
    const ran: string[] = [];
    for (const command of program.commands) command.action(() => void ran.push(command.name()));
    const words = example.slice(example.indexOf('sitrep ') + 'sitrep '.length).split(' ');
    await program.parseAsync(words, { from: 'user' });
    expect(ran).toHaveLength(1);
  },
);

describe('a wrong call ends with 2 and tells how it is right', () => {
  test.each<[args: string, says: string]>([
    ['', 'Usage: sitrep'],
    ['statsu', 'Did you mean status?'],
    ['start now', 'too many arguments'],
    ['sandbox --port web', '0 to 65535'],
    ['sandbox --port 65536', '0 to 65535'],
    ['sandbox --json', '--json needs --once'],
    ['sandbox --unce', 'Did you mean --once?'],
    ['collect --config a.yml', '--out <FILE>'],
    ['collect --config a.yml --out b --at yesterday', '2025-09-15T18:05:00Z'],
    ['collect --config a.yml --out b --at 2025-02-30T25:00:00Z', '2025-09-15T18:05:00Z'],
    ['collect --config a.yml --out b --at 2999-01-01T00:00:00Z', 'that time is ahead'],
    ['diagnose --snapshot s.json', '--config <FILE>'],
    ['render --config a.yml --snapshot s.json --kind poem', 'status'],
    ['status --repo netra --issue 1', 'OWNER/NAME'],
    ['status --repo netra/apex --issue one', 'number of an issue'],
    ['status --repo netra/apex', '--issue <N>'],
    ['replay --repo netra/apex --closed 0', '1 to 100'],
    ['replay', '--repo <OWNER/NAME>'],
  ])('%s', async (args, says) => {
    const { code, out, err } = await sitrep(args === '' ? [] : args.split(' '));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
  });
});
