import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import { snapshotSchema, type Snapshot } from '../../src/core/snapshot.ts';
import { playScenario } from '../scenarios/play.ts';
import { evidenceOf, readAgain, snapshotIn, textsIn, withoutSignature } from './recorded.ts';
import { sitrep, type Run } from './run.ts';
import { openWorld, type World } from './world.ts';

/** `sitrep collect --record` against the stand-ins, and `sitrep sandbox --scenario` of what it wrote. */

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sitrep-recording-'));
});
afterAll(() => rm(dir, { recursive: true }));

function record(world: World, recording: string, ...args: string[]): Promise<Run> {
  const out = join(world.dir, 'snapshot.json');
  return sitrep(
    ['collect', '--config', world.config, '--out', out, '--record', recording, ...args],
    world.variables,
  );
}

const playedForm = z.object({
  thread: z.array(z.object({ author: z.string(), kind: z.string(), body: z.string() })),
  snapshot: snapshotSchema,
});

async function play(recording: string) {
  const { code, out, err } = await sitrep(['sandbox', '--scenario', recording, '--once', '--json']);
  return { code, err, ...playedForm.parse(JSON.parse(out)) };
}

describe.each(['connector-saturated', 'crash-on-start'])('a recording of %s', (name) => {
  let world: World;
  let recording: string;
  let run: Run;
  beforeAll(async () => {
    world = await openWorld(name);
    recording = join(dir, name);
    run = await record(world, recording);
  });
  afterAll(() => world.close());

  test('reads again as it was read: the same evidence, ids, values and times', async () => {
    const again = await readAgain(recording);
    expect(evidenceOf(again)).toEqual(evidenceOf(await snapshotIn(join(recording, 'snapshot.json'))));
    expect(again.observations.length).toBeGreaterThan(50);
  });

  test('is what was collected, but that all of it was read at one time', async () => {
    const { window, observations, ...collected } = await snapshotIn(join(world.dir, 'snapshot.json'));
    const kept = await snapshotIn(join(recording, 'snapshot.json'));
    expect(kept.takenAt).toBe(window.to);
    expect(kept.observations).toEqual(
      observations.map((one) => ({ ...withoutSignature(one), at: window.to })),
    );
    expect(kept.changes).toEqual(collected.changes);
  });

  test('is a scenario that passes its own expectation', async () => {
    const { snapshot, expected, refusals } = await playScenario(recording);
    expect(refusals).toEqual([]);
    expect(expected.figures.length).toBeGreaterThan(5);
    for (const { component, signal, value, revision } of expected.figures)
      expect(
        snapshot.observations.find(
          (one) =>
            one.component === component &&
            one.signal === signal &&
            (revision === undefined || one.revision === revision),
        )?.value,
      ).toBe(value);
  });

  test('is for its owner only, and says how large it is and what to look for', async () => {
    const files = await readdir(recording, { recursive: true, withFileTypes: true });
    const modes = await Promise.all(
      files.map(async (file) => [file.isFile(), (await stat(join(file.parentPath, file.name))).mode & 0o777]),
    );
    expect(new Set(modes.map(String))).toEqual(new Set(['true,384', 'false,448']));
    expect(run.err).toMatch(/^recorded in .*: \d+ files, \d+ kB; \d+ secrets taken out$/mu);
    expect(run.err).toMatch(/^look through .* before you share it/mu);
  });

  test('moves to another time as every scenario does: the command line reads it too', async () => {
    const again = await openWorld(recording);
    try {
      const { code } = await sitrep(
        ['collect', '--config', again.config, '--out', join(again.dir, 'again.json')],
        again.variables,
      );
      expect({ code, unrecorded: again.google.unrecorded, refusals: again.google.refusals }).toEqual({
        code: 0,
        unrecorded: [],
        refusals: [],
      });
      const before = await snapshotIn(join(recording, 'snapshot.json'));
      const after = await snapshotIn(join(again.dir, 'again.json'));
      expect(after.observations.length).toBe(before.observations.length);
    } finally {
      await again.close();
    }
  });
});

describe('what went wrong is played as it went', () => {
  let world: World;
  let recording: string;
  beforeAll(async () => {
    world = await openWorld('connector-saturated');
    recording = join(dir, 'faults');
    world.google.inject({ api: 'vpcaccess.googleapis.com', kind: 'denied' });
    world.google.inject({ api: 'logging.googleapis.com', kind: 'quota' });
    world.google.inject({ api: 'sqladmin.googleapis.com', path: '/instances/', kind: 'not-found' });
    world.google.inject({ api: 'sqladmin.googleapis.com', path: '/operations', kind: 'html-502' });
    world.google.inject({ api: 'run.googleapis.com', kind: 'lie' });
    world.google.inject({ api: 'run.googleapis.com', path: '/revisions', kind: 'hang' });
    const map = z.record(z.string(), z.string()).parse(JSON.parse(world.variables['SITREP_PROBE_MAP'] ?? ''));
    world.variables['SITREP_PROBE_MAP'] = JSON.stringify({
      ...map,
      'https://api.staging.netra.ai': 'http://127.0.0.1:9',
    });
    await record(world, recording);
  });
  afterAll(() => world.close());

  test('403, 404, 429, a proxy’s page, a false answer, no answer in time, no connection', async () => {
    const recorded = await snapshotIn(join(recording, 'snapshot.json'));
    expect(recorded.gaps.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['denied', 'quota', 'not-found', 'unavailable', 'invalid-response', 'timeout']),
    );
    const played = await readAgain(recording);
    expect(evidenceOf(played)).toEqual(evidenceOf(recorded));
  });

  test('no token: the gaps say so again', async () => {
    const without = join(dir, 'no-token');
    const other = await openWorld('crash-on-start');
    try {
      other.google.inject({ api: 'oauth2.googleapis.com', kind: 'no-token' });
      await record(other, without);
      const [recorded, again] = [await snapshotIn(join(without, 'snapshot.json')), await readAgain(without)];
      expect(new Set(again.gaps.map(({ reason }) => reason))).toEqual(new Set(['no-credentials']));
      expect(evidenceOf(again)).toEqual(evidenceOf(recorded));
    } finally {
      await other.close();
    }
  });
});

describe('what the recording does not have', () => {
  test('is refused and told; it is no empty list', async () => {
    const world = await openWorld('crash-on-start');
    const recording = join(dir, 'more');
    try {
      await record(world, recording);
    } finally {
      await world.close();
    }
    const file = join(recording, 'sitrep.yml');
    const configuration = z
      .looseObject({ components: z.record(z.string(), z.unknown()) })
      .parse(parse(await readFile(file, 'utf8')));
    configuration.components['link'] = { type: 'vpc-connector', name: 'link' };
    await writeFile(file, stringify(configuration));
    const { code, err, snapshot } = await play(recording);
    expect(code).toBe(0);
    expect(err).toContain('not in the recording: GET /v1/projects/shop-staging/locations/');
    expect(snapshot.gaps).toContainEqual(
      expect.objectContaining({
        component: 'link',
        reason: 'unavailable',
        detail: expect.stringContaining('The recording holds no answer to GET'),
      }),
    );
  });
});

/** What is measured as a number, in order. */
function numbersIn({ observations }: Snapshot) {
  return observations
    .filter(({ value }) => /^-?\d+(\.\d+)?$/u.test(value))
    .map(({ id, component, signal, value, unit }) => [id, component, signal.split('.')[0], value, unit]);
}

describe('--anonymous', () => {
  let world: World;
  let recording: string;
  let run: Run;
  beforeAll(async () => {
    world = await openWorld('connector-saturated');
    recording = join(dir, 'anonymous');
    run = await record(world, recording, '--anonymous');
  });
  afterAll(() => world.close());

  test('plays as it was read, with the new names', async () => {
    const played = await play(recording);
    expect(played.code).toBe(0);
    const [step, ...below] = played.err.trimEnd().split('\n');
    expect(step).toBe('1/1 recorder writes /status');
    // Nothing that the recording lacks is told among them.
    for (const line of below.slice(0, -1))
      expect(line).toMatch(/^ {2}(?:[✓!✗] \S+ \S+ · \d+ ms|\d+\/\d+ reads OK)/u);
    expect(below.at(-1)).toMatch(/^1 look · \d+\/\d+ reads OK · /u);
    expect(played.thread.map(({ kind }) => kind)).toEqual(['person', 'status', 'living']);
    expect(evidenceOf(played.snapshot)).toEqual(
      evidenceOf(await snapshotIn(join(recording, 'snapshot.json'))),
    );
  });

  test('says the same: every figure, and all in the same order', async () => {
    const [before, after] = [
      await snapshotIn(join(world.dir, 'snapshot.json')),
      await snapshotIn(join(recording, 'snapshot.json')),
    ];
    expect(numbersIn(after)).toEqual(numbersIn(before));
    expect(after.gaps.map(({ id, reason }) => [id, reason])).toEqual(
      before.gaps.map(({ id, reason }) => [id, reason]),
    );
  });

  test('leaves no name of a project, service, host, domain, person or address', async () => {
    const { configuration } = await loadScenario('connector-saturated');
    expect(configuration).toContain('netra');
    const original =
      /netra|staging-connector|staging-shared-postgres|staging-lb|10\.1\.0\.0|10\.68\.0\.3|\balice\b|\bbob@|\berin@/iu;
    const found = (await textsIn(recording)).flatMap(({ file, text }) => {
      const name = original.exec(`${file}\n${text}`)?.[0];
      return name === undefined ? [] : [`${name} in ${file}`];
    });
    expect(found).toEqual([]);
  });

  test('tells what it renamed, and how often', () => {
    expect(run.err).toMatch(/^renamed project netra-staging → project-[a-z], \d+ times$/mu);
    expect(run.err).toMatch(/^renamed service netra-backend-staging → service-b, \d+ times$/mu);
    expect(run.err).toMatch(/^renamed host api\.staging\.netra\.ai → host-[a-z]\.example, \d+ times$/mu);
    expect(run.err).toMatch(/^renamed person alice → person-[a-z], \d+ times$/mu);
  });

  test('its configuration is sound', async () => {
    const { code, out } = await sitrep(['check', join(recording, 'sitrep.yml')]);
    expect({ code, out: out.includes('unknown') }).toEqual({ code: 0, out: false });
  });
});

describe('--rename', () => {
  test('names as they are given, everywhere', async () => {
    const world = await openWorld('crash-on-start');
    try {
      const names = join(world.dir, 'names.yml');
      await writeFile(
        names,
        'shop-staging: market\ncheckout.shop.example: pay.market.example\nnever: used\n',
      );
      const recording = join(dir, 'renamed');
      const { code, err } = await record(world, recording, '--rename', names);
      expect(code).toBe(0);
      expect(err).toMatch(/^renamed given shop-staging → market, \d+ times$/mu);
      expect(err).toContain('never was not found\n');
      const texts = await textsIn(recording);
      expect(texts.filter(({ text }) => /shop-staging|checkout\.shop\.example/u.test(text))).toEqual([]);
      expect(evidenceOf(await readAgain(recording))).toEqual(
        evidenceOf(await snapshotIn(join(recording, 'snapshot.json'))),
      );
    } finally {
      await world.close();
    }
  });
});

function called(...args: string[]): Promise<Run> {
  return sitrep(['collect', '--config', 'docs/sitrep.example.yml', '--out', '-', ...args]);
}

describe('called wrongly', () => {
  test.each([['--anonymous'], ['--rename', 'names.yml']])('%s without --record', async (...args) => {
    const { code, err } = await called(...args);
    expect({ code, told: err.includes('need --record') }).toEqual({ code: 2, told: true });
  });

  test('a directory that holds something is left alone', async () => {
    const full = await mkdtemp(join(dir, 'full-'));
    await writeFile(join(full, 'letter.txt'), 'mine');
    const { code, err } = await called('--record', full);
    expect({ code, err }).toEqual({
      code: 1,
      err: `${full} is not empty; name a directory that is new or empty\n`,
    });
    expect(await readdir(full)).toEqual(['letter.txt']);
  });

  test('a list of names that is none', async () => {
    const names = join(dir, 'list.yml');
    await writeFile(names, '- shop\n- market\n');
    const { code, err } = await called('--record', join(dir, 'unused'), '--rename', names);
    expect({ code, err }).toEqual({
      code: 1,
      err: `${names} is no list of names and what stands for them; write one pair a line, for example netra-staging: shop-staging\n`,
    });
  });
});
