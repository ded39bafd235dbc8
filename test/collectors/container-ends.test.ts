import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containerEnd, containerEnds } from '../../src/collectors/container-ends.ts';
import type { LogEntry } from '../../src/collectors/log-entry.schema.ts';

const entry = (message: string, revision: string | null = 'web-2', at = '2025-03-10T11:00:00.000Z') => ({
  id: `${at} ${message}`,
  at,
  severity: 'WARNING',
  service: 'web',
  revision,
  system: true,
  message,
});

const counts = (lines: [string, string | null][]) =>
  containerEnds(lines.map((one): LogEntry => entry(...one))).map(({ name, entries, sample }) => [
    name,
    entries[0]?.revision,
    entries.length,
    sample,
  ]);

describe('the end of a container', () => {
  const table: [message: string, name: string | null][] = [
    ['Container terminated on signal 9.', 'terminated.9'],
    ['Container terminated on signal 11', 'terminated.11'],
    ['Container terminated on signal 015.', 'terminated.15'],
    ['Memory limit of 512 MiB exceeded with 534 MiB used. Consider increasing the limit', 'memory.exceeded'],
    ['Memory limit of 16384 MiB exceeded with 17002 MiB used', 'memory.exceeded'],
    ['Memory limit of 1 GiB exceeded with 1.2 GiB used.', 'memory.exceeded'],
    ['Container called exit(3).', null],
    ['worker: Container terminated on signal 9', null],
    ['Memory limit of 512 MiB is set', null],
    ['Container terminated on signal KILL', null],
    ['', null],
  ];

  it.each(table)('%s', (message, name) => {
    expect(containerEnd({ system: true, message })?.name ?? null).toBe(name);
  });

  it('is none where the application only writes so', () => {
    expect(containerEnd({ system: false, message: 'Container terminated on signal 9.' })).toBeNull();
  });

  it('is counted by kind and revision, with the memory limit that was exceeded most', () => {
    const found = containerEnds([
      entry('Memory limit of 512 MiB exceeded with 513 MiB used.'),
      entry('Memory limit of 512 MiB exceeded with 1024 MiB used.'),
      entry('Memory limit of 512 MiB exceeded with 600 MiB used.', 'web-1'),
      entry('Container terminated on signal 9.'),
      entry('Container terminated on signal 9.', null),
      entry('Starting new instance.'),
    ]);
    expect(
      found.map(({ name, entries, sample }) => [name, entries[0]?.revision, entries.length, sample]),
    ).toEqual([
      ['memory.exceeded', 'web-1', 1, 'Memory limit of 512 MiB exceeded with 600 MiB used.'],
      ['memory.exceeded', 'web-2', 2, 'Memory limit of 512 MiB exceeded with 1024 MiB used.'],
      ['terminated.9', 'web-2', 1, 'Container terminated on signal 9.'],
      ['terminated.9', null, 1, 'Container terminated on signal 9.'],
    ]);
  });

  it('is counted alike in whatever order the entries come, and each entry at most once', () => {
    const line = fc.oneof(
      fc.string(),
      fc.nat(40).map((number) => `Container terminated on signal ${number}.`),
      fc.nat(9_000).map((used) => `Memory limit of 512 MiB exceeded with ${used} MiB used.`),
    );
    const some = fc.array(fc.tuple(line, fc.constantFrom(null, 'web-1', 'web-2')), { maxLength: 12 });
    fc.assert(
      fc.property(
        some.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(counts(shuffled)).toEqual(counts(all));
          const total = counts(all).reduce((sum, [, , count]) => sum + Number(count), 0);
          expect(total).toBeLessThanOrEqual(all.length);
        },
      ),
    );
  });
});
