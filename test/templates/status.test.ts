import { describe, expect, test } from 'vitest';
import { composeStatus, type StatusInput } from '../../src/core/compose.ts';
import { renderUpdate } from '../../src/templates/render.ts';
import { incident } from '../fixtures/status/incident.ts';
import { nodesOf, parseMarkdown } from './markdown-tree.ts';

const status = (changed: Partial<StatusInput> = {}, limit?: number): string =>
  renderUpdate(composeStatus({ ...incident, ...changed }), limit);

const problem = (line: number) => ({
  message: `components.a${line}: unknown key sevice`,
  line,
  column: 3,
  remedy: 'did you mean service?',
});

const pictures = (markdown: string): string[] => markdown.match(/^```mermaid[\s\S]*?^```$/gm) ?? [];
const lengthOf = (markdown: string): number => Array.from(markdown).length;

const aboveTheFold = (markdown: string): string[] => (markdown.split('\n\n')[0] ?? '').split('\n');

test('reads as an incident commander wants it', async () => {
  await expect(status()).toMatchFileSnapshot('./__snapshots__/status.md');
});

test('has at most twelve lines above the fold, even with errors in the configuration', () => {
  const lines = aboveTheFold(status({ configurationErrors: [problem(4), problem(9)] }));
  expect(lines.length).toBe(12);
  expect(lines.at(-1)).toContain('2 errors in `.github/sitrep.yml`');
});

test('lists every error in the configuration with its place and remedy', () => {
  const markdown = status({ configurationErrors: [problem(4), problem(9)] });
  expect(markdown).toContain('| `4:3` | components.a4: unknown key sevice | did you mean service? |');
  expect(markdown).toContain('| `9:3` |');
});

describe('a checkpoint says what it is, in the line that says when', () => {
  test.each<[what: string, kind: string, dueAt: string, missed: string[], says: string]>([
    ['on time', '2h', '2025-09-15T18:05:00Z', [], '18:05 UTC · 2 h checkpoint'],
    ['within a minute', '90m', '2025-09-15T18:04:30Z', [], '18:05 UTC · 90 min checkpoint'],
    ['late', '45s', '2025-09-15T18:03:00Z', [], '18:05 UTC · 45 s checkpoint, 2 min late'],
    [
      'the one before was missed',
      '4h',
      '2025-09-15T17:00:00Z',
      ['2h'],
      '18:05 UTC · 4 h checkpoint, 1 h 5 min late; 2 h was missed',
    ],
    [
      'on time, and earlier ones were missed',
      '8h',
      '2025-09-15T18:05:12Z',
      ['90m', '2h', '4h'],
      '18:05 UTC · 8 h checkpoint; 90 min, 2 h and 4 h were missed',
    ],
    [
      'of many that were missed three are named',
      '12h',
      '2025-09-15T18:05:12Z',
      ['1h', '2h', '4h', '8h', '10h'],
      '18:05 UTC · 12 h checkpoint; 1 h, 2 h, 4 h and 2 more were missed',
    ],
  ])('%s', (_what, kind, dueAt, missed, says) => {
    const lines = aboveTheFold(
      status({ checkpoint: { kind, dueAt, missed }, configurationErrors: [problem(4)] }),
    );
    expect(lines[1]).toMatch(`**${says}** · metrics to`);
    expect(lines.length).toBe(12);
  });
});

test('is the same text for the same input, whatever the order in which collectors answered', () => {
  const { snapshot } = incident;
  const shuffled = {
    ...snapshot,
    observations: snapshot.observations.toReversed(),
    gaps: snapshot.gaps.toReversed(),
    changes: snapshot.changes.toReversed(),
  };
  expect(status({ snapshot: shuffled })).toBe(status());
});

describe('an update that is too long', () => {
  const many = incident.snapshot.observations.slice(0, 1).flatMap((sample) =>
    Array.from({ length: 4_000 }, (_, index) => ({
      ...sample,
      id: `E${1_000 + index}`,
      signal: `env.SETTING_${index}`,
      value: 'x'.repeat(80),
    })),
  );
  const observations = [...incident.snapshot.observations, ...many];
  const long = { ...incident, snapshot: { ...incident.snapshot, observations } };

  test('loses rows of evidence, says how many, and keeps what is cited', () => {
    const markdown = renderUpdate(composeStatus(long));
    expect(Array.from(markdown).length).toBeLessThanOrEqual(60_000);
    expect(Array.from(markdown).length).toBeGreaterThan(59_000);
    const [, omitted] =
      /… and ([\d,]+) more, left out for length: `\/sitrep evidence all` posts the whole/.exec(markdown) ??
      [];
    const evidence = nodesOf(parseMarkdown(markdown), 'table').at(-1)?.children?.length ?? 0;
    expect(Number(omitted?.replaceAll(',', '')) + evidence - 1).toBe(observations.length);
    expect(markdown).toContain('| E64 | `auth` |');
    expect(aboveTheFold(markdown)).toEqual(aboveTheFold(status()));
  });

  test.each([15_000, 8_000, 6_000, 5_000])(
    'at %i characters still has every fold closed and every table whole',
    (limit) => {
      const markdown = renderUpdate(composeStatus(long), limit);
      expect(Array.from(markdown).length).toBeLessThanOrEqual(limit);
      expect(markdown.match(/<details>/g)?.length).toBe(markdown.match(/<\/details>/g)?.length);
      expect((markdown.match(/^```/gm)?.length ?? 0) % 2).toBe(0);
      for (const table of nodesOf(parseMarkdown(markdown), 'table')) {
        expect(new Set(table.children?.map((row) => row.children?.length)).size).toBe(1);
      }
    },
  );

  describe('loses a picture whole, before any row that it shows', () => {
    const whole = status();

    test.each(Array.from({ length: 30 }, (_, step) => Math.round(lengthOf(whole) * (1 - step / 60))))(
      'at %i characters',
      (limit) => {
        const markdown = status({}, limit);
        expect(lengthOf(markdown)).toBeLessThanOrEqual(limit);
        expect(markdown.match(/^```/gm)?.length).toBe(2 * (markdown.match(/^```[a-z]/gm)?.length ?? 0));
        expect(pictures(whole)).toEqual(expect.arrayContaining(pictures(markdown)));
        const parts = markdown.split('</details>');
        const cut = parts.filter((part) => part.includes('left out for length'));
        expect(cut.flatMap(pictures)).toEqual([]);
      },
    );
  });

  test('is refused where even its lines above the fold do not fit', () => {
    expect(() => status({}, 100)).toThrow('longer than 100 characters');
  });
});
