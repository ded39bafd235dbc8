import { expect, it } from 'vitest';
import { graphView } from '../../../sandbox/page/component-graph.ts';
import type { SeenComponents } from '../../../sandbox/page/port.ts';

const seen: SeenComponents = {
  environment: 'staging',
  types: { 'web-1': 'cloud-run', db: 'cloud-sql', region: 'google-region' },
  graph: {
    outgoing: new Map([
      [
        'web-1',
        [
          { from: 'web-1', to: 'db', kind: 'depends_on', evidence: [] },
          { from: 'web-1', to: 'region', kind: 'located', evidence: [] },
        ],
      ],
      ['db', []],
      ['region', []],
    ]),
    journeys: new Map(),
  },
  takenAt: '2025-09-15T18:05:09Z',
  states: {
    'web-1': { state: 'failing', evidence: ['E1'], why: '5xx 3/9 <script>' },
    db: { state: 'healthy', evidence: ['E2'], why: '12/100 connections' },
  },
};

it('the states as a flowchart, with a mark beside the colour, and the region in the table only', () => {
  const { source, summary } = graphView(seen);
  const lines = source.split('\n').filter((line) => !/^%%| classDef /u.test(line));
  expect(lines).toEqual([
    'flowchart LR',
    ' accTitle: Components#44; their states and what each needs',
    ' n0["#10005; web#45;1"]',
    ' n1["#10003; db"]',
    ' n2["#63; region"]',
    ' n0 --> n1',
    ' class n0 failing',
    ' class n2 unknown',
    ' class n1 healthy',
  ]);
  expect(summary).toBe('1 failing, 1 healthy · read at 18:05:09 UTC');
});

it('the same as a table, with foreign words as text', () => {
  const { html } = graphView(seen);
  expect(html).toContain('needs db, region');
  expect(html).toContain('5xx 3/9 &lt;script&gt;');
  expect(html.match(/<tr>/gu)).toHaveLength(4);
});

it('what was never read, and what has no configuration, is said', () => {
  const never = graphView({ ...seen, takenAt: null, states: {} });
  expect(never.summary).toBe('Nothing has been read yet. /status reads it.');
  expect(never.html).toContain('not read yet');
  expect(graphView(null)).toMatchObject({ source: '', summary: expect.stringContaining('cannot be read') });
});
