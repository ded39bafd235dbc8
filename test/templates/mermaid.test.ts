import { describe, expect, test } from 'vitest';
import type { ColumnChart, Diagram, Schedule } from '../../src/core/diagram.ts';
import { cite, code, issue, join, link, mention, prose, say } from '../../src/core/text.ts';
import { mermaidLabel } from '../../src/templates/mermaid-label.ts';
import { mermaidFence } from '../../src/templates/mermaid.ts';
import { hostileLabels } from './hostile-labels.ts';
import { columnsOf } from './mermaid-source.ts';

const sourceOf = (diagram: Diagram): string =>
  (mermaidFence(diagram) ?? '').split('\n').slice(1, -1).join('\n');

test('there are at least sixty texts that mean something to Mermaid', () => {
  expect(new Set(hostileLabels).size).toBeGreaterThanOrEqual(60);
});

describe('a label', () => {
  test.each([
    ['is words as they are', say`golden path`, 'golden path'],
    ['has all signs encoded', say`api, 5 %`, 'api#44; 5 #37;'],
    ['has underscores encoded, which Markdown reads', '_x_', '#95;x#95;'],
    ['keeps letters of all scripts', 'Größe 日本', 'Größe 日本'],
    ['has no bold', say`**now** ${code('a-b')}`, 'now a#45;b'],
    ['has no code spans of others', say`${prose('`db` is down')}`, 'db is down'],
    ['mentions nobody', say`${mention('alice')} in ${issue(12)}`, 'alice in #35;12'],
    ['links nowhere', say`${link('page', 'https://x.example/')}`, 'page'],
    ['joins', say`${join([code('a'), 3, cite(['E2', 'E1'])], say` + `)}`, 'a #43; 3 #43; E1#44; E2'],
    ['is one line', 'a\n\n  b', 'a b'],
    ['says that it is empty', '\u200b', '#40;empty#41;'],
    ['holds no secret', 'password=hunter22', 'password#61;#91;redacted#93;'],
    ['is cut', 'x'.repeat(500), `${'x'.repeat(119)}#8230;`],
  ])('%s', (_what, words, expected) => {
    expect(mermaidLabel(words)).toBe(expected);
  });
});

function node(place: number, line = 'x') {
  return { id: String(place), lines: [line], tone: 'plain', shape: 'box', marked: false } as const;
}

describe('what cannot be drawn is left out whole', () => {
  const chart: ColumnChart = {
    as: 'columns',
    title: say`a`,
    unit: say`s`,
    highest: 1,
    colour: 'time',
    columns: [{ value: 1, words: null }],
  };
  const flow = { as: 'flowchart', direction: 'down', title: say`a`, nodes: [], edges: [] } as const;
  test.each<[what: string, diagram: Diagram]>([
    ['a chart without columns', { ...chart, columns: [] }],
    ['a chart in which nothing is known', { ...chart, columns: [{ value: null, words: null }] }],
    ['no number', { ...chart, columns: [{ value: Number.NaN, words: null }] }],
    ['no end', { ...chart, highest: Number.POSITIVE_INFINITY }],
    ['less than nothing', { ...chart, columns: [{ value: -1, words: null }] }],
    ['a graph of nothing', flow],
    [
      'more than GitHub draws',
      { ...flow, nodes: Array.from({ length: 500 }, (_, place) => node(place, '!'.repeat(120))) },
    ],
    [
      'more arrows than GitHub draws',
      {
        ...flow,
        nodes: [node(0), node(1)],
        edges: Array.from({ length: 501 }, () => ({ from: '0', to: '1', line: 'solid', words: null })),
      },
    ],
    ['a schedule of nothing', { as: 'schedule', title: say`a`, groups: [] }],
  ])('%s', (_what, diagram) => {
    expect(mermaidFence(diagram)).toBeNull();
  });

  test('an arrow to what is not there', () => {
    const source = sourceOf({
      ...flow,
      nodes: [node(0)],
      edges: [{ from: '0', to: '9', line: 'solid', words: null }],
    });
    expect(source).not.toContain('--');
  });
});

test('figures have no exponent, and a hole is no zero', () => {
  const values = [0, 0.0004, 1_234_567.891, null, 1e-9];
  const source = sourceOf({
    as: 'columns',
    title: say`a`,
    unit: say`s`,
    highest: 1_234_567.891,
    colour: 'time',
    columns: values.map((value) => ({ value, words: null })),
  });
  expect(source).toContain('bar [0, 0, 1234567.891, -1234567.891, 0]');
  expect(columnsOf(source)).toEqual([0, 0, 1_234_567.891, null, 0]);
});

function schedule(minutes: number): Schedule {
  return {
    as: 'schedule',
    title: say`a`,
    groups: [
      [
        { words: 'x', from: '2025-09-15T17:00:40.000Z', to: '2025-09-15T17:00:40.000Z', tone: 'plain' },
        {
          words: 'y',
          from: '2025-09-15T17:00:40.000Z',
          to: new Date(Date.parse('2025-09-15T17:00:40Z') + minutes * 60_000).toISOString(),
          tone: 'failing',
        },
      ],
    ],
  };
}

describe('the lines of time of a schedule are few', () => {
  test.each([
    [10, '5minute', '%H:%M'],
    [60, '15minute', '%H:%M'],
    [61, '30minute', '%H:%M'],
    [441, '2hour', '%H:%M'],
    [2_000, '12hour', '%H:%M'],
    [3_000, '1day', '%d %b'],
    [20_000, '4day', '%d %b'],
  ])('over %i min one each %s', (minutes, interval, format) => {
    const source = sourceOf(schedule(minutes));
    expect(source).toContain(`tickInterval ${interval}\n`);
    expect(source).toContain(`axisFormat ${format}\n`);
  });

  test('a moment is a milestone, a stretch has its times, and what is shorter than a minute is a minute long', () => {
    expect(sourceOf(schedule(10))).toContain(
      '#120; :milestone, 2025-09-15 17:00, 0m\n #121; :crit, 2025-09-15 17:00, 2025-09-15 17:10',
    );
    expect(sourceOf(schedule(0.1))).toContain('#121; :crit, 2025-09-15 17:00, 1m');
  });
});
