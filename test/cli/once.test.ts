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

  test('the steps are told on the error stream, and below each what it caused', () => {
    const lines = first.err.trimEnd().split('\n');
    expect(lines.filter((line) => /^\d\/7 /u.test(line))).toEqual([
      '1/7 carol writes /status',
      '2/7 mallory writes /status',
      '3/7 bob writes /deploy staging',
      '4/7 carol writes /sitrep statu',
      '5/7 the clock moves on by 30m',
      '6/7 alice writes /status',
      '7/7 the clock moves on by 40m',
    ]);
    for (const [step, next] of [
      [1, 2],
      [6, 7],
    ] as const) {
      const below = between(lines, `${String(step)}/7`, `${String(next)}/7`);
      expect(below).toContainEqual(expect.stringMatching(/^ {2}✓ cloud-run-metrics 3\/3 · \d+ ms$/u));
      expect(below.at(-1)).toMatch(/^ {2}\d+\/\d+ reads OK · \d+\.\d s · /u);
      const sources = below.flatMap((line) => /^ {2}[✓!✗] (\S+)/u.exec(line)?.[1] ?? []);
      expect(sources).toHaveLength(new Set(sources).size);
    }
    for (const step of [2, 3, 4])
      expect(between(lines, `${String(step)}/7`, `${String(step + 1)}/7`)).toEqual([]);
    expect(first.err).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  test('a long wait shows the time that its clock has reached and counts what was read, in a few lines', () => {
    const lines = first.err.trimEnd().split('\n');
    const wait = between(lines, '7/7', 'the end');
    expect(wait.map((line) => line.split(' · ').slice(0, 2).join(' · '))).toEqual([
      '  18:45 UTC · 10 samples, 1 look',
      '  18:55 UTC · 20 samples, 2 looks',
      '  19:05 UTC · 30 samples, 3 looks',
      '  19:15 UTC · 40 samples, 4 looks',
    ]);
    expect(wait.at(-1)).toMatch(/ looks · 262\/262 reads OK · \d+\.\d s · no gaps$/u);
  });

  test('at the end: what the whole came to', () => {
    const { snapshot } = played.parse(JSON.parse(first.out));
    expect(first.err.trimEnd().split('\n').at(-1)).toMatch(
      /^\d+ looks, 70 samples · (\d+)\/\1 reads OK · \d+\.\d s · no gaps$/u,
    );
    expect(snapshot.gaps).toEqual([]);
  });
});

/** The lines after the one that begins with `from`, up to the one that begins with `to`, or the last. */
function between(lines: readonly string[], from: string, to: string): string[] {
  const start = lines.findIndex((line) => line.startsWith(from));
  const end = lines.findIndex((line, index) => index > start && line.startsWith(to));
  return lines.slice(start + 1, end === -1 ? -1 : end);
}

test('without --json: the thread as Markdown', async () => {
  const { code, out } = await sitrep(['sandbox', '--once', '--scenario', 'crash-on-start']);
  expect(code).toBe(0);
  expect(out).toMatch(/^# .* \(#\d+\)\n\nLabels: /u);
  expect(out).toMatch(/\n---\n\n\*\*sitrep\[bot\]\*\* · \d{4}-\d{2}-\d{2}T[\d:]+Z\n\n### /u);
  expect(out).toMatch(/ · 👀 🚀\n/u);
});
