import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import lock from '../../package-lock.json' with { type: 'json' };
import manifest from '../../package.json' with { type: 'json' };
import { fencesOf } from './fences.ts';
import { fileOf } from './pages.ts';
import { commandsIn } from './shell.ts';

/** Calls of other tools in the shell blocks: carried out where that costs nothing, else held against what they work on. */

const dir = mkdtempSync(join(tmpdir(), 'sitrep-tools-'));
afterAll(() => rmSync(dir, { recursive: true }));

const calls = fencesOf('sh').flatMap(({ text }) => commandsIn(text));
const callsOf = (tool: string): string[] => [
  ...new Set(calls.filter(({ words }) => words[0] === tool).map(({ text }) => text)),
];

function bash(script: string): string {
  return execFileSync('bash', ['-euc', script], { cwd: dir, encoding: 'utf8', stdio: 'pipe' });
}

describe('git', () => {
  test('git clone https://github.com/netra-systems/sitrep makes sitrep', () => {
    expect(callsOf('git')).toEqual(['git clone https://github.com/netra-systems/sitrep']);
    // This checkout stands for the one on GitHub, without its files.
    bash(
      `git clone --quiet --no-checkout --shared '${fileOf('')}' sitrep && cd sitrep && git rev-parse HEAD`,
    );
  });
});

describe('npm', () => {
  test('is called so, beside npm run', () => {
    const others = callsOf('npm').filter((call) => !/^npm (?:run|start)|npm start$/u.test(call));
    expect(others).toEqual(['npm ci', 'npm install --global sitrep']);
  });

  test('npm ci: the lock is that of the manifest, without which it ends', () => {
    const { dependencies, devDependencies, engines, bin } = lock.packages[''];
    expect({ dependencies, devDependencies }).toEqual({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
    // npm install --global sitrep, which `npm run packed` carries out, gives this command to these.
    expect({ engines, bin }).toEqual({ engines: manifest.engines, bin: manifest.bin });
  });
});

describe('the shell', () => {
  test('openssl rand -hex 24', () => {
    expect(callsOf('openssl')).toEqual(['openssl rand -hex 24']);
    expect(bash('openssl rand -hex 24')).toMatch(/^[\da-f]{48}\n$/u);
  });

  test('the line for .env is one', () => {
    const block = fencesOf('sh').find(({ text }) => text.startsWith('echo '));
    bash(block?.text ?? 'false');
    expect(readFileSync(join(dir, '.env'), 'utf8')).toBe('SITREP_POLICY=sitrep.policy.yml\n');
  });

  test('printf makes an address of the database that is one, and secrets that are whole', () => {
    const made = callsOf('printf').map((call) => bash(`password=p4ss; WEBHOOK_SECRET=s3cret; ${call}`));
    expect(made).toContain('s3cret');
    const url = new URL(made.find((text) => text.startsWith('postgres://')) ?? '');
    expect({ password: url.password, host: url.searchParams.get('host') }).toEqual({
      password: 'p4ss',
      host: '/cloudsql/PROJECT:REGION:sitrep',
    });
  });

  test('export and cat put a key into a variable', () => {
    writeFileSync(join(dir, 'key.pem'), 'of two\nlines\n');
    const [exported = ''] = callsOf('export');
    expect(bash(`${exported}; printenv TF_VAR_private_key TF_VAR_database_password`)).toMatch(
      /^of two\nlines\n[\da-f]{48}\n$/u,
    );
  });

  test('cd goes to a directory that is there', () => {
    expect(callsOf('cd')).toEqual(['cd deploy/terraform', 'cd sitrep']);
    expect(existsSync(fileOf('deploy/terraform/service.tf'))).toBe(true);
  });
});

test('gh is asked for its token, and for nothing else', () => {
  expect(callsOf('gh')).toEqual(['gh auth token']);
});

describe('terraform', () => {
  const variables = ['variables.tf'].flatMap((file) => {
    const text = readFileSync(fileOf(`deploy/terraform/${file}`), 'utf8');
    return [...text.matchAll(/^variable "(\w+)" \{\n([^]*?)^\}/gmu)].map(([, name = '', body = '']) => ({
      name,
      isRequired: !/^\s+default\s/mu.test(body),
    }));
  });

  test('is given variables that there are, and all that it must have', () => {
    const apply = callsOf('terraform').find((call) => call.startsWith('terraform apply')) ?? '';
    const given = [
      ...[...apply.matchAll(/-var '?(\w+)=/gu)].map(([, name]) => name),
      ...[
        ...callsOf('export')
          .join(' ')
          .matchAll(/TF_VAR_(\w+)=/gu),
      ].map(([, name]) => name),
    ];
    const names = new Set(variables.map(({ name }) => name));
    expect(given.filter((name) => !names.has(name ?? ''))).toEqual([]);
    expect(variables.filter(({ name, isRequired }) => isRequired && !given.includes(name))).toEqual([]);
    expect(callsOf('terraform').map((call) => call.split(' ')[1])).toEqual(['init', 'apply']);
  });
});

describe('docker', () => {
  const [call = ''] = callsOf('docker');
  /** Of `docker run`, by its reference. */
  const known = [
    'detach',
    'name',
    'restart',
    'read-only',
    'tmpfs',
    'cap-drop',
    'security-opt',
    'publish',
    'volume',
    'env',
  ];

  test('is called with flags that there are, and an image of this version', () => {
    const flags = [...call.matchAll(/ --([\w-]+)/gu)].map(([, flag = '']) => flag);
    expect([...new Set(flags)].toSorted()).toEqual(known.toSorted());
    expect(call).toMatch(
      new RegExp(`^docker run [^]* ghcr\\.io/netra-systems/sitrep:${manifest.version}$`, 'u'),
    );
  });

  test('the variables that it passes on are those that a server must have', () => {
    const passed = [...call.matchAll(/--env (\w+)/gu)].map(([, name]) => name);
    expect(passed).toEqual(['APP_ID', 'PRIVATE_KEY', 'WEBHOOK_SECRET', 'DATABASE_URL', 'SITREP_POLICY']);
  });
});
