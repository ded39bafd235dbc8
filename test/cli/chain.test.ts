import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diagnosisSchema, type Diagnosis } from '../../src/core/diagnosis.ts';
import { snapshotSchema, type Snapshot } from '../../src/core/snapshot.ts';
import { sitrep, type Run } from './run.ts';
import { openWorld, type World } from './world.ts';

/** collect → file → diagnose → render, with the stand-ins of Google and the endpoints by the machine's clock. */

let world: World;
let collected: Run;
let file = '';
let snapshot: Snapshot;

beforeAll(async () => {
  world = await openWorld('crash-on-start');
  file = join(world.dir, 'snapshot.json');
  collected = await sitrep(['collect', '--config', world.config, '--out', file], world.variables);
  snapshot = snapshotSchema.parse(JSON.parse(await readFile(file, 'utf8')));
});
afterAll(() => world.close());

function assess(...args: string[]): Promise<Run> {
  return sitrep([...args, '--config', world.config, '--snapshot', file]);
}

async function diagnosed(): Promise<Diagnosis> {
  return diagnosisSchema.parse(JSON.parse((await assess('diagnose', '--json')).out));
}

async function schemaOf(name: string): Promise<(shape: unknown) => boolean> {
  const text = await readFile(new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url), 'utf8');
  const schema: Record<string, unknown> = JSON.parse(text);
  return addFormats.default(new Ajv2020({ strict: false })).compile(schema);
}

describe('collect', () => {
  test('writes the snapshot, and tells on the error stream what has answered', () => {
    expect({ code: collected.code, out: collected.out }).toEqual({ code: 0, out: '' });
    expect(collected.err).toMatch(/^✓ cloud-run-services checkout · \d+ ms$/mu);
    expect(collected.err).toMatch(/^\d+\/\d+ reads OK · \d+\.\d s · .*gaps?.*\n$/mu);
    expect(snapshot.observations.length).toBeGreaterThan(20);
    expect(world.google.refusals).toEqual([]);
  });

  test('what it writes is valid by the JSON Schema, and a snapshot without its sources is not', async () => {
    const isSnapshot = await schemaOf('snapshot');
    expect(isSnapshot(snapshot)).toBe(true);
    expect(isSnapshot({ ...snapshot, laterField: 1 })).toBe(true);
    const bare = snapshot.observations.map(({ source, ...rest }) => ({ ...rest, from: source.api }));
    expect(isSnapshot({ ...snapshot, observations: bare })).toBe(false);
  });

  test('--out - writes it to standard output', async () => {
    const { code, out } = await sitrep(['collect', '--config', world.config, '--out', '-'], world.variables);
    expect(code).toBe(0);
    expect(snapshotSchema.parse(JSON.parse(out)).observations.length).toBeGreaterThan(20);
  });

  test('--at: metrics and logs of the hour before that time; what is read now is dated now', async () => {
    const at = new Date(Date.now() - 5 * 3_600_000);
    const before = Date.now();
    const args = ['collect', '--config', world.config, '--out', '-', '--at', at.toISOString()];
    const { code, out } = await sitrep(args, world.variables);
    const past = snapshotSchema.parse(JSON.parse(out));
    expect(code).toBe(0);
    expect(past.takenAt).toBe(at.toISOString());
    expect(past.window).toEqual({
      from: new Date(at.getTime() - 3_600_000).toISOString(),
      to: at.toISOString(),
    });
    const ends = past.observations.flatMap(({ window }) => (window === null ? [] : [Date.parse(window.to)]));
    expect(ends.length).toBeGreaterThan(0);
    expect(Math.max(...ends)).toBeLessThanOrEqual(at.getTime());
    expect(Math.min(...past.observations.map((one) => Date.parse(one.at)))).toBeGreaterThanOrEqual(before);
  });

  test('nothing at all could be read: 3, with the reason, the remedy, and the gaps in the file', async () => {
    const config = join(world.dir, 'services.yml');
    await writeFile(
      config,
      'version: 1\ngoogle_cloud: { project: shop, region: europe-west1 }\ncomponents:\n  api: { type: cloud-run, service: api }\n',
    );
    const out = join(world.dir, 'nothing.json');
    const { code, err } = await sitrep(['collect', '--config', config, '--out', out], {
      ...world.variables,
      SITREP_GCP_ENDPOINT: 'http://127.0.0.1:9',
    });
    expect(code).toBe(3);
    const { gaps } = snapshotSchema.parse(JSON.parse(await readFile(out, 'utf8')));
    expect(gaps.length).toBeGreaterThan(0);
    expect(err).toContain('nothing at all could be read');
    expect(err).toContain(gaps[0]?.remedy);
  });
});

describe('diagnose', () => {
  test('gives the same twice, by its JSON Schema', async () => {
    const [first, second] = await Promise.all([assess('diagnose', '--json'), assess('diagnose', '--json')]);
    expect(first).toEqual(second);
    expect(first).toMatchObject({ code: 0, err: '' });
    const isDiagnosis = await schemaOf('diagnosis');
    expect(isDiagnosis(JSON.parse(first.out))).toBe(true);
    expect(isDiagnosis({ ...(await diagnosed()), root: 'unknown' })).toBe(false);
  });

  test('names the root of the scenario', async () => {
    const { root } = await diagnosed();
    expect(root).toMatchObject({ cause: 'crash-on-start', component: 'checkout' });
  });

  test('in words: root, whys with their evidence, alternatives', async () => {
    const { chain, alternatives, changes, identities, classification, owner } = await diagnosed();
    const { out } = await assess('diagnose');
    expect(out).toContain(`\nClass: application (${classification?.why ?? ''})\n`);
    expect(out).toContain(`\nNext with: nobody (${owner?.why ?? ''})\n`);
    expect(out.split('\n', 1)[0]).toMatch(/^\w+: crash-on-start \(checkout\)$/u);
    for (const { question, evidence } of chain) {
      expect(out).toContain(question);
      for (const id of evidence) expect(out).toContain(id);
    }
    expect(identities).not.toEqual([]);
    for (const { component, canonical } of identities)
      expect(out).toContain(`${component}: ${canonical ?? ''}`);
    expect(changes).not.toEqual([]);
    for (const { at, component, what } of changes) expect(out).toContain(`${at} ${component}: ${what}`);
    for (const { cause, component, verdict } of alternatives)
      expect(out).toContain(`${verdict}: ${cause} (${component})`);
  });
});

test('render gives the same Markdown twice, with what the diagnosis says', async () => {
  const [first, second] = await Promise.all([
    assess('render', '--kind', 'status'),
    assess('render', '--kind', 'status'),
  ]);
  expect(first).toEqual(second);
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(first.out).toMatch(/^### /u);
  expect(first.out).toContain('checkout');
  for (const { question } of (await diagnosed()).chain) expect(first.out).toContain(question);
});

/** Renders a checkpoint of an incident that was declared so many hours before; of none, where that is null. */
async function renderAt(hours: number | null, kind = 'checkpoint', record: object[] = []): Promise<Run> {
  const incident = {
    repository: 'acme/shop',
    public: false,
    issue: 1,
    url: 'https://github.com/acme/shop/issues/1',
    title: 'Checkout is down',
    severity: null,
    stage: 'investigating',
    declaredAt: new Date(Date.parse(snapshot.takenAt) - (hours ?? 0) * 3_600_000).toISOString(),
    lead: null,
    regressionOf: 0,
  };
  const own = join(world.dir, 'incident.json');
  await writeFile(own, JSON.stringify({ ...snapshot, record, incident: hours === null ? null : incident }));
  return sitrep(['render', '--config', world.config, '--snapshot', own, '--kind', kind]);
}

describe('render --kind checkpoint', () => {
  test('is the update of the checkpoint that was due last', async () => {
    const { code, out, err } = await renderAt(4.5);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('4 h checkpoint, 30 min late');
  });

  test.each<[what: string, hours: number | null, told: string]>([
    ['before the first one', 1, 'no checkpoint was due by'],
    ['without an incident', null, 'the snapshot knows no incident'],
  ])('%s there is none', async (_, hours, told) => {
    const { code, out, err } = await renderAt(hours);
    expect({ code, out, told: err.startsWith(told) }).toEqual({ code: 1, out: '', told: true });
  });
});

const at = (minutes: number) => new Date(Date.parse('2025-09-15T17:00:00Z') + minutes * 60_000).toISOString();
const event = (minutes: number, by: string, body: object) => ({
  key: `${by} ${String(minutes)}`,
  at: at(minutes),
  recordedAt: at(minutes),
  by,
  url: null,
  body,
});

describe('render of what is told of an incident', () => {
  const record = [
    event(0, 'alice', { kind: 'declared', via: 'command', severity: 'P0' }),
    event(1, 'alice', { kind: 'lead', lead: 'alice' }),
    event(2, 'alice', {
      kind: 'escalated',
      rule: null,
      contact: 'platform',
      reason: 'it does not recover',
      paged: false,
    }),
    event(3, 'alice', { kind: 'handoff', to: 'bob' }),
  ];

  test.each<[kind: string, told: RegExp]>([
    ['declare', /^### .*declared/u],
    ['living', /^### /u],
    ['escalation', /^### ⏫ Escalation[^]*it does not recover/u],
    ['handoff', /^### 🤝 Handoff to `bob`[^]*`alice` hands over to @bob/u],
    ['resolution', /^### ⛔ P0 not resolved: .*@alice/u],
    ['timeline', /^### 🕑 Timeline[^]*Declared/u],
    ['postmortem', /^# Postmortem: #1, Checkout is down[^]*\*\*Led by:\*\* `alice`/u],
  ])('%s', async (kind, told) => {
    const { code, out, err } = await renderAt(1, kind, record);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(told);
  });

  test.each<[kind: string, hours: number | null, told: string]>([
    ['living', null, 'the snapshot knows no incident'],
    ['postmortem', null, 'the snapshot knows no incident'],
    ['handoff', 1, 'the record of the snapshot knows no handoff'],
    ['escalation', 1, 'nothing was escalated by'],
    ['resolution', 1, 'the record of the snapshot knows nobody'],
  ])('%s there is none of what the snapshot does not know', async (kind, hours, told) => {
    const { code, out, err } = await renderAt(hours, kind);
    expect({ code, out, told: err.startsWith(told) }).toEqual({ code: 1, out: '', told: true });
  });
});
