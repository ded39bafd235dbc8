import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { sitrep } from './run.ts';

/** The example of docs/diagnosis.md, as somebody would copy it: services that nothing reads, in a plain file. */

let configuration = '';
let snapshot = '';

beforeAll(async () => {
  const page = await readFile(new URL('../../docs/diagnosis.md', import.meta.url), 'utf8');
  const section = page.slice(page.indexOf('## Graphs of services'));
  configuration = /```yaml\n(.*?)```/su.exec(section)?.[1] ?? '';
  snapshot = /```json\n(.*?)```/su.exec(section)?.[1] ?? '';
});

async function filesOf(snapshotText: string): Promise<string[]> {
  const dir = await mkdtemp(join(tmpdir(), 'sitrep-services-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const [config, file] = [join(dir, 'sitrep.yml'), join(dir, 'snapshot.json')];
  await writeFile(config, configuration);
  await writeFile(file, snapshotText);
  return ['--config', config, '--snapshot', file];
}

test('diagnose --json walks to the service that is slower by itself', async () => {
  const { code, out, err } = await sitrep(['diagnose', ...(await filesOf(snapshot)), '--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { root, chain } = JSON.parse(out);
  expect(root).toEqual({ cause: 'unknown', component: 'db', verdict: 'unknown', located: 'probable' });
  expect(chain.map(({ cause }: { cause: { component: string } | null }) => cause?.component ?? null)).toEqual(
    ['web', 'cart', 'db', null],
  );
});

test('in words, the place and how well it is proven come first', async () => {
  const { out } = await sitrep(['diagnose', ...(await filesOf(snapshot))]);
  expect(out).toMatch(/^unknown: unknown \(db\), located: probable\n/u);
});

test('without the readings of the slow one it is named as what would decide', async () => {
  const parsed: { observations: { component: string }[] } = JSON.parse(snapshot);
  const observations = parsed.observations.filter(({ component }) => component !== 'db');
  const files = await filesOf(JSON.stringify({ ...parsed, observations }));
  const { out } = await sitrep(['diagnose', ...files, '--json']);
  const { root, missing } = JSON.parse(out);
  expect(root).toEqual({ cause: 'unknown', component: 'cart', verdict: 'unknown', located: 'unknown' });
  expect(missing[0].command).toContain('db: read latency, availability and requests');
});

test('the configuration passes the check', async () => {
  const [, config = ''] = await filesOf(snapshot);
  expect(await sitrep(['check', config])).toMatchObject({ code: 0 });
});
