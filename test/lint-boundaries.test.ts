import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '..');
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sitrep-lint-'));
  await cp(path.join(root, '.oxlintrc.json'), path.join(dir, '.oxlintrc.json'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What the linter says of one file with this text. */
async function lint(file: string, text: string): Promise<string> {
  await mkdir(path.join(dir, path.dirname(file)), { recursive: true });
  await writeFile(path.join(dir, file), text);
  try {
    const { stdout } = await run(path.join(root, 'node_modules/.bin/oxlint'), ['-f', 'unix', file], {
      cwd: dir,
    });
    return stdout;
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
  }
}

describe('imports run one way', () => {
  test.each<[file: string, from: string]>([
    ['src/core/a.ts', '../collectors/collect.ts'],
    ['src/core/rules/a.ts', '../../store/open.ts'],
    ['src/core/a.ts', '../config/repository.ts'],
    ['src/core/a.ts', 'node:fs'],
    ['src/core/a.ts', 'pg'],
    ['src/core/a.ts', 'probot'],
    ['src/config/a.ts', '../commands/status.ts'],
    ['src/collectors/a.ts', '../store/open.ts'],
    ['src/store/a.ts', '../queue/queue.ts'],
    ['src/queue/a.ts', '../publish/comment.ts'],
    ['src/publish/a.ts', '../templates/render.ts'],
    ['src/templates/a.ts', '../collectors/collect.ts'],
    ['src/publish/a.ts', 'probot'],
    ['src/commands/a.ts', '../handlers/dispatch.ts'],
    ['src/commands/a.ts', '../index.ts'],
    ['src/handlers/a.ts', '../store/open.ts'],
    ['src/worker/a.ts', '../handlers/dispatch.ts'],
    ['src/intake/a.ts', '../store/open.ts'],
    ['src/commands/a.ts', '../../sandbox/run.ts'],
  ])('%s may not import %s', async (file, from) => {
    expect(await lint(file, `import { a } from '${from}';\nexport const b = a;\n`)).toContain(
      'no-restricted-imports',
    );
  });

  test.each<[file: string, text: string]>([
    [
      'src/core/a.ts',
      `import type { Configuration } from '../config/repository.schema.ts';\nexport type A = Configuration;\n`,
    ],
    ['src/collectors/a.ts', `import { signal } from '../core/signals.ts';\nexport const a = signal;\n`],
    ['src/commands/a.ts', `import { collect } from '../collectors/collect.ts';\nexport const a = collect;\n`],
    ['src/handlers/a.ts', `import type { Probot } from 'probot';\nexport type A = Probot;\n`],
  ])('%s may import what stands below it', async (file, text) => {
    expect(await lint(file, text)).not.toContain('no-restricted-imports');
  });
});

test('only config reads the environment', async () => {
  const text = 'export const port = process.env["PORT"];\n';
  expect(await lint('src/commands/b.ts', text)).toContain('no-process-env');
  expect(await lint('src/config/environment.ts', text)).not.toContain('no-process-env');
});
