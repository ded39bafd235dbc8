import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openStage, type Stage } from '../../sandbox/stage.ts';

let stage: Stage;
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sitrep-stage-'));
  await cp(join(import.meta.dirname, '../../sandbox/scenarios/healthy'), dir, { recursive: true });
  stage = await openStage(dir, pino({ level: 'silent' }));
});
afterEach(async () => {
  await stage.close();
  await rm(dir, { recursive: true });
});

it('plays a directory beside the scenarios that come along, and refuses what is none of them', () => {
  expect(stage.scenarios[0]).toEqual({ name: dir, title: 'A false alarm, everything healthy' });
  expect(stage.scenarios.length).toBeGreaterThan(21);
  expect(() => stage.open('../../etc')).toThrow('There is no scenario "../../etc".');
  expect(stage.opening()).toBeNull();
});

it('changes the scenario in two steps that can be followed, one change at a time', async () => {
  const steps: string[] = [];
  stage.onChange(() => steps.push(`${stage.scene().name} ${stage.opening()?.step ?? 'open'}`));
  const before = stage.scene();
  stage.open('crash-on-start');
  expect(() => stage.open('healthy')).toThrow('is being opened; wait for it');
  await vi.waitFor(() => expect(stage.opening()).toBeNull(), { timeout: 20_000 });
  expect(steps).toEqual([
    `${dir} 1 of 2: starting its stand-ins and the app`,
    'crash-on-start 2 of 2: ending the scenario before',
    'crash-on-start open',
  ]);
  await expect(fetch(before.sandbox.github.url)).rejects.toThrow('fetch failed');
  expect(stage.scene().scenario.focus).toBe(13);
});

it('keeps what is played where the next one cannot be opened, and says why', async () => {
  await stage.scene().github.comment('alice', stage.scene().focus, 'still here');
  await writeFile(join(dir, 'scenario.yml'), 'title: [');
  const before = stage.scene();
  stage.open(dir);
  await vi.waitFor(() => expect(stage.opening()).toBeNull());
  expect(stage.failure()).toMatch(/cannot be opened: .*Correct the YAML/su);
  expect(stage.scene()).toBe(before);
  expect(stage.scene().github.thread(stage.scene().focus).at(-1)?.body).toBe('still here');
});

const asked = async (url: string, init?: RequestInit): Promise<number> => (await fetch(url, init)).status;

it('breaks the real stand-ins until they are mended', async () => {
  const { github, google } = stage.scene().sandbox;
  const { faults } = stage.scene();
  const log = `${google.url}/v2/entries:list`;
  const comments = `${github.url}/api/v3/repos/o/r/issues/${String(stage.scene().focus)}/comments`;
  const healthy = [await asked(log, { method: 'POST' }), await asked(comments, { method: 'POST' })];
  faults.set('logging', 'html-502');
  faults.set('comments', 'unavailable');
  expect([await asked(log, { method: 'POST' }), await asked(comments, { method: 'POST' })]).toEqual([
    502, 503,
  ]);
  expect([await asked(log, { method: 'POST' }), await asked(comments, { method: 'POST' })]).toEqual([
    502, 503,
  ]);
  expect(await asked(comments)).not.toBe(503);
  faults.set('logging', null);
  faults.set('comments', null);
  expect([await asked(log, { method: 'POST' }), await asked(comments, { method: 'POST' })]).toEqual(healthy);
  expect(faults.list().map(({ failing }) => failing)).toEqual([null, null, null, null, null]);
});
