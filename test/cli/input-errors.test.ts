import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sitrep, stackTrace } from './run.ts';

/** What is wrong with what was given ends with 1, in words, before anything is read. */

let dir = '';
let taken: Server;
let port = 0;

const sound = 'version: 1\ncomponents:\n  api: { type: http, url: "https://api.example.com/health" }\n';
const unsound = [
  'version: 1',
  'components:',
  '  api: { type: htp, url: "https://api.example.com" }',
  '  web: { type: http, url: "https://example.com", depends_on: [apy] }',
  'checkpoints: [soon]',
].join('\n');
const snapshot = {
  version: 1,
  takenAt: '2026-03-03T10:00:00Z',
  window: { from: '2026-03-03T09:00:00Z', to: '2026-03-03T10:00:00Z' },
  budgetMs: 8_000,
  observations: [],
  gaps: [],
  statements: [],
  changes: [],
  history: [],
  previous: null,
};
const observation = {
  id: 'E1',
  component: 'api',
  signal: 'status',
  value: '200',
  unit: null,
  window: null,
  at: '2026-03-03T10:00:00Z',
  source: { api: 'probe', method: 'GET', query: 'https://api.example.com/health' },
};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sitrep-cli-'));
  await mkdir(join(dir, 'folder'));
  await mkdir(join(dir, 'outage'));
  const files: Record<string, string> = {
    'sound.yml': sound,
    'unsound.yml': unsound,
    'broken.yml': 'version: [1',
    'outage/scenario.yml': 'version: 1\ntitle: Nothing\nstart: noon\nfocus: none\n',
    'text.json': 'no JSON',
    'wrong.json': JSON.stringify({ ...snapshot, version: 2, takenAt: 'noon', gaps: [{}] }),
    'other.json': JSON.stringify({ ...snapshot, observations: [{ ...observation, component: 'shop' }] }),
    'mixed.json': JSON.stringify({
      ...snapshot,
      observations: [observation, { ...observation, id: 'E2', component: 'shop' }],
    }),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(0, '127.0.0.1', resolve);
  });
  const address = taken.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(async () => {
  taken.close();
  await rm(dir, { recursive: true });
});

/** Runs `sitrep` with {dir} and {port} filled in. */
function run(args: string, environment: Record<string, string> = {}) {
  const filled = args.split(' ').map((word) => word.replace('{dir}', dir).replace('{port}', String(port)));
  return sitrep(filled, environment);
}

describe('files', () => {
  test.each<[args: string, says: string[]]>([
    ['check {dir}/none.yml', ['none.yml: there is no such file']],
    ['check {dir}/folder', ['folder: it is a directory; name a file']],
    ['check {dir}/sound.yml/deeper', ['a part of the path is no directory']],
    ['collect --config {dir}/none.yml --out {dir}/s.json', ['none.yml: there is no such file']],
    ['collect --config {dir}/sound.yml --out {dir}/folder', ['folder: it is a directory; name a file']],
    ['collect --config {dir}/sound.yml --out {dir}/nowhere/s.json', ['there is no directory', 'create it']],
    ['collect --config {dir}/sound.yml --out {dir}/sound.yml/s.json', ['a part of the path is no directory']],
    ['collect --config {dir}/none.yml --out {dir}/folder', ['no such file', 'it is a directory']],
    [
      'collect --config {dir}/unsound.yml --out {dir}/s.json',
      ['unsound.yml:3:', 'unsound.yml:4:', 'unsound.yml:5:', 'did you mean'],
    ],
    ['collect --config {dir}/broken.yml --out {dir}/s.json', ['broken.yml:1:']],
    [
      'collect --config {dir}/sound.yml --environment prod --out {dir}/s.json',
      ['sound.yml has no environment prod'],
    ],
    ['diagnose --config {dir}/sound.yml --snapshot {dir}/folder', ['folder: it is a directory']],
    ['diagnose --config {dir}/sound.yml --snapshot {dir}/text.json', ['text.json is not JSON']],
    [
      'diagnose --config {dir}/sound.yml --snapshot {dir}/wrong.json',
      ['wrong.json is no snapshot', '→ at version', '→ at takenAt', '→ at gaps[0].id'],
    ],
    ['diagnose --config {dir}/none.yml --snapshot {dir}/text.json', ['no such file', 'is not JSON']],
    [
      'diagnose --config {dir}/sound.yml --snapshot {dir}/other.json',
      ['other.json holds none of the components of'],
    ],
    ['render --config {dir}/sound.yml --snapshot {dir}/none.json --kind status', ['no such file']],
    ['sandbox --scenario nowhere --once', ['no scenario nowhere', 'connector-saturated']],
    ['sandbox --scenario {dir}/folder --once', ['scenario.yml: the file is missing']],
  ])('%s', async (args, says) => {
    const { code, out, err } = await run(args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    for (const words of says) expect(err).toContain(words);
    expect(err).not.toMatch(stackTrace);
  });

  test('a snapshot that holds more than the configuration is read, and that is told', async () => {
    const { code, out, err } = await run('diagnose --config {dir}/sound.yml --snapshot {dir}/mixed.json');
    expect(code).toBe(0);
    expect(out).not.toBe('');
    expect(err).toContain('left out: shop');
  });

  test('a scenario that cannot be played: every problem with its place', async () => {
    const { code, err } = await run('sandbox --scenario {dir}/outage --once');
    expect(code).toBe(1);
    expect(err).toMatch(/scenario\.yml:3:8: start: /u);
    expect(err).toMatch(/scenario\.yml:4:8: focus: /u);
  });
});

describe('check', () => {
  test('no error: 0', async () => {
    expect(await run('check {dir}/sound.yml')).toEqual({
      code: 0,
      out: `${join(dir, 'sound.yml')}: no error\n`,
      err: '',
    });
  });

  test('errors are the result: all at once, each with line, column and remedy', async () => {
    const { code, out, err } = await run('check {dir}/unsound.yml');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/unsound\.yml:3:16: .*htp.*; .*http/u),
      expect.stringMatching(/unsound\.yml:4:\d+: .*apy.*; .*api/u),
      expect.stringMatching(/unsound\.yml:5:\d+: .*; .*/u),
    ]);
  });

  test('--json gives the same to a machine', async () => {
    const { code, out } = await run('check --json {dir}/unsound.yml');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      file: join(dir, 'unsound.yml'),
      errors: [
        expect.objectContaining({ line: 3, column: 16, remedy: expect.any(String) }),
        expect.objectContaining({ line: 4 }),
        expect.objectContaining({ line: 5 }),
      ],
    });
  });
});

describe('the environment', () => {
  test('status tells every problem at once', async () => {
    const { code, out, err } = await run('status --repo netra/apex --issue 1', {
      LOG_LEVEL: 'loud',
      GHE_HOST: 'a b',
      SITREP_GCP_ENDPOINT: 'https://example.com',
    });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(
      err
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(expect.arrayContaining(['LOG_LEVEL', 'GHE_HOST', 'SITREP_GCP_ENDPOINT', 'GITHUB_TOKEN']));
  });

  test('start tells every problem at once, and repeats no secret', async () => {
    const { code, err } = await run('start', {
      PRIVATE_KEY: 'not-a-key-but-secret',
      WEBHOOK_SECRET: 'development',
      PORT: 'web',
      SITREP_POLICY: join(dir, 'none.yml'),
    });
    expect(code).toBe(1);
    expect(
      err
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(expect.arrayContaining(['APP_ID', 'PRIVATE_KEY', 'WEBHOOK_SECRET', 'PORT', 'SITREP_POLICY']));
    expect(err).not.toContain('not-a-key-but-secret');
    expect(err).not.toMatch(stackTrace);
  });
});

test('sandbox: a port that is taken', async () => {
  const { code, err } = await run('sandbox --scenario healthy --port {port}');
  expect(code).toBe(1);
  expect(err).toMatch(/the port is taken \(.*\); choose another one with --port N/u);
  expect(err).not.toMatch(stackTrace);
});
