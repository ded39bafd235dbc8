import { expect, test } from 'vitest';
import { commands } from '../../src/commands/list.ts';
import { commandLines } from '../../src/core/command-lines.ts';
import { meantLines } from '../../src/core/meant.ts';

test.each<[written: string, meant: string[]]>([
  ['/sitrep acton add x', ['/sitrep action add x']],
  ['/sitrep statsu', ['/status']],
  ['/sitrep P1', ['/sitrep severity P1']],
  ['/sitrep p1', ['/sitrep severity P1']],
  ['/sitrep monitoring', ['/sitrep stage monitoring']],
  ['/sitrep montoring', ['/sitrep stage monitoring']],
  ['/sitrep done 2', ['/sitrep action done 2']],
  ['/sitrep refute config-drift', ['/sitrep why refute config-drift']],
  ['/sitrep add x', ['/sitrep why add x', '/sitrep action add x']],
  ['/sitrep stage montoring', ['/sitrep stage monitoring']],
  ['/sitrep why reufte config-drift', ['/sitrep why refute config-drift']],
  ['/sitrep severityP1', ['/sitrep severity P1']],
  ['/sitrep lead@alice', ['/sitrep lead @alice']],
  ['/sitrep regression#1263', ['/sitrep regression #1263']],
  ['/sitrep weather', []],
  ['/sitrep stage weather', []],
  ['/sitrep stage', []],
])('%s', (written, meant) => {
  const [line] = commandLines(written);
  expect(line === undefined ? null : meantLines(line, commands)).toEqual(meant);
});
