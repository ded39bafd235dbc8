import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { diagnosisSchema } from '../../src/core/diagnosis.ts';
import { snapshotSchema } from '../../src/core/snapshot.ts';
import { sitrep, type Run } from './run.ts';

/** `sitrep sandbox --once`: what a person and a machine get of it. */

const comment = z.object({ author: z.string(), body: z.string(), kind: z.string() });
const played = z.object({
  thread: z.array(comment),
  labels: z.array(z.string()),
  diagnosis: diagnosisSchema,
  snapshot: snapshotSchema,
});

describe('connector-saturated', () => {
  let first: Run;
  let second: Run;
  beforeAll(async () => {
    first = await sitrep(['sandbox', '--once', '--json']);
    second = await sitrep(['sandbox', '--once', '--json']);
  }, 240_000); // seventy minutes each, with a sample of every one

  test('two plays give the same, byte for byte', () => {
    expect(first.code).toBe(0);
    expect(second.out).toBe(first.out);
  });

  test('--json prints exactly one object: thread, labels, diagnosis, snapshot', () => {
    const object: unknown = JSON.parse(first.out);
    expect(Object.keys(z.record(z.string(), z.unknown()).parse(object)).toSorted()).toEqual([
      'diagnosis',
      'labels',
      'snapshot',
      'thread',
    ]);
    expect(played.parse(object).labels).toContain('P0');
  });

  test('a comment’s kind is that of the update, and person for what people wrote', () => {
    const { thread } = played.parse(JSON.parse(first.out));
    expect(thread.slice(-14).map(({ author, kind }) => `${author}: ${kind}`)).toEqual([
      'carol: person',
      'sitrep[bot]: status',
      'sitrep[bot]: living',
      'mallory: person',
      'sitrep[bot]: refusal',
      'bob: person',
      'carol: person',
      'sitrep[bot]: refusal',
      'sitrep[bot]: notice',
      'sitrep[bot]: change',
      'alice: person',
      'sitrep[bot]: status',
      'sitrep[bot]: change',
      'sitrep[bot]: checkpoint',
    ]);
  });

  test('diagnosis and snapshot are those of the last update', () => {
    const { thread, snapshot, diagnosis } = played.parse(JSON.parse(first.out));
    expect(snapshot.takenAt).toMatch(/^2025-09-15T19:15:/u);
    const [before, last] = thread.slice(-2).map(({ body }) => body);
    expect(before).toContain('**18:55 UTC**');
    expect(snapshot.previous?.takenAt).toMatch(/^2025-09-15T18:55:/u);
    expect(last).toContain('**19:15 UTC · 2 h checkpoint**');
    for (const { question } of diagnosis.chain) expect(last).toContain(question);
  });

  test('the steps are told on the error stream', () => {
    expect(first.err.trimEnd().split('\n')[0]).toBe('1/7 carol writes /status');
  });
});

test('without --json: the thread as Markdown', async () => {
  const { code, out } = await sitrep(['sandbox', '--once', '--scenario', 'crash-on-start']);
  expect(code).toBe(0);
  expect(out).toMatch(/^# .* \(#\d+\)\n\nLabels: /u);
  expect(out).toMatch(/\n---\n\n\*\*sitrep\[bot\]\*\* · \d{4}-\d{2}-\d{2}T[\d:]+Z\n\n### /u);
  expect(out).toMatch(/ · 👀 🚀\n/u);
});
