import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

/** What Sitrep is made of, and by whom it is built: nothing comes in unseen. */

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '..', '..');
const read = (file: string) => readFile(path.join(root, file), 'utf8');

const versions = z.record(z.string(), z.string());
const manifestSchema = z.looseObject({
  dependencies: versions,
  devDependencies: versions,
  overrides: versions,
  allowScripts: z.record(z.string(), z.boolean()),
});
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      name: z.string().optional(),
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      dev: z.boolean().optional(),
      optional: z.boolean().optional(),
      devOptional: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});

const manifest = manifestSchema.parse(JSON.parse(await read('package.json')));
const lock = lockSchema.parse(JSON.parse(await read('package-lock.json')));
const installed = Object.entries(lock.packages).filter(([place]) => place !== '');

/** `@scope/name` of `node_modules/a/node_modules/@scope/name`. */
function nameOf(place: string): string {
  return place.split('node_modules/').at(-1) ?? place;
}

describe('packages', () => {
  test.each(Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.overrides }))(
    '%s is wanted in one exact version: %s',
    (_name, version) => {
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/u);
    },
  );

  test('every package of the lockfile is known by its content, and none names where it came from', () => {
    expect(installed.length).toBeGreaterThan(400);
    expect(installed.filter(([, { integrity }]) => integrity?.startsWith('sha512-') !== true)).toEqual([]);
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  test('each that brings an install script was decided on, and no other', () => {
    const withScripts = installed.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect(Object.keys(manifest.allowScripts).toSorted()).toEqual(
      [...new Set(withScripts.map(([place]) => nameOf(place)))].toSorted(),
    );
  });
});

/** The exit code and the error stream of a dry run, with this list of scripts. */
async function dryRun(allowScripts: Record<string, boolean>): Promise<{ code: number; stderr: string }> {
  const dir = await mkdtemp(path.join(tmpdir(), 'sitrep-supply-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await cp(path.join(root, '.npmrc'), path.join(dir, '.npmrc'));
  await cp(path.join(root, 'package-lock.json'), path.join(dir, 'package-lock.json'));
  await writeFile(path.join(dir, 'package.json'), JSON.stringify({ ...manifest, allowScripts }));
  try {
    const { stderr } = await run('npm', ['ci', '--dry-run', '--offline'], { cwd: dir });
    return { code: 0, stderr };
  } catch (error) {
    const failed = z.object({ code: z.number(), stderr: z.string() }).parse(error);
    return failed;
  }
}

describe('npm ci', () => {
  let knowsScripts = false;
  beforeAll(async () => {
    const { stdout } = await run('npm', ['config', 'get', 'strict-allow-scripts'], { cwd: root });
    knowsScripts = stdout.trim() === 'true';
    if (!knowsScripts && process.env['CI'] === undefined)
      process.stderr.write(
        '\n*** this npm runs every install script: that ours are refused was NOT tried (npm install -g npm@11.19.1) ***\n\n',
      );
  });

  test('installs with the list as it is', async () => {
    const { code, stderr } = await dryRun(manifest.allowScripts);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('refuses a package whose script is not on the list', async () => {
    if (!knowsScripts && process.env['CI'] === undefined) return;
    const { node: _left, ...rest } = manifest.allowScripts;
    const { code, stderr } = await dryRun(rest);
    expect(code).toBe(1);
    expect(stderr).toContain('node@');
    expect(stderr).toContain('not covered by allowScripts');
  });
});

test('the bill of materials names every package that users get, in its version, and no other', async () => {
  const { stdout } = await run('npm', ['run', '--silent', 'sbom'], {
    cwd: root,
    maxBuffer: 16 * 1_024 * 1_024,
  });
  const bill = z
    .object({
      bomFormat: z.literal('CycloneDX'),
      components: z.array(z.object({ purl: z.string() })),
    })
    .parse(JSON.parse(stdout));
  const production = installed.filter(([, { dev, devOptional }]) => dev !== true && devOptional !== true);
  const named = new Set(bill.components.map(({ purl }) => decodeURIComponent(purl)));
  const needed = production.filter(([, { optional }]) => optional !== true);
  expect(needed.length).toBeGreaterThan(200);
  for (const [place, { version }] of needed)
    expect(named).toContain(`pkg:npm/${nameOf(place)}@${String(version)}`);
  const possible = new Set(
    production.map(([place, { version }]) => `pkg:npm/${nameOf(place)}@${String(version)}`),
  );
  expect([...named].filter((purl) => !possible.has(purl))).toEqual([]);
});

const permissions = z.union([z.string(), z.record(z.string(), z.string())]);
const workflowSchema = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions,
  jobs: z.record(
    z.string(),
    z.object({
      permissions: permissions.optional(),
      'timeout-minutes': z.int(),
      steps: z.array(
        z.object({
          uses: z.string().optional(),
          run: z.string().optional(),
          with: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    }),
  ),
});

/** npm itself, and a package that was made before, whose scripts are left alone. */
const publishing = new Set([
  'npm install --global npm@11.19.1',
  'npm publish ./package/*.tgz --provenance --access public --ignore-scripts',
]);

const workflowDir = path.join(root, '.github', 'workflows');
const workflows = await Promise.all(
  (await readdir(workflowDir)).map(async (file) => {
    const text = await readFile(path.join(workflowDir, file), 'utf8');
    return { file, text, workflow: workflowSchema.parse(parse(text)) };
  }),
);

describe.each(workflows)('workflow $file', ({ text, workflow }) => {
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps);

  test('names each action by its commit, with the version beside it', () => {
    const uses = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gmu)].map(([, action]) => action);
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses) expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/u);
  });

  test('may write nothing, but for jobs that say what', () => {
    expect(writes(workflow.permissions)).toEqual([]);
    for (const [, job] of jobs) {
      if (writes(job.permissions ?? {}).every((scope) => scope === 'security-events')) continue;
      // What may write to the repository, or sign in its name, runs neither our code nor our dependencies'.
      for (const step of job.steps) {
        expect(step.uses ?? '').not.toMatch(/checkout|setup-node/u);
        const command = publishing.has(step.run ?? '') ? '' : (step.run ?? '');
        expect(command).not.toMatch(/npm|node|npx|bash|docker build/u);
      }
    }
  });

  test('leaves no token behind, and puts no text of others into a command', () => {
    const checkouts = steps.filter(({ uses = '' }) => uses.startsWith('actions/checkout@'));
    for (const { with: inputs } of checkouts) expect(inputs?.['persist-credentials']).toBe(false);
    for (const { run: command = '' } of steps) expect(command).not.toContain('${{');
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
  });
});

function writes(granted: z.infer<typeof permissions>): string[] {
  if (typeof granted === 'string') return granted.includes('write') ? [granted] : [];
  return Object.entries(granted).flatMap(([scope, level]) => (level === 'write' ? [scope] : []));
}

test('code and dependencies are looked at by CodeQL and the dependency review, a release is signed', () => {
  const used = workflows.flatMap(({ file, workflow }) =>
    Object.values(workflow.jobs).flatMap(({ steps }) =>
      steps.flatMap(({ uses, with: inputs }) =>
        uses === undefined
          ? []
          : [`${file} ${uses.split('@')[0] ?? ''} ${Object.keys(inputs ?? {}).join(' ')}`],
      ),
    ),
  );
  expect(used).toEqual(
    expect.arrayContaining([
      'security.yml github/codeql-action/init languages build-mode queries',
      'security.yml github/codeql-action/analyze category',
      'security.yml actions/dependency-review-action fail-on-severity fail-on-scopes',
      'release.yml actions/attest subject-name subject-digest push-to-registry',
      'release.yml actions/attest subject-path',
      'release.yml actions/attest subject-path sbom-path',
    ]),
  );
});
